/** Checks of bodies, with the sentences of Cinder's JSON schema. */
import { badRequest, invalidInput, malformed, refused } from './refusals.ts';

export type Said = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Said =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As Python writes a value. */
export const shown = (value: unknown): string => {
  if (typeof value === 'string') return `'${value}'`;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (!isRecord(value)) return String(value);
  const entries = Object.entries(value).map(([key, one]) => `${shown(key)}: ${shown(one)}`);
  return `{${entries.join(', ')}}`;
};

const plain = (value: unknown): string => (typeof value === 'string' ? value : shown(value));

export const mismatch = (name: string, value: unknown, what: string) =>
  badRequest(`Invalid input for field/attribute ${name}. Value: ${plain(value)}. ${what}`);

export function bodyOf(text: string): Said {
  if (text === '')
    throw refused(500, 'The server has either erred or is incapable of performing the requested operation.');
  try {
    const body: unknown = JSON.parse(text);
    if (isRecord(body)) return body;
  } catch {
    throw badRequest('cannot understand JSON');
  }
  throw malformed();
}

/** The one member of a body. */
export function enveloped(text: string, name: string): Said {
  const said = bodyOf(text)[name];
  if (isRecord(said)) return said;
  throw badRequest(`'${name}' is a required property`);
}

/** A number of GiB, or a text of digits. */
export function sizeOf(value: unknown, name: string): number {
  if (typeof value === 'string') {
    if (!/^[0-9]+$/.test(value)) throw mismatch(name, value, `${shown(value)} does not match '^[0-9]+$'`);
    return Number(value);
  }
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw mismatch(name, value, `${shown(value)} is not of type 'integer', 'string', 'null'`);
  if (value < 1) throw mismatch(name, value, `${value} is less than the minimum of 1`);
  return value;
}

const MAX_LENGTH = 255;

/** A name or a description: checked by the schema of snapshots, and by the code of volumes. */
export function textOf(value: unknown, name: string, bySchema = false): string | null {
  if (value === undefined || value === null) return null;
  const text = String(value);
  if (text.length <= MAX_LENGTH) return text;
  if (bySchema) throw mismatch(name, text, `${shown(text)} is too long`);
  throw invalidInput(`${name} has ${text.length} characters, more than ${MAX_LENGTH}.`);
}

const KEY = '^[a-zA-Z0-9-_:. /]{1,255}$';

export function metadataOf(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) throw mismatch('metadata', value, `${shown(value)} is not of type 'object'`);
  for (const [key, one] of Object.entries(value)) {
    if (!new RegExp(KEY).test(key))
      throw mismatch('metadata', value, `${shown(key)} does not match any of the regexes: '${KEY}'`);
    if (typeof one !== 'string') throw mismatch(key, one, `${shown(one)} is not of type 'string'`);
    if (one.length > MAX_LENGTH) throw mismatch(key, one, `${shown(one)} is too long`);
  }
  return value as Readonly<Record<string, string>>;
}

export function refuseOthers(said: Said, name: string, known: readonly string[]): void {
  const other = Object.keys(said).find((key) => !known.includes(key));
  if (other !== undefined)
    throw mismatch(name, said, `Additional properties are not allowed ('${other}' was unexpected)`);
}
