import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type SecurityGroup, securityGroup, securityGroupPool } from '../../../../adapters/opennebula/native/index.ts';
import { securitygroup, toSecuritygroup } from '../../../../adapters/opennebula/securitygroup/securitygroup.ts';
import type { Change, Draft } from '../../../../lib/adapter/contract.ts';
import type { Attributes } from '../../../../lib/occi/types.ts';
import { fails } from '../../../contract/adapter.ts';
import { type OpenNebula, startOpenNebula } from '../../../oned/index.ts';
import { callerOf } from '../caller.ts';
import { expectAllowed, recorded, silent } from '../recorded.ts';
import { recordings } from '../recordings.ts';

const RULES = 'occi.securitygroup.rules';
const RULE = { type: 'inbound', protocol: 'tcp', range: '192.0.2.0/24', port: '443' };

describe('A recorded security group', () => {
  const all = recordings(/^one\.(secgroup\.info|secgrouppool\.info)--/).flatMap((name) => {
    const groups = name.includes('pool') ? recorded(name, securityGroupPool) : recorded(name, securityGroup);
    return (groups === undefined ? [] : [groups].flat()).map((one): [string, SecurityGroup] => [name, one]);
  });

  test.each(all)('%s is what the tables allow', async (_name, one) =>
    expectAllowed(await toSecuritygroup(silent(), one)),
  );

  test('has its rules whole: protocol, ports and range', async () => {
    const { attributes } = await toSecuritygroup(silent(), recorded('one.secgroup.info--web', securityGroup)!);
    expect(attributes[RULES]).toEqual([
      { type: 'inbound', protocol: 'tcp', range: '0.0.0.0/16', port: '80,443,8000-8100' },
      { type: 'outbound', protocol: 'all' },
    ]);
  });

  test('of the provider is published', async () => {
    const { published } = await toSecuritygroup(silent(), recorded('one.secgroup.info--default', securityGroup)!);
    expect(published).toBe(true);
  });
});

describe('Through OpenNebula', () => {
  let one: OpenNebula;
  beforeEach(async () => {
    one = await startOpenNebula({ step: 1 });
  });
  afterEach(() => one.close());

  const cloud = (user = 'alice') => callerOf(one.endpoint, { session: `${user}:password` });
  const as = (user?: string) => securitygroup(cloud(user));
  const draft = (attributes: Attributes): Draft<'securitygroup'> =>
    ({ kind: 'securitygroup', attributes, mixins: [], links: [] }) as Draft<'securitygroup'>;
  const change = (set: Attributes, unset: string[] = []) =>
    ({ set, unset, addMixins: [], removeMixins: [] }) as Change<'securitygroup'>;

  test('two with one title are two, and one token makes one', async () => {
    const group = draft({ 'occi.core.title': 'web', [RULES]: [RULE] });
    const [first, second] = [await as().create!(group, 'a'), await as().create!(group, 'b')];
    expect(first.id).not.toBe(second.id);
    expect([first, second].map(({ attributes }) => [attributes['occi.core.title'], attributes[RULES]])).toEqual([
      ['web', [RULE]],
      ['web', [RULE]],
    ]);
    expect((await as().create!(group, 'a')).id).toBe(first.id);
    expect((await as().findByToken!('b'))?.id).toBe(second.id);
  });

  test('rules are replaced all together, and can be none', async () => {
    const { id } = await as().create!(draft({ 'occi.core.summary': 's', [RULES]: [RULE] }), 'rules');
    const other = [{ type: 'outbound', protocol: 'udp' }, RULE];
    expect((await as().update!(id, change({ [RULES]: other }))).attributes[RULES]).toEqual(other);
    expect((await as().update!(id, change({ 'occi.core.title': 't' }))).attributes[RULES]).toEqual(other);
    const { attributes } = await as().update!(id, change({ [RULES]: [] }));
    expect(attributes).toMatchObject({ [RULES]: [], 'occi.core.title': 't', 'occi.core.summary': 's' });
  });

  test('a rule about a network is reported, and stays when the others are replaced', async () => {
    const rules =
      '<RULE><PROTOCOL>TCP</PROTOCOL><RULE_TYPE>inbound</RULE_TYPE><NETWORK_ID>0</NETWORK_ID></RULE>' +
      '<RULE><PROTOCOL>UDP</PROTOCOL><RULE_TYPE>inbound</RULE_TYPE></RULE>';
    const { client } = cloud();
    const id = await client.call('one.secgroup.allocate', [`<T><NAME>native</NAME>${rules}</T>`], z.int());
    const { attributes } = await as().get(String(id));
    expect(attributes[RULES]).toEqual([{ type: 'inbound', protocol: 'udp' }]);
    expect(attributes['occi.securitygroup.state.message']).toContain('1 of its rules');
    await as().update!(String(id), change({ [RULES]: [RULE] }));
    const { TEMPLATE } = await client.call('one.secgroup.info', [id], securityGroup);
    expect(TEMPLATE.RULE.map(({ NETWORK_ID, IP }) => [NETWORK_ID, IP])).toEqual([
      [undefined, '192.0.2.0'],
      [0, undefined],
    ]);
  });

  test('what OpenNebula cannot express changes nothing', async () => {
    const { id } = await as().create!(draft({ [RULES]: [RULE] }), 'wrong');
    await fails(as().update!(id, change({ [RULES]: [RULE, { type: 'inbound', protocol: 'sctp' }] })), 'invalid');
    expect((await as().get(id)).attributes[RULES]).toEqual([RULE]);
  });

  test('other users do not see it, and the published one cannot be changed', async () => {
    const { id } = await as().create!(draft({}), 'mine');
    await fails(as('bob').get(id), 'notFound');
    await fails(as('bob').remove!(id), 'notFound');
    await fails(as().remove!('0'), 'forbidden');
    await fails(as().update!('0', change({ 'occi.core.title': 'mine' })), 'forbidden');
    await as().remove!(id);
    await fails(as().remove!(id), 'notFound');
  });
});
