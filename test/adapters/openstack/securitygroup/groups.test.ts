/** Every recorded group is a valid securitygroup; what OCCI cannot say of it is counted. */
import { describe, expect, test } from '@jest/globals';
import { markOf } from '../../../../adapters/openstack/mark.ts';
import { type SecurityGroup, securityGroup } from '../../../../adapters/openstack/native/security-group.ts';
import { isUnfinished, toSecuritygroup } from '../../../../adapters/openstack/securitygroup/reads.ts';
import { RULES } from '../../../../lib/adapter/security-rules.ts';
import { expectValid } from '../../../contract/adapter/validity.ts';
import { recordingsOf } from '../../../openstack/recordings.ts';

const groups = recordingsOf('neutron').flatMap(({ name, response: { status, body } }) => {
  if (status >= 300 || !name.startsWith('neutron.security-groups.')) return [];
  const { security_group: one, security_groups: all = [] } = (body ?? {}) as {
    security_group?: SecurityGroup;
    security_groups?: SecurityGroup[];
  };
  const whole = [...(one ? [one] : []), ...all].filter((group) => Object.hasOwn(group, 'name'));
  return whole.map((group) => [name, securityGroup.parse(group)] as const);
});

describe('a recorded group', () => {
  test.each(groups)('of %s is valid', (_name, group) => {
    const shown = toSecuritygroup(group, group.project_id!);
    expectValid(shown, []);
    expect(shown.attributes['occi.core.title']).toBe(group.name || undefined);
    expect(shown.published).toBe(group.name === 'default' ? true : undefined);
  });

  test('that is new shows the rule of Neutron for all that goes out', () => {
    const [, fresh] = groups.find(([name]) => name === 'neutron.security-groups.create--plain')!;
    expect(fresh.security_group_rules).toHaveLength(2);
    expect(toSecuritygroup(fresh, fresh.project_id!).attributes[RULES]).toEqual([
      { type: 'outbound', protocol: 'all' },
    ]);
  });

  test('that is the default one says that it has rules about itself', () => {
    const [, own] = groups.find(([name]) => name === 'neutron.security-groups.list--default')!;
    const { attributes } = toSecuritygroup(own, own.project_id!);
    expect(attributes[RULES]).toEqual([{ type: 'outbound', protocol: 'all' }]);
    expect(attributes['occi.securitygroup.state.message']).toMatch(/^2 of its rules cannot be shown/);
  });

  test('of another project is published', () => {
    const [, group] = groups.find(([name]) => name === 'neutron.security-groups.create--plain')!;
    expect(toSecuritygroup(group, 'another').published).toBe(true);
  });
});

describe('a group that is being made', () => {
  const [, group] = groups[0]!;

  test('has the mark of its token for a description, which is no summary', () => {
    const begun = { ...group, description: markOf('a token') };
    expect(isUnfinished(begun)).toBe(true);
    expect(toSecuritygroup(begun, group.project_id!).attributes).not.toHaveProperty('occi.core.summary');
  });

  test('is finished with its summary, or without one', () => {
    expect(isUnfinished({ ...group, description: '' })).toBe(false);
    expect(isUnfinished({ ...group, description: 'occi-token-short' })).toBe(false);
  });
});
