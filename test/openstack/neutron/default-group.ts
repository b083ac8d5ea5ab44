import type { Group, Rule } from './rows.ts';
import type { State } from './state.ts';

type NewRule = Pick<Rule, 'direction' | 'ethertype'> & Partial<Omit<Rule, 'group' | 'id' | 'tags'>>;

export function addRule(state: State, group: Group, wanted: NewRule, description: string | null = null): Rule {
  const rule: Rule = {
    ...state.row(group.projectId),
    description,
    group,
    protocol: null,
    portMin: null,
    portMax: null,
    remotePrefix: null,
    remoteGroupId: null,
    number: state.nextNumber(),
    ...wanted,
  };
  rule.revision = 0;
  state.rules.set(rule.id, rule);
  group.rules.add(rule);
  return rule;
}

const VERSIONS = ['IPv4', 'IPv6'] as const;

/** A group that lets everything out, as every new one does. */
export function makeGroup(
  state: State,
  projectId: string,
  {
    name,
    description,
    isDefault = false,
    isStateful = true,
  }: {
    readonly name: string;
    readonly description: string;
    readonly isDefault?: boolean;
    readonly isStateful?: boolean;
  },
): Group {
  const group: Group = {
    ...state.row(projectId, { name, description }),
    isDefault,
    isStateful,
    rules: new Set(),
    ports: new Set(),
    sharedWith: new Set(),
  };
  state.groups.set(group.id, group);
  for (const ethertype of VERSIONS) addRule(state, group, { direction: 'egress', ethertype });
  return group;
}

/** The group `default` of a project, which is made when the project is first looked at; its members reach each other. */
export function defaultGroup(state: State, projectId: string): Group {
  const known = state.defaultGroups.get(projectId);
  if (known) return known;
  const group = makeGroup(state, projectId, {
    name: 'default',
    description: 'Default security group',
    isDefault: true,
  });
  for (const ethertype of VERSIONS) addRule(state, group, { direction: 'ingress', ethertype, remoteGroupId: group.id });
  state.defaultGroups.set(projectId, group);
  return group;
}
