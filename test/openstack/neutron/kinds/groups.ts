import { isMember } from '../../service.ts';
import { defaultGroup, makeGroup } from '../default-group.ts';
import { isOwn, type Kind, type Viewer } from '../kind.ts';
import { viewOf } from '../listing.ts';
import { refused } from '../refusals.ts';
import type { Group, Rule } from '../rows.ts';
import type { State } from '../state.ts';
import { any, boolean, text } from '../values.ts';
import { COMMON_FIELDS, PROJECT_FIELDS } from './networks.ts';

const isDefaultName = (name: unknown): boolean => String(name).toLowerCase() === 'default';

const nameExceptDefault = (value: unknown, name: string): unknown => {
  if (isDefaultName(value))
    throw refused(409, 'SecurityGroupDefaultAlreadyExists', 'Default security group already exists.');
  return text(255)(value, name);
};

const byId = (one: Rule, other: Rule): number => (one.id < other.id ? -1 : 1);

export function groups(state: State, rules: Kind<Rule>): Kind<Group> {
  const shownRules = (group: Group, viewer: Viewer): object[] =>
    [...group.rules].sort(byId).map((rule) => ({
      ...viewOf(rules, rule, viewer),
      standard_attr_id: rule.number,
      tags: rule.tags,
      belongs_to_default_sg: group.isDefault ? null : false,
    }));
  return {
    one: 'security_group',
    many: 'security_groups',
    type: 'SecurityGroup',
    missing: (id) => `Security group ${id} does not exist`,
    rows: state.groups,
    quota: 'security_group',
    fields: {
      id: ({ id }) => id,
      name: ({ name }) => name,
      stateful: ({ isStateful }) => isStateful,
      ...PROJECT_FIELDS,
      shared: ({ sharedWith }, { projectId }) => sharedWith.has(projectId),
      security_group_rules: shownRules,
      ...COMMON_FIELDS,
    },
    attributes: {
      name: { check: nameExceptDefault, settable: 'put' },
      description: { check: text(255), settable: 'put' },
      stateful: { check: boolean, settable: 'put' },
      security_group_rules: { check: any, settable: 'none' },
    },
    filters: { stateful: 'boolean', shared: 'boolean' },
    isVisible: (group, owner) => isOwn(group, owner) || group.sharedWith.has(owner.projectId ?? ''),
    mayChange: isOwn,
    mayCreate(_, owner) {
      if (owner.projectId !== undefined) defaultGroup(state, owner.projectId);
      return isMember(owner);
    },
    create: (values, projectId) =>
      makeGroup(state, projectId, {
        name: (values.name ?? '') as string,
        description: (values.description ?? '') as string,
        isStateful: values.stateful !== false,
      }),
    update(row, values) {
      if (row.isDefault && values.name !== undefined)
        throw refused(409, 'SecurityGroupCannotUpdateDefault', 'Updating default security group not allowed.');
      row.name = (values.name ?? row.name) as string;
      row.description = (values.description ?? row.description) as string;
      row.isStateful = (values.stateful ?? row.isStateful) as boolean;
    },
    remove(row) {
      if (row.ports.size > 0) throw refused(409, 'SecurityGroupInUse', `Security Group ${row.id} in use.`);
      if (row.isDefault) {
        const sentence = 'Insufficient rights for removing default security group.';
        throw refused(409, 'SecurityGroupCannotRemoveDefault', sentence);
      }
      for (const rule of row.rules) state.rules.delete(rule.id);
      state.groups.delete(row.id);
    },
  };
}
