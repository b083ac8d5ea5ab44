/** Checks the settings of a deployment, and finds out what they need of the account. */
import { type ChosenAdapter, NO_ADAPTER, withAdapter } from '../../functions/settings.ts';
import { admitsEverybody, isConfirmed } from '../../lib/config/auth/everybody.ts';
import { type AuthSettings, schemeNameOf } from '../../lib/config/auth/index.ts';
import { checked } from '../../lib/config/issues.ts';
import { secretsIn } from '../../lib/config/secret.ts';
import { fileSettings, NOT_IN_FILE } from '../../lib/config/service.ts';
import { warningsOf } from '../../lib/config/warnings.ts';
import { type WrittenParameters, withParameters } from '../parameters/written.ts';
import type { Needs } from '../stack/stack.ts';

/** The outcome of a check. */
interface CheckedFile extends Needs {
  /** The settings, without the parameters of the deployment: what the functions read. */
  readonly settings: unknown;
  /** The parameters of the deployment, as they are written. */
  readonly parameters: WrittenParameters;
  /** One for each wrong setting. */
  readonly lines: readonly string[];
  /** One for each setting that is valid and yet dangerous. */
  readonly warnings: readonly string[];
  /** One for each reason why it can be packaged, but not deployed. */
  readonly notYet: readonly string[];
}

const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\//;

/** Every text within a value. */
const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();

/** What an adapter and auth schemes with these settings need; the roles among them are recognised by their form. */
function needsOf({ module, settings }: ChosenAdapter, auth: AuthSettings): Needs {
  const references = secretsIn([settings, auth]).flatMap(({ secret }) => secret.reference ?? []);
  return {
    secrets: {
      parameters: sorted(references.flatMap((one) => ('parameter' in one ? one.parameter : []))),
      secrets: sorted(references.flatMap((one) => ('secret' in one ? one.secret : []))),
    },
    roles: sorted(textsIn(settings).filter((text) => ROLE.test(text))),
    callLimit: module.callLimit?.(settings),
  };
}

const NONE: Needs = { secrets: { parameters: [], secrets: [] }, roles: [] };

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The parts of a file, and a line for each setting that it must not have. */
function takenApart(input: unknown) {
  if (!isMap(input)) return { rest: input, parameters: {}, lines: [] };
  const isMisplaced = (key: string): key is keyof typeof NOT_IN_FILE => Object.hasOwn(NOT_IN_FILE, key);
  const { deployment = {}, ...settings } = input;
  // A parameter without a value is off, as in serverless.yml.
  const parameters = isMap(deployment)
    ? Object.fromEntries(Object.entries(deployment).filter(([, value]) => value !== null))
    : {};
  const written = checked(withParameters, { deployment: isMap(deployment) ? parameters : deployment });
  const misplaced = Object.keys(settings).flatMap((key) => (isMisplaced(key) ? `${key}: ${NOT_IN_FILE[key]}` : []));
  return {
    rest: Object.fromEntries(Object.entries(settings).filter(([key]) => !isMisplaced(key))),
    parameters,
    lines: [...misplaced, ...('lines' in written ? written.lines : [])],
  };
}

/** The reason not to deploy a file that names no cloud. */
export const NO_CLOUD = 'adapter.name is not set: name the cloud before you deploy';

/** Entries that admit everybody whom an issuer knows, without the provider's confirmation. */
const unconfirmedIn = (auth: AuthSettings): readonly string[] =>
  auth.flatMap((entry, place) =>
    admitsEverybody(entry) && !isConfirmed(entry)
      ? `auth.${place}.${schemeNameOf(entry)} has no require: add rules, or confirm with everybody: true`
      : [],
  );

/** Checks the content of a file, and reports all errors at once. */
export async function checkFile(input: unknown): Promise<CheckedFile> {
  const { rest, parameters, lines } = takenApart(input);
  const parts = { settings: rest, parameters };
  const service = checked(fileSettings(), rest);
  const warnings = 'value' in service ? warningsOf(service.value.auth) : [];
  const notYet = 'value' in service ? unconfirmedIn(service.value.auth) : [];
  if ('value' in service && service.value.adapter.name === NO_ADAPTER)
    return { ...parts, lines, warnings, ...NONE, notYet: [NO_CLOUD, ...notYet] };
  const result = await withAdapter(rest, service, false);
  if ('lines' in result) return { ...parts, lines: [...lines, ...result.lines], warnings, ...NONE, notYet };
  return { ...parts, lines, warnings, ...needsOf(result.value.adapter, result.value.service.auth), notYet };
}
