/** Checks the settings of a deployment, and finds out what they need of the account. */
import { type ChosenAdapter, NO_ADAPTER, withAdapter } from '../../functions/settings.ts';
import { admitsEverybody, isConfirmed } from '../../lib/config/auth/everybody.ts';
import { type AuthSettings, schemeNameOf } from '../../lib/config/auth/index.ts';
import { checked } from '../../lib/config/issues.ts';
import { secretsIn } from '../../lib/config/secret.ts';
import { fileSettings, NOT_IN_FILE } from '../../lib/config/service.ts';
import { warningsOf } from '../../lib/config/warnings.ts';
import type { Needs } from '../stack/stack.ts';

/** The outcome of a check. */
interface CheckedFile extends Needs {
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

/** The settings that a file may have, and a line for each that it must not have. */
function takenApart(input: unknown): { readonly rest: unknown; readonly lines: readonly string[] } {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return { rest: input, lines: [] };
  const isMisplaced = (key: string): key is keyof typeof NOT_IN_FILE => Object.hasOwn(NOT_IN_FILE, key);
  return {
    rest: Object.fromEntries(Object.entries(input).filter(([key]) => !isMisplaced(key))),
    lines: Object.keys(input).flatMap((key) => (isMisplaced(key) ? `${key}: ${NOT_IN_FILE[key]}` : [])),
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
  const { rest, lines } = takenApart(input);
  const service = checked(fileSettings(), rest);
  const warnings = 'value' in service ? warningsOf(service.value.auth) : [];
  const notYet = 'value' in service ? unconfirmedIn(service.value.auth) : [];
  if ('value' in service && service.value.adapter.name === NO_ADAPTER)
    return { lines, warnings, ...NONE, notYet: [NO_CLOUD, ...notYet] };
  const result = await withAdapter(rest, service, false);
  if ('lines' in result) return { lines: [...lines, ...result.lines], warnings, ...NONE, notYet };
  return { lines, warnings, ...needsOf(result.value.adapter, result.value.service.auth), notYet };
}
