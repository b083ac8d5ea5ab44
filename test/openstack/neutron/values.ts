/** Checks of single values in bodies, with Neutron's own sentences. */
import { addressOf } from './address.ts';
import { badRequest, invalidInput } from './refusals.ts';

/** Gives the value as it is kept. Throws `Refused`. */
export type Check = (value: unknown, name: string) => unknown;

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** As Python writes a value in a sentence. */
export const shown = (value: unknown): string =>
  typeof value === 'string'
    ? `'${value}'`
    : value === null
      ? 'None'
      : typeof value === 'boolean'
        ? value
          ? 'True'
          : 'False'
        : typeof value === 'object'
          ? Array.isArray(value)
            ? `[${value.map(shown).join(', ')}]`
            : `{${Object.entries(value)
                .map(([key, one]) => `${shown(key)}: ${shown(one)}`)
                .join(', ')}}`
          : String(value);

const invalid = (name: string, reason: string) => badRequest(`Invalid input for ${name}. Reason: ${reason}`);

export const any: Check = (value) => value;

/** A text without characters beyond the basic plane, which the database cannot keep. */
export const text =
  (most: number): Check =>
  (value, name) => {
    if (typeof value !== 'string' || /[\u{10000}-\u{10ffff}]/u.test(value))
      throw invalid(name, `${shown(value)} is not a valid string.`);
    if (value.length > most) throw invalid(name, `'${value}' exceeds maximum length of ${most}.`);
    return value;
  };

const YES = ['true', 'yes', 'on', '1'];
const NO = ['false', 'no', 'off', '0'];

export const boolean: Check = (value) => {
  if (typeof value === 'boolean') return value;
  const word = String(value).toLowerCase();
  if (YES.includes(word)) return true;
  if (NO.includes(word)) return false;
  throw invalidInput(`${shown(value)} cannot be converted to boolean.`);
};

export const uuid: Check = (value, name) => {
  if (typeof value === 'string' && UUID.test(value)) return value;
  throw invalid(name, `${shown(value)} is not a valid UUID.`);
};

export const orNull =
  (check: Check): Check =>
  (value, name) =>
    value === null ? null : check(value, name);

export const oneOf =
  (values: readonly unknown[]): Check =>
  (value, name) => {
    if (values.includes(value)) return value;
    throw invalid(name, `${value === null ? 'None' : String(value)} is not in valid_values.`);
  };

export const number: Check = (value) => {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))) return Number(value);
  throw invalidInput(`${shown(value)} is not an integer.`);
};

export const address: Check = (value, name) => {
  if (typeof value === 'string' && addressOf(value)) return value;
  throw invalid(name, `${shown(value)} is not a valid IP address.`);
};

export const mac: Check = (value, name) => {
  if (typeof value === 'string' && /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(value)) return value.toLowerCase();
  throw invalid(name, `${shown(value)} is not a valid MAC address.`);
};

export const list =
  (check: Check): Check =>
  (value, name) => {
    if (!Array.isArray(value)) throw invalid(name, `${shown(value)} is not a list.`);
    return value.map((one) => check(one, name));
  };

export const fixedIp: Check = (value, name) => {
  if (typeof value !== 'object' || value === null) throw invalid(name, `${shown(value)} is not a dictionary.`);
  const { ip_address, subnet_id } = value as Record<string, unknown>;
  if (ip_address !== undefined) address(ip_address, name);
  if (subnet_id !== undefined) uuid(subnet_id, name);
  return value;
};
