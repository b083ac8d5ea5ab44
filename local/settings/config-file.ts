/** `--config FILE`: the file of a deployment as the settings of `npm start`, below its arguments. */
import { readFileSync } from 'node:fs';
import { parseYaml } from '../../lib/config/yaml.ts';
import { Refusal } from '../refusal.ts';

type Settings = Readonly<Record<string, unknown>>;

/** What a file says, as far as it can be used here. What is wrong in it is left for the check of the functions. */
export interface ConfigFile {
  readonly path: string;
  readonly adapter: Settings;
  /** Settings of the adapter. */
  readonly settings: Settings;
  readonly auth: readonly unknown[] | undefined;
  /** The other settings of the service. */
  readonly service: Settings;
  /** A sentence for each setting that is not used. */
  readonly notes: readonly string[];
}

export const NO_FILE: ConfigFile = { path: '', adapter: {}, settings: {}, auth: undefined, service: {}, notes: [] };

const isMap = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mapIn = (value: unknown, what: string): Settings => {
  if (value === undefined || isMap(value)) return value ?? {};
  throw new Refusal(`${what} must be a map`);
};

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Refusal(`--config ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Without the key of `token` where it is kept elsewhere: `npm start` makes one by itself. */
function withoutTokenKey(entry: unknown): unknown {
  if (!isMap(entry) || !isMap(entry.token) || !isMap(entry.token.key)) return entry;
  const { key, ...rest } = entry.token;
  return { ...entry, token: rest };
}

/**
 * Reads the file.
 * @param notInFile settings that a file must not hold, and why
 * @throws {Refusal} for a file that cannot be read, or is not a map of settings
 */
export function readConfigFile(path: string, notInFile: Readonly<Record<string, string>>): ConfigFile {
  const result = parseYaml(textOf(path), path);
  if ('fault' in result) throw new Refusal(result.fault.replace(/\.$/, ''));
  const { adapter, auth, publicUrl, deployment, ...service } = mapIn(result.value ?? undefined, path);
  for (const key of Object.keys(service)) {
    if (Object.hasOwn(notInFile, key)) throw new Refusal(`${path}: ${key}: ${notInFile[key]}`);
  }
  if (auth !== undefined && !Array.isArray(auth)) throw new Refusal(`${path}: auth must be a list`);
  const { settings, ...rest } = mapIn(adapter, `${path}: adapter`);
  const given: readonly unknown[] | undefined = auth;
  const entries = given?.map(withoutTokenKey);
  const hasOwnKey = entries?.some((entry, place) => entry !== given?.[place]);
  return {
    path,
    adapter: rest,
    settings: mapIn(settings, `${path}: adapter.settings`),
    auth: entries,
    service,
    notes: [
      ...(publicUrl === undefined ? [] : [`publicUrl of ${path} is not used: links lead to this server`]),
      ...(deployment === undefined ? [] : [`deployment of ${path} is not used: it is for npm run deploy`]),
      ...(hasOwnKey ? [`the key of token in ${path} is not read: tokens made here are valid here only`] : []),
    ],
  };
}

/** Settings over others: maps are merged, everything else is replaced. */
export function over(upper: Settings, lower: Settings): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...lower };
  for (const [key, value] of Object.entries(upper)) {
    const below = lower[key];
    merged[key] = isMap(value) && isMap(below) ? over(value, below) : value;
  }
  return merged;
}

/** Refuses secrets of the file that are kept elsewhere: only a deployment may read them. */
export function refuseReferences(references: readonly string[], { path }: ConfigFile): void {
  const [first] = references;
  if (first === undefined) return;
  const argument = first.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new Refusal(
    `${path}: adapter.settings.${first} refers to a secret that npm start does not read: give its text as --${argument}, ` +
      'or write it into a copy of the file',
  );
}
