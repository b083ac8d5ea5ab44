import { isAdmin, isMember } from '../../service.ts';
import { cidrOf, writtenCidr } from '../address.ts';
import { addRule } from '../default-group.ts';
import { isOwn, type Kind, type Values } from '../kind.ts';
import { notFound, refused } from '../refusals.ts';
import type { Group, Rule } from '../rows.ts';
import { checkRule, ethertype, portOf, protocolOf, type RuleWish } from '../rule-values.ts';
import type { State } from '../state.ts';
import { any, oneOf, orNull, text } from '../values.ts';
import { COMMON_FIELDS, PROJECT_FIELDS } from './networks.ts';

const wishOf = (values: Values): RuleWish => ({
  direction: values.direction as string,
  ethertype: (values.ethertype ?? 'IPv4') as string,
  protocol: (values.protocol ?? null) as string | null,
  portMin: (values.port_range_min ?? null) as number | null,
  portMax: (values.port_range_max ?? null) as number | null,
  remotePrefix: (values.remote_ip_prefix ?? null) as string | null,
  remoteGroupId: (values.remote_group_id ?? null) as string | null,
});

const normalized = (prefix: string | null): string | null => (prefix === null ? null : writtenCidr(cidrOf(prefix)!));

const COMPARED = ['direction', 'ethertype', 'protocol', 'portMin', 'portMax', 'remoteGroupId'] as const;
const EVERYWHERE = ['0.0.0.0/0', '::/0'];

/** A rule without a remote and one that names every address are the same. */
const remote = (prefix: string | null): string | null => {
  const range = normalized(prefix);
  return range !== null && EVERYWHERE.includes(range) ? null : range;
};

const isSame = (one: RuleWish, other: RuleWish): boolean =>
  COMPARED.every((name) => one[name] === other[name]) && remote(one.remotePrefix) === remote(other.remotePrefix);

export function rules(state: State): Kind<Rule> {
  const groupIn = ({ security_group_id }: Values, projectId: string): Group => {
    const group = state.groups.get(security_group_id as string);
    if (group?.projectId === projectId) return group;
    throw notFound('SecurityGroupNotFound', `Security group ${security_group_id} does not exist`);
  };
  const checked = (values: Values, projectId: string) => {
    const wish = checkRule(wishOf(values));
    if (wish.remoteGroupId !== null) groupIn({ security_group_id: wish.remoteGroupId }, projectId);
    const group = groupIn(values, projectId);
    const same = [...group.rules].find((rule) => isSame(rule, wish));
    if (same) {
      const sentence = `Security group rule already exists. Rule id is ${same.id}.`;
      throw refused(409, 'SecurityGroupRuleExists', sentence);
    }
    return { group, wish, description: (values.description ?? '') as string };
  };
  const add = ({ group, wish, description }: ReturnType<typeof checked>): Rule => {
    state.touch(group);
    return addRule(state, group, wish, description);
  };
  return {
    one: 'security_group_rule',
    many: 'security_group_rules',
    type: 'SecurityGroupRule',
    missing: (id) => `Security group rule ${id} does not exist`,
    rows: state.rules,
    quota: 'security_group_rule',
    fields: {
      id: ({ id }) => id,
      ...PROJECT_FIELDS,
      security_group_id: ({ group }) => group.id,
      ethertype: (rule) => rule.ethertype,
      direction: ({ direction }) => direction,
      protocol: ({ protocol }) => protocol,
      port_range_min: ({ portMin }) => portMin,
      port_range_max: ({ portMax }) => portMax,
      remote_ip_prefix: ({ remotePrefix }) => remotePrefix,
      remote_address_group_id: () => null,
      normalized_cidr: ({ remotePrefix }) => normalized(remotePrefix),
      remote_group_id: ({ remoteGroupId }) => remoteGroupId,
      belongs_to_default_sg: ({ group }) => group.isDefault,
      ...COMMON_FIELDS,
      // Only the rules in an answer about a group show them.
      tags: () => undefined,
    },
    attributes: {
      security_group_id: { check: text(36), settable: 'post', isRequired: true },
      direction: { check: oneOf(['ingress', 'egress']), settable: 'post', isRequired: true },
      ethertype: { check: ethertype, settable: 'post' },
      protocol: { check: protocolOf, settable: 'post' },
      port_range_min: { check: portOf, settable: 'post' },
      port_range_max: { check: portOf, settable: 'post' },
      remote_ip_prefix: { check: any, settable: 'post' },
      remote_group_id: { check: orNull(text(36)), settable: 'post' },
      remote_address_group_id: { check: any, settable: 'post' },
      description: { check: text(255), settable: 'put' },
    },
    filters: {
      security_group_id: 'text',
      direction: 'text',
      ethertype: 'text',
      protocol: 'text',
      port_range_min: 'text',
      port_range_max: 'text',
      remote_ip_prefix: 'text',
      remote_group_id: 'text',
    },
    isHiddenPlainly: true,
    isVisible: (row, owner) => isOwn(row, owner) || isOwn(row.group, owner),
    mayChange: isOwn,
    mayCreate(values, owner) {
      const group = state.groups.get(values.security_group_id as string);
      return isMember(owner) && (!group || isOwn(group, owner) || isAdmin(owner));
    },
    create: (values, projectId) => add(checked(values, projectId)),
    createAll(all, projectId) {
      const made = all.map((values) => checked(values, projectId));
      const isTwice = made.some(({ wish }, index) => made.some((other, at) => at < index && isSame(other.wish, wish)));
      if (isTwice) throw refused(409, 'DuplicateSecurityGroupRuleInPost', 'Duplicate Security Group Rule in POST.');
      return made.map(add);
    },
    update(row, values) {
      row.description = (values.description ?? row.description) as string;
    },
    remove(row) {
      state.rules.delete(row.id);
      row.group.rules.delete(row);
      state.touch(row.group);
    },
  };
}
