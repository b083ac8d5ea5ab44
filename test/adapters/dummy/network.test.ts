import { describe, expect, test } from '@jest/globals';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { typeId } from '../../../lib/occi/types.ts';
import { fails } from '../../contract/adapter.ts';
import { attach, end, kindOf, make, NO_CHANGE, startCloud } from './cloud.ts';

describe('what the provider publishes', () => {
  test('comes first, under ids that never change, for every tenant', async () => {
    const cloud = startCloud();
    const own = await make(cloud.adapter(), 'network');
    for (const adapter of [cloud.adapter(), cloud.restarted().adapter()]) {
      expect((await kindOf(adapter, 'network').ids({})).items).toEqual(['n-public', 'n-private', own.id]);
      expect((await kindOf(adapter, 'securitygroup').ids({})).items).toEqual(['g-default']);
    }
    const { items } = await kindOf(cloud.adapter('bob'), 'network').list({});
    expect(items.map(({ id, published }) => [id, published])).toEqual([
      ['n-public', true],
      ['n-private', true],
    ]);
    expect(items[0]!.mixins).toEqual([typeId(MIXINS.ipnetwork)]);
    expect(await kindOf(cloud.adapter(), 'network').get('n-public')).toEqual(items[0]);
  });

  test('can be used by all callers but changed by none of them', async () => {
    const adapter = startCloud().adapter();
    const networks = kindOf(adapter, 'network');
    await fails(networks.act!('n-public', 'down' as never, {}), 'forbidden');
    await fails(networks.remove!('n-private'), 'forbidden');
    await fails(networks.update!('n-public', { ...NO_CHANGE, set: { 'occi.core.title': 'mine' } }), 'forbidden');
    await fails(kindOf(adapter, 'securitygroup').remove!('g-default'), 'forbidden');
    const compute = await make(adapter, 'compute');
    await attach(adapter, compute, { kind: 'securitygroup', id: 'g-default' });
    await fails(attach(adapter, compute, { kind: 'securitygroup', id: 'g-default' }), 'conflict');
  });
});

describe('a network', () => {
  const ip = { mixins: [MIXINS.ipnetwork] };

  test('has addresses if it is an IP network, those of the client if there are any', async () => {
    const adapter = startCloud().adapter();
    expect((await make(adapter, 'network')).attributes).toEqual({ 'occi.network.state': 'active' });
    expect((await make(adapter, 'network', {}, ip)).attributes).toMatchObject({
      'occi.network.address': '192.168.0.0/24',
      'occi.network.gateway': '192.168.0.1',
      'occi.network.allocation': 'dynamic',
    });
    const given = {
      'occi.network.address': 'fd00::/48',
      'occi.network.allocation': 'static',
      'occi.network.vlan': 12,
    } as const;
    expect((await make(adapter, 'network', given, ip)).attributes).toEqual({
      ...given,
      'occi.network.state': 'active',
    });
    const outside = { 'occi.network.address': '10.0.0.0/24', 'occi.network.gateway': '10.0.1.1' };
    expect(await fails(make(adapter, 'network', outside, ip), 'invalid')).toContain('10.0.1.1');
  });

  test('keeps its addresses while they are in use', async () => {
    const adapter = startCloud().adapter();
    const networks = kindOf(adapter, 'network');
    const network = await make(adapter, 'network', {}, ip);
    const set = { 'occi.network.address': '10.5.0.0/24', 'occi.network.gateway': '10.5.0.1' };
    const link = await attach(adapter, await make(adapter, 'compute'), end(network));
    expect(await fails(networks.update!(network.id, { ...NO_CHANGE, set }), 'conflict')).toContain('1 link');
    await networks.update!(network.id, { ...NO_CHANGE, set: { 'occi.network.label': 'x' } });
    await kindOf(adapter, 'networkinterface').remove!(link.id);
    expect((await networks.update!(network.id, { ...NO_CHANGE, set })).attributes).toMatchObject({
      ...set,
      'occi.network.label': 'x',
    });
    await fails(networks.update!(network.id, { ...NO_CHANGE, set: { 'occi.network.gateway': '10.9.0.1' } }), 'invalid');
  });

  test('is never removed under a link that is made at the same time', async () => {
    const adapter = startCloud().adapter();
    for (let round = 0; round < 30; round++) {
      const [compute, network] = [
        await make(adapter, 'compute'),
        await make(adapter, 'network', {}, round % 2 ? ip : {}),
      ];
      const late = async <T>(turns: number, act: () => Promise<T>) => {
        for (let turn = 0; turn < turns; turn++) await null;
        return act();
      };
      const [attached, removed] = await Promise.allSettled([
        late(round % 5, () => attach(adapter, compute, end(network))),
        late(Math.floor(round / 3), () => kindOf(adapter, 'network').remove!(network.id)),
      ]);
      const there = await kindOf(adapter, 'network')
        .get(network.id)
        .then(
          () => true,
          () => false,
        );
      expect(there).toBe(removed.status === 'rejected');
      expect([attached.status, removed.status]).not.toEqual(['fulfilled', 'fulfilled']);
      const links = (await kindOf(adapter, 'compute').get(compute.id)).links!;
      expect(links).toHaveLength(attached.status === 'fulfilled' ? 1 : 0);
    }
  });
});

describe('a security group', () => {
  test('keeps its rules, and counts its users', async () => {
    const adapter = startCloud().adapter();
    const groups = kindOf(adapter, 'securitygroup');
    const rules = [{ type: 'inbound', protocol: 'tcp', range: '0.0.0.0/0', port: '22,80-90' }];
    const group = await make(adapter, 'securitygroup', { 'occi.securitygroup.rules': rules });
    expect(group.attributes).toEqual({ 'occi.securitygroup.rules': rules, 'occi.securitygroup.state': 'active' });
    const computes = [await make(adapter, 'compute'), await make(adapter, 'compute')];
    for (const compute of computes) await attach(adapter, compute, end(group));
    await fails(attach(adapter, computes[0]!, end(group)), 'conflict');
    expect(await fails(groups.remove!(group.id), 'conflict')).toContain('2 links');
    const more = [...rules, { type: 'outbound' }];
    expect(
      (await groups.update!(group.id, { ...NO_CHANGE, set: { 'occi.securitygroup.rules': more } })).attributes[
        'occi.securitygroup.rules'
      ],
    ).toEqual(more);
    expect(
      (await groups.update!(group.id, { ...NO_CHANGE, unset: ['occi.securitygroup.rules'] })).attributes[
        'occi.securitygroup.rules'
      ],
    ).toEqual([]);
    for (const compute of computes) await kindOf(adapter, 'compute').remove!(compute.id);
    await groups.remove!(group.id);
  });
});
