/** Security groups that the caller may use: how they are read, and what OCCI sees of them. */
import type * as z from 'zod';
import type { Native, NativeId, Page, PageQuery } from '../../../lib/adapter/contract.ts';
import { RULES } from '../../../lib/adapter/security-rules.ts';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { readPage } from '../api/pages.ts';
import { path } from '../api/path.ts';
import { type Cloud, isUuid } from '../cloud.ts';
import { isMark, markOf } from '../mark.ts';
import {
  type SecurityGroup,
  securityGroupAnswer,
  securityGroupIdsAnswer,
  securityGroupsAnswer,
} from '../native/security-group.ts';
import { entriesOf, toRules } from './rules.ts';

export const noSuchGroup = (): OcciError => new OcciError('notFound', 'There is no such securitygroup.');

/** `shared` by another project; `default` of the own one, which cannot be renamed or deleted; `own`. */
export function ownershipOf(group: SecurityGroup, projectId: string): 'shared' | 'default' | 'own' {
  const owner = group.project_id ?? group.tenant_id;
  if (owner !== undefined && owner !== projectId) return 'shared';
  return group.name === 'default' ? 'default' : 'own';
}

const hiddenMessage = (count: number): string =>
  `${count} of its rules cannot be shown here, and ${count === 1 ? 'stays' : 'stay'} as made: about other groups, lists of addresses, or codes of messages.`;

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
export async function readGroup({ client }: Cloud, id: NativeId): Promise<SecurityGroup> {
  if (!isUuid(id)) throw noSuchGroup();
  const { security_group: group } = await translateErrors('securitygroup', () =>
    client.read('network', path`security-groups/${id}`, securityGroupAnswer),
  );
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
  query: { fields: ['id'] },
} as const;

/** A page of groups, those that other projects share among them: 1 call. */
export const readGroups = (cloud: Cloud, query: PageQuery): Promise<Page<SecurityGroup>> =>
  translateErrors('securitygroup', () => readPage(cloud, groups, query));

/** A page of their ids: 1 call. */
export async function readGroupIds(cloud: Cloud, query: PageQuery): Promise<Page<NativeId>> {
  const page = await translateErrors('securitygroup', () => readPage(cloud, groupIds, query));
  return { ...page, items: page.items.map(({ id }) => id) };
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
  const { items } = await translateErrors('securitygroup', () =>
    readPage(cloud, { ...groups, query: { [where]: mark } }, {}),
  );
  return items.find(({ tags, description }) => (where === 'tags' ? tags.includes(mark) : description === mark));
}
