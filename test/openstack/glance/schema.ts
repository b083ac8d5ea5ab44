/** Checks of what clients say of an image, with the sentences of Glance's JSON schema. */
import { badRequest, forbidden, readOnly } from './refusals.ts';

export const READ_ONLY = [
  'status',
  'checksum',
  'size',
  'virtual_size',
  'created_at',
  'updated_at',
  'self',
  'file',
  'schema',
  'stores',
  'os_hash_algo',
  'os_hash_value',
  'direct_url',
  'locations',
] as const;

const DISK_FORMATS = [null, 'ami', 'ari', 'aki', 'vhd', 'vhdx', 'vmdk', 'raw', 'qcow2', 'vdi', 'iso', 'ploop'] as const;
const VISIBILITIES = ['community', 'public', 'private', 'shared'] as const;
const UUID = '^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$';
const MAX_NAME = 255;

const shown = (value: unknown): string =>
  value === null ? 'None' : typeof value === 'string' ? `'${value}'` : String(value);

/** How jsonschema tells a fault: what is wrong, the rule, and where. */
const mismatch = (what: string, rule: string, schema: string, where: string, value: unknown) =>
  badRequest(
    `Provided object does not match schema 'image': ${what}\n\nFailed validating '${rule}' in schema${schema}\n\nOn instance['${where}']:\n    ${shown(value)}`,
  );

function checkDiskFormat(value: unknown): void {
  if (DISK_FORMATS.some((one) => one === value)) return;
  const all = DISK_FORMATS.map(shown);
  const schema = `['properties']['disk_format']:\n    {'type': ['null', 'string'],\n     'description': 'Format of the disk',\n     'enum': [${all.join(',\n              ')}]}`;
  throw mismatch(`${shown(value)} is not one of [${all.join(', ')}]`, 'enum', schema, 'disk_format', value);
}

function checkVisibility(value: unknown): void {
  if (VISIBILITIES.some((one) => one === value)) return;
  const all = VISIBILITIES.map(shown).join(', ');
  const schema = `['properties']['visibility']:\n    {'type': 'string',\n     'description': 'Scope of image accessibility',\n     'enum': [${all}]}`;
  throw mismatch(`${shown(value)} is not one of [${all}]`, 'enum', schema, 'visibility', value);
}

function checkId(value: unknown): void {
  if (typeof value === 'string' && new RegExp(UUID).test(value)) return;
  const schema = `['properties']['id']:\n    {'type': 'string',\n     'description': 'An identifier for the image',\n     'pattern': '${UUID}'}`;
  throw mismatch(`${shown(value)} does not match '${UUID}'`, 'pattern', schema, 'id', value);
}

function checkName(value: unknown): void {
  if (value === null || (typeof value === 'string' && value.length <= MAX_NAME)) return;
  const schema = `['properties']['name']:\n    {'type': ['null', 'string'],\n     'description': 'Descriptive name for the image',\n     'maxLength': ${MAX_NAME}}`;
  throw mismatch(`${shown(value)} is too long`, 'maxLength', schema, 'name', value);
}

function checkProperty(name: string, value: unknown): void {
  if (typeof value === 'string') return;
  const schema = "['additionalProperties']:\n    {'type': 'string'}";
  throw mismatch(`${shown(value)} is not of type 'string'`, 'type', schema, name, value);
}

/** Fields of the schema that clients may set. */
export const FIELDS = {
  name: checkName,
  disk_format: checkDiskFormat,
  container_format: () => {},
  visibility: checkVisibility,
  id: checkId,
  owner: () => {},
  protected: () => {},
  os_hidden: () => {},
  min_ram: () => {},
  min_disk: () => {},
  tags: () => {},
} as const satisfies Readonly<Record<string, (value: unknown) => void>>;

export const isField = (name: string): name is keyof typeof FIELDS => Object.hasOwn(FIELDS, name);

/** Throws `Refused` for a value that this name cannot have. */
export function checkValue(name: string, value: unknown): void {
  if (READ_ONLY.some((one) => one === name)) throw readOnly(name);
  if (isField(name)) FIELDS[name](value);
  else checkProperty(name, value);
}

export const cannotRemove = (name: string) => forbidden(`Property ${name} may not be removed.`);
