/** Settings of the service together with those of the adapter that they name. */

import { ADAPTERS, type AdapterName, DEFAULT_ADAPTER } from '../adapters/index.ts';
import type { AdapterModule } from '../lib/adapter/module.ts';
import { oneOf } from '../lib/config/allowed.ts';
import { authIn, schemeNameOf } from '../lib/config/auth/index.ts';
import { keysMissingIn } from '../lib/config/auth/token-keys.ts';
import { type AuthSettings, checkedSettings, type Environment, inputFrom, type Settings } from '../lib/config/index.ts';
import { checked, described, WrongSettings, wrong } from '../lib/config/issues.ts';
import { descriptionAt, type Schema } from '../lib/config/schema.ts';
import { SECRET_RULE, secretsIn } from '../lib/config/secret.ts';
import { NOT_IN_FILE, serviceSettings } from '../lib/config/service.ts';

const NAMES = Object.keys(ADAPTERS) as readonly AdapterName[];
const AT_NAME = ['adapter', 'name'];
const AT_SETTINGS = ['adapter', 'settings'];

/** The name of the adapter in the file of a fresh clone. */
export const NO_ADAPTER = 'none';

const WRONG = 'The settings are wrong:';

const NOT_PLAIN =
  'must not be written out: keep it in Parameter Store and write { parameter: /name }, or in Secrets Manager and write ' +
  '{ secret: <whole ARN> }';

/** An adapter that the settings name. */
export interface ChosenAdapter {
  readonly module: AdapterModule<unknown>;
  /** Its settings, in which each secret is a `Secret`. */
  readonly settings: unknown;
}

/** An adapter as settings of the service name it. */
interface Named {
  readonly name: string;
  readonly settings: unknown;
}

/** The settings of the service that name an adapter. */
interface Parsed {
  readonly adapter: Named;
  readonly auth: AuthSettings;
}

/** The settings of the service that an adapter's are checked with. */
interface Around {
  readonly local: boolean;
  /** Absent when it is wrong itself. */
  readonly auth?: AuthSettings | undefined;
}

/** The error in the name of an adapter; undefined for one that exists. */
function nameLine(name: string): string | undefined {
  if (name === NO_ADAPTER) return `adapter.name: not set, choose one of ${NAMES.join(', ')}`;
  return Object.hasOwn(ADAPTERS, name) ? undefined : wrong(AT_NAME, name, oneOf(NAMES, name));
}

/** A value, or a line for each error. */
type Result<T> = { readonly value: T } | { readonly lines: readonly string[] };

/** The module of an adapter. Throws `WrongSettings` for a name that is not in the registry. */
export async function adapterModule(name: string): Promise<AdapterModule<unknown>> {
  const misnamed = nameLine(name);
  if (misnamed === undefined) return ADAPTERS[name as AdapterName]();
  throw new WrongSettings(WRONG, [described(misnamed, descriptionAt(serviceSettings, AT_NAME, {}))]);
}

/** Why an adapter does not take the callers of one of the schemes; undefined if it takes all. */
function unsupportedIn(auth: AuthSettings, { schemes }: Pick<AdapterModule<unknown>, 'schemes'>): string | undefined {
  const name = auth.map(schemeNameOf).find((one) => schemes[one] !== true);
  return name && `must not hold ${name}: ${schemes[name]}`;
}

const AT_AUTH = ['auth'];

/** The errors in auth schemes that only a deployment has. */
function deploymentLines(auth: AuthSettings): readonly string[] {
  const descriptionOf = (at: readonly string[]) => descriptionAt(serviceSettings, at, { auth });
  const plain = secretsIn(auth, AT_AUTH).filter(({ secret }) => secret.text !== undefined);
  return [
    ...plain.map(({ at }) => described(`${at.join('.')}: ${NOT_PLAIN}`, descriptionOf(at))),
    ...keysMissingIn(auth).map((place) => {
      const at = [...AT_AUTH, String(place), 'token', 'key'];
      return described(wrong(at, undefined, SECRET_RULE), descriptionOf(at));
    }),
  ];
}

/** An adapter with its settings. */
async function checkedAdapter({ name, settings }: Named, { local, auth }: Around): Promise<Result<ChosenAdapter>> {
  const module = await adapterModule(name).catch((error: unknown) => {
    if (error instanceof WrongSettings) return error;
    throw error;
  });
  if (module instanceof WrongSettings) return { lines: module.lines };
  const result = checked(module.settings, settings, AT_SETTINGS);
  if ('lines' in result) return result;
  const plain = secretsIn(result.value, AT_SETTINGS).filter(({ secret }) => !local && secret.text !== undefined);
  const refused = auth && (unsupportedIn(auth, module) ?? module.accepts?.(result.value, auth));
  const lines = [
    ...(refused === undefined ? [] : [described(`auth: ${refused}`, descriptionAt(serviceSettings, ['auth'], {}))]),
    ...(auth && !local ? deploymentLines(auth) : []),
    ...plain.map(({ at }) => {
      const description = descriptionAt(module.settings, at.slice(AT_SETTINGS.length), settings);
      return described(`${at.join('.')}: ${NOT_PLAIN}`, description);
    }),
  ];
  return lines.length > 0 ? { lines } : { value: { module, settings: result.value } };
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The errors in the adapter's part of an input whose other part is wrong. */
async function adapterLines(input: unknown, local: boolean): Promise<readonly string[]> {
  if (!isMap(input)) return [];
  const { adapter } = input;
  if (!isMap(adapter) || typeof adapter.name !== 'string') return [];
  const { name, settings = {} } = adapter;
  if (!isMap(settings)) return []; // that has its line already
  const result = await checkedAdapter({ name, settings }, { local, auth: authIn(input) });
  return 'lines' in result ? result.lines : [];
}

/**
 * The adapter for settings of the service, `service`, that were parsed from `input`. Reports the errors of both together.
 */
export async function withAdapter<S extends Parsed>(
  input: unknown,
  service: Result<S>,
  local: boolean,
): Promise<Result<{ readonly service: S; readonly adapter: ChosenAdapter }>> {
  if ('lines' in service) return { lines: [...service.lines, ...(await adapterLines(input, local))] };
  const { adapter, auth } = service.value;
  const result = await checkedAdapter(adapter, { local, auth });
  return 'lines' in result ? result : { value: { service: service.value, adapter: result.value } };
}

/** The settings in `text`, which came from `source`. Throws `WrongSettings` with every error, also the adapter's. */
export async function readAllSettings(text: string, source: string, env: Environment) {
  const input = inputFrom(text, source);
  const local = isMap(input) && input.local === true;
  const result = await withAdapter(input, checkedSettings(input, env), local);
  if ('value' in result) return result.value;
  throw new WrongSettings(WRONG, result.lines);
}

/** The adapter that settings of the service name. Throws `WrongSettings`. */
export async function chosenAdapter(settings: Settings): Promise<ChosenAdapter> {
  const result = await withAdapter(settings, { value: settings }, settings.local);
  if ('value' in result) return result.value.adapter;
  throw new WrongSettings(WRONG, result.lines);
}

/** The settings of an adapter that refer to secrets kept elsewhere; none for settings that are wrong. */
function referencesIn({ settings: schema }: Pick<AdapterModule<unknown>, 'settings'>, settings: unknown) {
  const result = checked(schema, settings);
  const secrets = 'value' in result ? secretsIn(result.value) : [];
  return secrets.filter(({ secret }) => secret.reference !== undefined).map(({ at }) => at.join('.'));
}

/** What `npm start` knows of the settings before it has any. */
export const forStart = {
  service: serviceSettings as Schema,
  notInFile: NOT_IN_FILE as Readonly<Record<string, string>>,
  adapterModule,
  referencesIn,
  defaultAdapter: DEFAULT_ADAPTER,
} as const;
