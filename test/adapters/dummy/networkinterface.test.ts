import { describe, expect, test } from '@jest/globals';
import type { Adapter, Native } from '../../../lib/adapter/contract.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { typeId } from '../../../lib/occi/types.ts';
import { fails } from '../../contract/adapter.ts';
import { attach, end, kindOf, linkTo, make, NO_CHANGE, startCloud } from './cloud.ts';

const ADDRESS = 'occi.networkinterface.address';
const GATEWAY = 'occi.networkinterface.gateway';
const ALLOCATION = 'occi.networkinterface.allocation';
const INTERFACE = 'occi.networkinterface.interface';
const MAC = 'occi.networkinterface.mac';
const IP = typeId(MIXINS.ipnetworkinterface);

const ipNetwork = (adapter: Adapter, address: string, gateway?: string): Promise<Native> =>
  make(
    adapter,
    'network',
    { 'occi.network.address': address, ...(gateway !== undefined && { 'occi.network.gateway': gateway }) },
    { mixins: [MIXINS.ipnetwork] },
  );
const addresses = (links: readonly Native[]) => links.map(({ attributes }) => attributes[ADDRESS]);

describe('an interface of an IP network', () => {
  test('gets the next free address after the gateway', async () => {
    const adapter = startCloud().adapter();
    const network = await ipNetwork(adapter, '10.1.2.0/29', '10.1.2.2');
    const compute = await make(adapter, 'compute');
    const first = await attach(adapter, compute, end(network));
    expect(first.attributes).toEqual({
      [ADDRESS]: '10.1.2.1',
      [GATEWAY]: '10.1.2.2',
      [ALLOCATION]: 'dynamic',
      [INTERFACE]: 'eth0',
      [MAC]: expect.stringMatching(/^02(:[0-9a-f]{2}){5}$/),
      'occi.networkinterface.state': 'active',
    });
    expect(first.mixins).toEqual([IP]);
    const second = await attach(adapter, compute, end(network));
    expect(second.attributes).toMatchObject({ [ADDRESS]: '10.1.2.3', [INTERFACE]: 'eth1' });
    expect([first.id, second.id]).toEqual([`${compute.id}:nic0:${network.id}`, `${compute.id}:nic1:${network.id}`]);
  });

  test('gets the address that the client asks for, if it is in the network and free', async () => {
    const adapter = startCloud().adapter();
    const network = await ipNetwork(adapter, '10.1.2.0/29', '10.1.2.1');
    const compute = await make(adapter, 'compute');
    const nic = (address: string) => attach(adapter, compute, end(network), { [ADDRESS]: address });
    expect((await nic('10.1.2.6')).attributes).toMatchObject({ [ADDRESS]: '10.1.2.6', [ALLOCATION]: 'static' });
    expect(await fails(nic('10.1.2.6'), 'conflict')).toContain('10.1.2.6');
    expect(await fails(nic('10.1.2.1'), 'conflict')).toContain('not free');
    for (const outside of ['10.1.2.0', '10.1.2.7', '10.1.3.1', '2001:db8::1']) {
      expect(await fails(nic(outside), 'invalid')).toContain(outside);
    }
  });

  test('frees its address when it is removed, and when its compute is removed', async () => {
    const adapter = startCloud().adapter();
    const network = await ipNetwork(adapter, '10.1.2.0/30');
    const links = [linkTo(end(network)), linkTo(end(network))];
    const compute = await make(adapter, 'compute', {}, { links });
    expect(addresses(compute.links!)).toEqual(['10.1.2.1', '10.1.2.2']);
    const other = await make(adapter, 'compute');
    expect(await fails(attach(adapter, other, end(network)), 'conflict')).toContain('no free address');
    await kindOf(adapter, 'networkinterface').remove!(compute.links![0]!.id);
    expect((await attach(adapter, other, end(network))).attributes[ADDRESS]).toBe('10.1.2.1');
    await kindOf(adapter, 'compute').remove!(compute.id);
    expect((await attach(adapter, other, end(network))).attributes[ADDRESS]).toBe('10.1.2.2');
  });

  test('can have an IPv6 address', async () => {
    const adapter = startCloud().adapter();
    const network = await ipNetwork(adapter, '2001:db8:0:1::/64', '2001:DB8:0:1::1');
    const compute = await make(adapter, 'compute');
    expect((await attach(adapter, compute, end(network))).attributes[ADDRESS]).toBe('2001:db8:0:1::2');
    const asked = await attach(adapter, compute, end(network), { [ADDRESS]: '2001:0DB8:0:1:0:0:0:00FF' });
    expect(asked.attributes[ADDRESS]).toBe('2001:db8:0:1::ff');
    await fails(attach(adapter, compute, end(network), { [ADDRESS]: '2001:db8:0:2::1' }), 'invalid');
  });

  test('gets an address of its own when many are created at once', async () => {
    const cloud = startCloud();
    const callers = ['anne', 'bob'].map((name) => cloud.adapter(name));
    const links = [linkTo({ kind: 'network', id: 'n-public' })];
    const made = await Promise.all(
      Array.from({ length: 40 }, (_, i) => make(callers[i % 2]!, 'compute', {}, { links })),
    );
    expect(new Set(addresses(made.flatMap((compute) => compute.links!))).size).toBe(40);
    const one = await make(callers[0]!, 'compute');
    const nics = await Promise.all(
      Array.from({ length: 12 }, () => attach(callers[0]!, one, { kind: 'network', id: 'n-private' })),
    );
    expect(new Set(nics.map((nic) => nic.id)).size).toBe(12);
    expect(new Set(nics.map((nic) => nic.attributes[INTERFACE])).size).toBe(12);
    expect(new Set(addresses(nics)).size).toBe(12);
  });

  test('changes its address, its MAC and its gateway', async () => {
    const adapter = startCloud().adapter();
    const network = await ipNetwork(adapter, '10.1.2.0/29');
    const compute = await make(adapter, 'compute');
    const nics = kindOf(adapter, 'networkinterface');
    const [{ id }, other] = [
      await attach(adapter, compute, end(network)),
      await attach(adapter, compute, end(network)),
    ];
    const update = (set: Record<string, string>, more = {}) => nics.update!(id, { ...NO_CHANGE, set, ...more });
    const moved = await update({ [ADDRESS]: '10.1.2.5', [MAC]: '52:54:00:00:00:01', [GATEWAY]: '10.1.2.6' });
    expect(moved.id).toBe(id);
    expect(moved.attributes).toMatchObject({
      [ADDRESS]: '10.1.2.5',
      [MAC]: '52:54:00:00:00:01',
      [GATEWAY]: '10.1.2.6',
      [ALLOCATION]: 'static',
    });
    expect((await attach(adapter, compute, end(network))).attributes[ADDRESS]).toBe('10.1.2.1');
    await fails(update({ [ADDRESS]: '10.1.2.2' }), 'conflict');
    await fails(update({ [ADDRESS]: '10.2.2.2' }), 'invalid');
    await fails(update({ [MAC]: String(other.attributes[MAC]) }), 'conflict');
    await fails(update({ [ADDRESS]: '10.1.2.4', [MAC]: String(other.attributes[MAC]) }), 'conflict');
    await attach(adapter, compute, end(network), { [ADDRESS]: '10.1.2.4' });
    await fails(update({}, { removeMixins: [IP] }), 'conflict');
    const kept = await update({}, { unset: [MAC, 'occi.core.title'] });
    expect(kept.attributes).toMatchObject({ [ADDRESS]: '10.1.2.5', [MAC]: '52:54:00:00:00:01' });
  });

  test('gets the interface name and MAC that the client asks for, if they are free', async () => {
    const adapter = startCloud().adapter();
    const compute = await make(adapter, 'compute');
    const nic = (attributes: Record<string, string>) =>
      attach(adapter, compute, { kind: 'network', id: 'n-private' }, attributes);
    expect((await nic({ [INTERFACE]: 'eth1', [MAC]: 'AA:bb:cc:00:00:01' })).attributes).toMatchObject({
      [INTERFACE]: 'eth1',
      [MAC]: 'AA:bb:cc:00:00:01',
    });
    expect((await nic({})).attributes[INTERFACE]).toBe('eth0');
    expect((await nic({})).attributes[INTERFACE]).toBe('eth2');
    expect(await fails(nic({ [INTERFACE]: 'eth1' }), 'conflict')).toContain('eth1');
    expect(await fails(nic({ [MAC]: 'aa:bb:CC:00:00:01' }), 'conflict')).toContain('aa:bb:CC:00:00:01');
    const { items } = await kindOf(adapter, 'networkinterface').list({});
    expect(addresses(items)).toEqual(['10.0.0.2', '10.0.0.3', '10.0.0.4']);
  });
});

describe('an interface of a network without addresses', () => {
  test('has only a MAC, and keeps the network from being removed', async () => {
    const adapter = startCloud().adapter();
    const network = await make(adapter, 'network', { 'occi.network.vlan': 7 });
    const compute = await make(adapter, 'compute');
    const nics = await Promise.all([1, 2].map(() => attach(adapter, compute, end(network))));
    for (const nic of nics) {
      expect(nic.mixins).toEqual([]);
      expect(nic.attributes).not.toHaveProperty(ADDRESS);
    }
    expect(await fails(kindOf(adapter, 'network').remove!(network.id), 'conflict')).toContain('2 links');
    for (const nic of nics) await kindOf(adapter, 'networkinterface').remove!(nic.id);
    await kindOf(adapter, 'network').remove!(network.id);
  });
});

describe('an interface of a reservation', () => {
  const USED = 'occi.ipreservation.used';

  test('has the reserved address, which no other interface can take in the meantime', async () => {
    const adapter = startCloud().adapter();
    const [one, two] = [await make(adapter, 'compute'), await make(adapter, 'compute')];
    const reservation = await make(adapter, 'ipreservation');
    expect(reservation.attributes).toMatchObject({ 'occi.ipreservation.address': '203.0.113.1', [USED]: false });
    const nic = await attach(adapter, one, end(reservation));
    expect(nic.attributes).toMatchObject({ [ADDRESS]: '203.0.113.1', [ALLOCATION]: 'static' });
    expect(nic.mixins).toEqual([IP]);
    expect((await kindOf(adapter, 'ipreservation').list({})).items[0]!.attributes[USED]).toBe(true);
    for (const compute of [one, two]) await fails(attach(adapter, compute, end(reservation)), 'conflict');
    expect(await fails(kindOf(adapter, 'ipreservation').remove!(reservation.id), 'conflict')).toContain('1 link');
    await fails(
      kindOf(adapter, 'networkinterface').update!(nic.id, { ...NO_CHANGE, set: { [ADDRESS]: '203.0.113.9' } }),
      'conflict',
    );
    await kindOf(adapter, 'compute').remove!(one.id);
    expect((await kindOf(adapter, 'ipreservation').get(reservation.id)).attributes[USED]).toBe(false);
    await fails(attach(adapter, two, end(reservation), { [ADDRESS]: '203.0.113.77' }), 'invalid');
    await attach(adapter, two, end(reservation), { [ADDRESS]: '203.0.113.1' });
  });
});

describe('a reservation', () => {
  const POOLS = {
    floatingIpPools: [
      { term: 'small', title: 'Small', range: '192.0.2.0/30' },
      { term: 'other', title: 'Other', range: '2001:db8::/126' },
    ],
  };
  const WANTED = 'occi.ipreservation.address';

  test('is taken from a pool that all tenants share', async () => {
    const cloud = startCloud({ settings: POOLS });
    const [anne, bob] = [cloud.adapter('anne'), cloud.adapter('bob')];
    const first = await make(anne, 'ipreservation');
    expect(first.mixins).toEqual(['http://dummy.example.org/occi/infrastructure/floatingippool#small']);
    expect((await make(bob, 'ipreservation')).attributes[WANTED]).toBe('192.0.2.2');
    expect(await fails(make(bob, 'ipreservation'), 'conflict')).toContain('small');
    await kindOf(anne, 'ipreservation').remove!(first.id);
    expect((await make(bob, 'ipreservation')).attributes[WANTED]).toBe('192.0.2.1');
    const mixins = (await bob.catalogue()).mixins.filter(({ term }) => term === 'other');
    expect((await make(bob, 'ipreservation', {}, { mixins })).attributes[WANTED]).toBe('2001:db8::1');
  });

  test('can be made for an address that the client names', async () => {
    const adapter = startCloud({ settings: POOLS }).adapter();
    const named = await make(adapter, 'ipreservation', { [WANTED]: '192.0.2.2' });
    await fails(make(adapter, 'ipreservation', { [WANTED]: '192.0.2.2' }), 'conflict');
    await fails(make(adapter, 'ipreservation', { [WANTED]: '10.0.0.1' }), 'invalid');
    const update = kindOf(adapter, 'ipreservation').update!;
    await fails(update(named.id, { ...NO_CHANGE, set: { [WANTED]: '192.0.2.1' } }), 'notImplemented');
    const { mixins } = await adapter.catalogue();
    await fails(
      update(named.id, { ...NO_CHANGE, addMixins: mixins.filter(({ term }) => term === 'other') }),
      'notImplemented',
    );
    expect((await update(named.id, { ...NO_CHANGE, unset: [WANTED] })).attributes[WANTED]).toBe('192.0.2.2');
  });
});
