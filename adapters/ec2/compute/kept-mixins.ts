/**
 * Mixins of a compute that EC2 cannot represent. A tag stores them by short names, because a tag value is limited to
 * 256 characters. Users with rights in the account can write it, so unknown names are ignored.
 */
import { CRTP_TEMPLATES, MIXINS } from '../../../lib/occi/mixins/index.ts';
import { typeId } from '../../../lib/occi/types.ts';
import { TAG, tagOf } from '../cloud.ts';
import type { Tag } from '../native/index.ts';

const OF_TABLES = ['ssh_key', 'user_data', 'public_key', 'openstack_user_data'] as const;

/**
 * Short names by type identifier: keys and user data, and the sizes of the profile, since several of them may map to
 * one instance type.
 */
const NAMES: ReadonlyMap<string, string> = new Map([
  ...OF_TABLES.map((name) => [typeId(MIXINS[name]), name] as const),
  ...CRTP_TEMPLATES.map((size) => [typeId(size), size.term] as const),
]);
const IDS: ReadonlyMap<string, string> = new Map([...NAMES].map(([id, name]) => [name, id]));

/** Type identifiers of the mixins that take effect at the first boot only. */
export const FIRST_BOOT: readonly string[] = OF_TABLES.map((name) => typeId(MIXINS[name]));

/** The type identifiers in the tag of an instance. */
export const keptMixins = (tags: readonly Tag[]): readonly string[] =>
  (tagOf(tags, TAG.mixins) ?? '').split(/\s+/).flatMap((name) => IDS.get(name) ?? []);

/** The tag for these mixins; undefined if none of them needs it. */
export function mixinsTag(ids: readonly string[]): Tag | undefined {
  const names = [...new Set(ids.flatMap((id) => NAMES.get(id) ?? []))];
  return names.length === 0 ? undefined : { Key: TAG.mixins, Value: names.join(' ') };
}
