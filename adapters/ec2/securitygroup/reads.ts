/** Security groups that the caller may see, and the groups of an instance as links. */

import type { LinkDraft, Native, NativeEnd } from '../../../lib/adapter/contract.ts';
import { RULES } from '../../../lib/adapter/security-rules.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { KindOf } from '../../../lib/occi/kinds/index.ts';
import type { StateOf } from '../../../lib/occi/types.ts';
import { translateErrors } from '../api/errors.ts';
import { byId, readAll } from '../api/pages.ts';
import { type Cloud, fence, isOwn, noSuch, notSeen, titleOf } from '../cloud.ts';
import { type Instance, type SecurityGroup, securityGroups } from '../native/index.ts';
import { computeState } from '../states.ts';
import { rulesOf } from './permissions.ts';
import { type Entry, toRules } from './rules.ts';

const isGroupId = (id: string): boolean => /^sg-[0-9a-f]{8,17}$/.test(id);

/** The prefix of the names of groups that this adapter creates (`nameFor`). */
const OURS = /^occi-/;

/**
 * Whether a group is the caller's own or published to them; undefined if they may not see it. The default group of a
 * VPC counts as published, because EC2 does not allow deleting it.
 */
function isVisible(cloud: Cloud, { GroupId, GroupName, Tags }: SecurityGroup): 'own' | 'published' | undefined {
  if (cloud.settings.published.securityGroups.includes(GroupId)) return 'published';
  if (!isOwn(cloud, Tags)) return undefined;
  return GroupName === 'default' ? 'published' : 'own';
}

const hiddenMessage = (count: number): string =>
  `${count} of its rules cannot be shown here, and ${count === 1 ? 'stays' : 'stay'} as made: about other groups, lists of networks, or codes of messages.`;

/** A group as a securitygroup. The title of a group from elsewhere without a `Name` tag is its EC2 name. */
export function toSecuritygroup(
  cloud: Cloud,
  group: SecurityGroup,
  entries: readonly Entry[] = rulesOf(group).entries,
): Native<'securitygroup'> {
  const { hidden } = rulesOf(group);
  return {
    kind: 'securitygroup',
    id: group.GroupId,
    attributes: {
      ...(!OURS.test(group.GroupName) && { 'occi.core.title': group.GroupName }),
      ...titleOf(group.Tags),
      [RULES]: toRules(entries) as never,
      'occi.securitygroup.state': 'active',
      ...(hidden > 0 && { 'occi.securitygroup.state.message': hiddenMessage(hidden) }),
    },
    mixins: [],
    links: [],
    ...(isVisible(cloud, group) === 'published' && { published: true }),
  };
}

/** A group that the caller may see: 1 call. Throws `notFound`, also for a group of another tenant. */
export async function readGroup(cloud: Cloud, id: string): Promise<SecurityGroup> {
  if (!isGroupId(id)) throw noSuch('securitygroup');
  const { items } = await translateErrors('securitygroup', () =>
    cloud.ec2.call('DescribeSecurityGroups', { GroupIds: [id] }, securityGroups),
  );
  const [group] = items;
  if (!group || !isVisible(cloud, group)) throw notSeen(cloud, 'securitygroup', group);
  return group;
}

const withIds = (cloud: Cloud, ids: readonly string[]): Promise<SecurityGroup[]> =>
  readAll(cloud, 'DescribeSecurityGroups', { Filters: [{ Name: 'group-id', Values: [...ids] }] }, securityGroups);

/**
 * All groups that the caller may see, sorted by id: one call per page, and one more for published groups in a shared
 * account.
 */
export async function readGroups(cloud: Cloud): Promise<SecurityGroup[]> {
  const { published } = cloud.settings;
  const own = fence(cloud);
  const all = await translateErrors('securitygroup', () =>
    Promise.all([
      readAll(cloud, 'DescribeSecurityGroups', own.length > 0 ? { Filters: own } : {}, securityGroups),
      own.length > 0 && published.securityGroups.length > 0 ? withIds(cloud, published.securityGroups) : [],
    ]),
  );
  const visible = all.flat().filter((group) => isVisible(cloud, group));
  return [...new Map(visible.map((group) => [group.GroupId, group])).values()].sort(byId(({ GroupId }) => GroupId));
}

/** The error for an end that does not exist or belongs to another tenant: the same message for both. */
export const noSuchEnd = (
  kind: 'compute' | 'securitygroup',
  { cause, unseen = false }: { readonly cause?: unknown; readonly unseen?: boolean } = {},
): OcciError => new OcciError('invalid', `There is no such ${kind}.`, { cause, unseen });

/** Id of the group that a link ends at. Throws `invalid` for an end of another kind, or a malformed id. */
export function groupIdOf({ kind, id }: NativeEnd): string {
  if (kind !== 'securitygroup') {
    throw new OcciError('invalid', `A securitygrouplink ends at a securitygroup, not at a ${kind}.`);
  }
  if (!isGroupId(id)) throw noSuchEnd('securitygroup');
  return id;
}

/**
 * The groups of the inline securitygrouplinks, in their order: 1 call, or no call without such links. Throws `invalid`
 * for a group that does not exist or is not the caller's, and for a group that is named twice.
 */
export async function linkedGroups(cloud: Cloud, links: readonly LinkDraft[]): Promise<readonly SecurityGroup[]> {
  const ids = links.filter(({ kind }) => kind === 'securitygrouplink').map(({ target }) => groupIdOf(target));
  if (ids.length === 0) return [];
  if (new Set(ids).size < ids.length) {
    throw new OcciError('invalid', 'A securitygroup can be linked to a compute only once.');
  }
  const found = await translateErrors('securitygrouplink', () => withIds(cloud, ids));
  const usable = new Map(found.filter((group) => isVisible(cloud, group)).map((group) => [group.GroupId, group]));
  if (!ids.every((id) => usable.has(id))) throw noSuchEnd('securitygroup', { unseen: true });
  return ids.map((id) => usable.get(id)!);
}

type ComputeState = StateOf<KindOf<'compute'>>;
type LinkState = StateOf<KindOf<'securitygrouplink'>>;

/** A group works as long as the machine does. */
const LINK_STATE = {
  active: 'active',
  waiting: 'waiting',
  inactive: 'inactive',
  suspended: 'inactive',
  error: 'inactive',
} as const satisfies Record<ComputeState, LinkState>;

/** The link between an instance and a group; there is at most one. */
export const toSecuritygrouplink = (instance: Instance, group: string): Native<'securitygrouplink'> => ({
  kind: 'securitygrouplink',
  id: `${instance.InstanceId}:${group}`,
  attributes: { 'occi.securitygrouplink.state': LINK_STATE[computeState(instance).state] },
  mixins: [],
  source: { kind: 'compute', id: instance.InstanceId },
  target: { kind: 'securitygroup', id: group },
});

/**
 * The groups of an instance as links, sorted by id; a group on several interfaces is one link. No call: in a shared
 * account the name of a group shows whether it was created here, so unpublished groups of the provider stay hidden.
 */
export function toSecuritygrouplinks(cloud: Cloud, instance: Instance): Native<'securitygrouplink'>[] {
  const groups = [...instance.SecurityGroups, ...instance.NetworkInterfaces.flatMap(({ Groups }) => Groups)];
  const shown = groups.filter(
    ({ GroupId, GroupName = '' }) =>
      !cloud.account.fenced || OURS.test(GroupName) || cloud.settings.published.securityGroups.includes(GroupId),
  );
  const ids = [...new Set(shown.map(({ GroupId }) => GroupId))].sort();
  return ids.map((id) => toSecuritygrouplink(instance, id));
}
