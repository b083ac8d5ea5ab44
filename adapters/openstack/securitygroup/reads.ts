/** Security groups that the caller may use: how they are read, and what OCCI sees of them. */
import type * as z from 'zod';
import type { Native, NativeId, Page, PageQuery } from '../../../lib/adapter/contract.ts';
import { RULES } from '../../../lib/adapter/security-rules.ts';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { ifOffered } from '../api/if-offered.ts';
import { readPage } from '../api/pages.ts';
import { path } from '../api/path.ts';
import { type Cloud, isUuid } from '../cloud.ts';
import { isAdministrator, type Session } from '../identity/session.ts';
import { isMark, markOf } from '../mark.ts';
import {
  GROUP_OWNER_FIELDS,
  type GroupOwner,
  type SecurityGroup,
  securityGroupAnswer,
  securityGroupIdsAnswer,
  securityGroupsAnswer,
} from '../native/security-group.ts';
import { entriesOf, toRules } from './rules.ts';

export const noSuchGroup = (): OcciError => new OcciError('notFound', 'There is no such securitygroup.');

const isOthers = ({ project_id, tenant_id }: GroupOwner, projectId: string): boolean => {
  const owner = project_id ?? tenant_id;
  return owner !== undefined && owner !== projectId;
};

/**
 * An administrator sees the groups of all projects: here only what everybody in the project sees. Older Neutrons do not say
 * whether a group is shared (before the extension `security-groups-shared-filtering`).
 */
const isVisible = (group: GroupOwner, session: Session): boolean =>
  !isOthers(group, session.projectId) || (group.shared ?? !isAdministrator(session));

/** `shared` by another project; `default` of the own one, which cannot be renamed or deleted; `own`. */
export function ownershipOf(group: SecurityGroup, projectId: string): 'shared' | 'default' | 'own' {
  if (isOthers(group, projectId)) return 'shared';
  return group.name === 'default' ? 'default' : 'own';
}

const hiddenMessage = (count: number): string =>
  `${count} of its rules cannot be shown here, and ${count === 1 ? 'stays' : 'stay'} as made: they are about other groups, lists of addresses or codes of ICMP messages.`;

/** A group as OCCI sees it. */
export function toSecuritygroup(group: SecurityGroup, projectId: string): Native<'securitygroup'> {
  const { entries, hidden } = entriesOf(group.security_group_rules);
  const { name, description } = group;
  return {
    kind: 'securitygroup',
    id: group.id,
    attributes: {
      ...(name !== '' && { 'occi.core.title': name }),
      ...(description && !isMark(description) && { 'occi.core.summary': description }),
      [RULES]: toRules(entries) as never,
      'occi.securitygroup.state': 'active',
      ...(hidden > 0 && { 'occi.securitygroup.state.message': hiddenMessage(hidden) }),
    },
    mixins: [],
    links: [],
    ...(ownershipOf(group, projectId) !== 'own' && { published: true }),
  };
}

/** A group: 1 call. Throws `notFound`. */
export async function readGroup(cloud: Cloud, id: NativeId): Promise<SecurityGroup> {
  if (!isUuid(id)) throw noSuchGroup();
  const session = await cloud.session();
  const { security_group: group } = await translateErrors('securitygroup', () =>
    cloud.client.read('network', path`security-groups/${id}`, securityGroupAnswer),
  );
  if (!isVisible(group, session)) throw noSuchGroup();
  return group;
}

const groups = {
  service: 'network',
  path: path`security-groups`,
  shape: securityGroupsAnswer,
  itemsOf: (answer: z.infer<typeof securityGroupsAnswer>) => answer.security_groups,
  linksOf: (answer: z.infer<typeof securityGroupsAnswer>) => answer.security_groups_links,
} as const;
const groupIds = {
  service: 'network',
  path: path`security-groups`,
  shape: securityGroupIdsAnswer,
  itemsOf: (answer: z.infer<typeof securityGroupIdsAnswer>) => answer.security_groups,
  linksOf: (answer: z.infer<typeof securityGroupIdsAnswer>) => answer.security_groups_links,
  query: { fields: GROUP_OWNER_FIELDS },
} as const;

/** What is listed of a Neutron without the extension of security groups. */
const NONE = { items: [] } as const;

/** A page of groups, those that other projects share among them: 1 call. */
export async function readGroups(cloud: Cloud, query: PageQuery): Promise<Page<SecurityGroup>> {
  const session = await cloud.session();
  const page = await translateErrors('securitygroup', () => ifOffered(readPage(cloud, groups, query), NONE));
  return { ...page, items: page.items.filter((group) => isVisible(group, session)) };
}

/** A page of their ids: 1 call. */
export async function readGroupIds(cloud: Cloud, query: PageQuery): Promise<Page<NativeId>> {
  const session = await cloud.session();
  const page = await translateErrors('securitygroup', () => ifOffered(readPage(cloud, groupIds, query), NONE));
  return { ...page, items: page.items.filter((group) => isVisible(group, session)).map(({ id }) => id) };
}

/** True for a group whose create has not come to its end: its description still is the mark. */
export const isUnfinished = ({ description }: SecurityGroup): boolean => isMark(description);

/** The group with the mark of this token as a tag, or as the description of one that is unfinished: 1 call. */
export async function groupOfToken(
  cloud: Cloud,
  token: string,
  where: 'tags' | 'description',
): Promise<SecurityGroup | undefined> {
  const mark = markOf(token);
  const { projectId } = await cloud.session();
  const { items } = await translateErrors('securitygroup', () =>
    readPage(cloud, { ...groups, query: { [where]: mark, project_id: projectId } }, {}),
  );
  return items.find(({ tags, description }) => (where === 'tags' ? tags.includes(mark) : description === mark));
}
