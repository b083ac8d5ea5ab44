import type { Microversion } from '../microversion.ts';
import { repr, str } from '../python.ts';
import { bad, fault } from '../refusals.ts';

export interface NetworkWish {
  readonly uuid?: string;
  readonly port?: string;
  readonly fixed_ip?: string;
  readonly tag?: string;
}

export interface BlockDevice {
  readonly boot_index?: number | string | null;
  readonly source_type?: string;
  readonly destination_type?: string;
  readonly uuid?: string;
  readonly volume_size?: number | string;
  readonly delete_on_termination?: boolean;
  readonly tag?: string;
}

/** What a create asks for, after its schema was checked. */
export interface ServerWish {
  readonly name: string;
  readonly flavorRef: string;
  readonly imageRef?: string;
  readonly networks?: readonly NetworkWish[] | 'none' | 'auto';
  readonly security_groups?: readonly { readonly name: string }[];
  readonly key_name?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  readonly user_data?: string;
  readonly availability_zone?: string;
  readonly block_device_mapping_v2?: readonly BlockDevice[];
  readonly min_count?: number | string;
  readonly max_count?: number | string;
  readonly return_reservation_id?: boolean;
  readonly description?: string | null;
  readonly hostname?: string;
  readonly host?: string;
}

/** Properties of every version, and since when (or until before when) the others are taken. */
const ALWAYS = [
  'name',
  'imageRef',
  'flavorRef',
  'adminPass',
  'metadata',
  'networks',
  'OS-DCF:diskConfig',
  'accessIPv4',
  'accessIPv6',
  'availability_zone',
  'block_device_mapping',
  'block_device_mapping_v2',
  'config_drive',
  'key_name',
  'min_count',
  'max_count',
  'return_reservation_id',
  'security_groups',
  'user_data',
  'os:scheduler_hints',
];
const SINCE: Readonly<Record<string, string>> = {
  description: '2.19',
  tags: '2.52',
  trusted_image_certificates: '2.63',
  host: '2.74',
  hypervisor_hostname: '2.74',
  hostname: '2.90',
};
const BEFORE: Readonly<Record<string, string>> = { personality: '2.57' };

export const METADATA_KEY = '^[a-zA-Z0-9-_:. ]{1,255}$';
const KEY = /^[a-zA-Z0-9-_:. ]{1,255}$/;
const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

export const invalid = (field: string, value: unknown, why: string) =>
  bad(`Invalid input for field/attribute ${field}. Value: ${str(value)}. ${why}`);

/** Throws for a name that Nova does not take. */
export function checkName(name: unknown, field = 'name'): void {
  if (typeof name !== 'string') throw invalid(field, name, `${repr(name)} is not of type 'string'`);
  if (name === '') throw invalid(field, name, "'' should be non-empty");
  if (name.length > 255) throw invalid(field, name, `${repr(name)} is too long`);
  // Beyond the basic plane nothing counts as printable: seen with an emoji.
  if (name !== name.trim() || /[\p{C}\u{10000}-\u{10ffff}]/u.test(name))
    throw bad(
      "An invalid 'name' value was provided. The name must be: printable characters. Can not start or end with whitespace.",
    );
}

/** Throws for metadata that the schema or the database refuses. */
export function checkMetadata(metadata: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(metadata)) {
    if (!KEY.test(key))
      throw invalid('metadata', metadata, `${repr(key)} does not match any of the regexes: '${METADATA_KEY}'`);
    if (typeof value !== 'string') throw invalid(key, value, `${repr(value)} is not of type 'string'`);
    if (value.length > 255) throw invalid(key, value, `${repr(value)} is too long`);
  }
  // The usual database keeps three bytes of UTF-8.
  if (Object.values(metadata).some((value) => /[\u{10000}-\u{10ffff}]/u.test(String(value))))
    throw fault('oslo_db.exception.DBError');
}

/** Throws for tags that the schema refuses. */
export function checkTags(tags: readonly unknown[]): void {
  if (tags.length > 50) throw invalid('tags', tags, `${repr(tags)} is too long`);
  for (const [index, tag] of tags.entries()) {
    if (typeof tag !== 'string') throw invalid(String(index), tag, `${repr(tag)} is not of type 'string'`);
    if (!/^[^,/]*$/.test(tag)) throw invalid(String(index), tag, `${repr(tag)} does not match '^[^,/]*$'`);
    if (tag.length > 60) throw invalid(String(index), tag, `${repr(tag)} is too long`);
    if (tag === '') throw invalid(String(index), tag, `'' should be non-empty`);
  }
}

function checkUserData(data: string): void {
  if (data.length > 65_535) throw invalid('user_data', data, `${repr(data)} is too long`);
  if (/[^\0-\x7f]/.test(data)) throw fault('UnicodeDecodeError');
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(data)) throw invalid('user_data', data, `${repr(data)} is not a 'base64'`);
}

/** The body of a create. Throws 400 as the schema of the microversion does, and 500 for what breaks Nova. */
export function wishOf(value: unknown, version: Microversion): ServerWish {
  const server = (value as { server?: Record<string, unknown> } | null)?.server;
  if (typeof server !== 'object' || server === null) throw bad('Malformed request body');
  for (const name of Object.keys(server)) {
    const isKnown =
      ALWAYS.includes(name) ||
      (SINCE[name] && version.has(SINCE[name])) ||
      (BEFORE[name] && !version.has(BEFORE[name]));
    if (!isKnown) throw invalid('server', server, `Additional properties are not allowed ('${name}' was unexpected)`);
  }
  const required = ['name', 'flavorRef', ...(version.has('2.37') ? ['networks'] : [])];
  for (const name of required)
    if (!Object.hasOwn(server, name)) throw invalid('server', server, `'${name}' is a required property`);
  checkName(server.name);
  const wish = server as unknown as ServerWish;
  if (wish.imageRef !== undefined && wish.imageRef !== '' && !UUID.test(wish.imageRef))
    throw invalid('imageRef', wish.imageRef, `${repr(wish.imageRef)} is not valid under any of the given schemas`);
  checkMetadata(wish.metadata ?? {});
  checkTags(wish.tags ?? []);
  if (wish.user_data !== undefined) checkUserData(wish.user_data);
  return wish;
}
