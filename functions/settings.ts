/** The settings of a function whole: the service's and, once they name an adapter, the adapter's. */

import { ADAPTERS, type AdapterName } from '../adapters/index.ts';
import type { AdapterModule } from '../lib/adapter/module.ts';
import { oneOf } from '../lib/config/allowed.ts';
import { authIn } from '../lib/config/auth.ts';
import { type AuthSettings, checkedSettings, type Environment, inputFrom, type Settings } from '../lib/config/index.ts';
import { checked, described, WrongSettings, wrong } from '../lib/config/issues.ts';
import { descriptionAt } from '../lib/config/schema.ts';
import { secretsIn } from '../lib/config/secret.ts';
import { serviceSettings } from '../lib/config/service.ts';

const NAMES = Object.keys(ADAPTERS) as readonly AdapterName[];
const AT_NAME = ['adapter', 'name'];
const AT_SETTINGS = ['adapter', 'settings'];

/** What the adapter is called in a file that nobody has edited yet. */
export const NO_ADAPTER = 'none';

const NOT_PLAIN =
  'must not be written out: keep it in Parameter Store and write { parameter: /name }, or in Secrets Manager and write ' +
  '{ secret: <whole ARN> }';

interface Chosen {
  readonly module: AdapterModule<unknown>;
  /** Its settings; a `Secret` stands in the place of each secret. */
  readonly settings: unknown;
}

/** Of the service's settings, those that an adapter's are checked with. */
export interface Around {
  readonly local: boolean;
  /** Absent when they are wrong themselves. */
  readonly auth?: AuthSettings | undefined;
}

/** What is wrong with the name of an adapter; undefined for one that exists. */
function nameLine(name: string): string | undefined {
  if (name === NO_ADAPTER) return `adapter.name: is none, name the cloud behind: ${NAMES.join(', ')}`;
  return Object.hasOwn(ADAPTERS, name) ? undefined : wrong(AT_NAME, name, oneOf(NAMES, name));
}

/** An adapter with its settings, or a line for each error. */
export async function checkedAdapter(
  { name, settings }: { readonly name: string; readonly settings: unknown },
  { local, auth }: Around,
): Promise<Chosen | { readonly lines: readonly string[] }> {
  const misnamed = nameLine(name);
  if (misnamed !== undefined) return { lines: [described(misnamed, descriptionAt(serviceSettings, AT_NAME, {}))] };
  const module: AdapterModule<unknown> = await ADAPTERS[name as AdapterName]();
  const result = checked(module.settings, settings, AT_SETTINGS);
  if ('lines' in result) return result;
  const plain = secretsIn(result.value, AT_SETTINGS).filter(({ secret }) => !local && secret.text !== undefined);
  const refused = auth && module.accepts?.(result.value, auth);
  const lines = [
    ...(refused === undefined ? [] : [described(`auth: ${refused}`, descriptionAt(serviceSettings, ['auth'], {}))]),
    ...plain.map(({ at }) => {
      const description = descriptionAt(module.settings, at.slice(AT_SETTINGS.length), settings);
      return described(`${at.join('.')}: ${NOT_PLAIN}`, description);
    }),
  ];
  return lines.length > 0 ? { lines } : { module, settings: result.value };
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wrong in the adapter's part of settings that are wrong elsewhere: all is to be told at once. */
export async function adapterLines(input: unknown, local: boolean): Promise<readonly string[]> {
  if (!isMap(input)) return [];
  const { adapter } = input;
  if (!isMap(adapter) || typeof adapter.name !== 'string') return [];
  const { name, settings = {} } = adapter;
  // What is no map at all has its line already.
  const result = isMap(settings)
    ? await checkedAdapter({ name, settings }, { local, auth: authIn(input) })
    : { lines: [] };
  return 'lines' in result ? result.lines : [];
}

/** The adapter that the settings name, with its own. Throws `WrongSettings`. */
export async function chosenAdapter({ adapter, ...around }: Settings): Promise<Chosen> {
  const result = await checkedAdapter(adapter, around);
  if ('lines' in result) throw new WrongSettings('The settings are wrong:', result.lines);
  return result;
}

/** The settings in `text`, which came from `source`. Throws `WrongSettings` with all that is wrong, also in the adapter's. */
export async function readAllSettings(text: string, source: string, env: Environment): Promise<Settings> {
  const input = inputFrom(text, source);
  const result = checkedSettings(input, env);
  if ('value' in result) return result.value;
  const local = isMap(input) && input.local === true;
  throw new WrongSettings('The settings are wrong:', [...result.lines, ...(await adapterLines(input, local))]);
}
