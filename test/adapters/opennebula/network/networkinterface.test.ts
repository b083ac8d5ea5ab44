import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type Vm, vm, vmPool } from '../../../../adapters/opennebula/native/index.ts';
import {
  networkinterface,
  nicOf,
  toNetworkinterfaces,
} from '../../../../adapters/opennebula/network/networkinterface.ts';
import type { Change, Draft, LinkDraft, NativeEnd } from '../../../../lib/adapter/contract.ts';
import type { Attributes } from '../../../../lib/occi/types.ts';
import { fails } from '../../../contract/adapter.ts';
import { type OpenNebula, startOpenNebula } from '../../../oned/index.ts';
import { callerOf } from '../caller.ts';
import { expectAllowed, read, recorded } from '../recorded.ts';
import { recordings } from '../recordings.ts';

const ADDRESS = 'occi.networkinterface.address';
const INTERFACE = 'occi.networkinterface.interface';
const MAC = 'occi.networkinterface.mac';

describe('A recorded machine', () => {
  const all = recordings(/^one\.(vm\.info|vmpool\.infoextended)--/).flatMap((name) => {
    const vms = name.includes('pool') ? recorded(name, vmPool) : recorded(name, vm);
    const there = (vms === undefined ? [] : [vms].flat()).filter(({ STATE }) => STATE !== 6);
    return there.map((one): [string, Vm] => [name, one]);
  });

  test.each(all)('%s has interfaces that the tables allow', (_name, one) => {
    const links = toNetworkinterfaces(one);
    for (const link of links) expectAllowed(link);
    expect(new Set(links.map(({ id }) => id)).size).toBe(links.length);
  });

  test('with three NICs and an alias has four interfaces, each with its own name and address', () => {
    const links = toNetworkinterfaces(recorded('one.vm.info--with-3-nics-and-alias', vm)!);
    expect(links.map(({ id, attributes }) => [id, attributes[INTERFACE], attributes[ADDRESS]])).toEqual([
      ['0:nic0:net0', 'eth0', '10.10.0.10'],
      ['0:nic1:net1', 'eth1', '203.0.113.13'],
      ['0:nic2:net0', 'eth2', '10.10.1.20'],
      ['0:nic3:net1', 'eth0:0', '203.0.113.14'],
    ]);
  });
});

/** A running machine of alice's with these NICs. */
const machineWith = (nics: string, more = ''): Vm =>
  read(
    '<VM><ID>42</ID><UID>2</UID><GID>1</GID><NAME>m</NAME><STATE>3</STATE><LCM_STATE>3</LCM_STATE>' +
      `<TEMPLATE>${nics}</TEMPLATE><USER_TEMPLATE/>${more}</VM>`,
    vm,
  );
const nic = (id: number, more: string) => `<NIC><NIC_ID>${id}</NIC_ID><NETWORK_ID>7</NETWORK_ID>${more}</NIC>`;
const shown = (...nics: string[]) => toNetworkinterfaces(machineWith(nics.join('')));

describe('An interface', () => {
  test('without any address is one, and no IP interface', () => {
    const [link] = shown(nic(0, '<MAC>02:00:00:00:00:01</MAC>'));
    expect(link).toMatchObject({ id: '42:nic0:net7', mixins: [], attributes: { [MAC]: '02:00:00:00:00:01' } });
    expect(link!.attributes).not.toHaveProperty([ADDRESS]);
  });

  test.each([
    ['<IP6>2001:db8::5</IP6>', '2001:db8::5'],
    ['<IP6_GLOBAL>2001:db8:0::5</IP6_GLOBAL><IP6_ULA>fd00::5</IP6_ULA>', '2001:db8::5'],
    ['<IP6_LINK>fe80::5</IP6_LINK>', undefined],
    ['<IP>10.0.0.5</IP><IP6_GLOBAL>2001:db8::5</IP6_GLOBAL>', '10.0.0.5'],
  ])('with %s has the address %s', (addresses, address) => {
    expect(shown(nic(0, addresses))[0]!.attributes[ADDRESS]).toBe(address);
  });

  test('keeps its name when another is detached, and no other gets a name that a client chose', () => {
    const names = (...nics: string[]) => shown(...nics).map(({ attributes }) => attributes[INTERFACE]);
    expect(names(nic(2, '<NAME>NIC2</NAME>'), nic(5, '<NAME>NIC5</NAME>'))).toEqual(['eth2', 'eth5']);
    expect(names(nic(0, '<NAME>eth1</NAME>'), nic(1, '<NAME>NIC1</NAME>'))).toEqual(['eth1', 'NIC1']);
  });

  test('is not shown until its network is chosen', () => {
    expect(shown('<NIC><NIC_ID>0</NIC_ID><NETWORK_MODE>auto</NETWORK_MODE></NIC>')).toEqual([]);
  });

  test('ends at the ipreservation that it was made for', () => {
    const [link] = shown(nic(0, '<OCCI_TARGET>ipreservation</OCCI_TARGET>'));
    expect(link!.target).toEqual({ kind: 'ipreservation', id: '7' });
  });

  // History as measured on 6.10: each request ends the current record and begins another with action 0.
  test.each([
    ['comes', [23, 0], 'waiting'],
    ['comes after another has left', [23, 24, 23, 0], 'waiting'],
    ['does something in a pool, which has the last record only', [0], 'waiting'],
    ['leaves', [23, 24, 0], undefined],
    ['leaves, an alias', [47, 0], undefined],
  ])('that %s is recognised by the history', (_what, actions, state) => {
    const records = actions.map((action, seq) => `<HISTORY><SEQ>${seq}</SEQ><ACTION>${action}</ACTION></HISTORY>`);
    const history = `<HISTORY_RECORDS>${records.join('')}</HISTORY_RECORDS>`;
    const [link] = toNetworkinterfaces(machineWith(nic(0, '<ATTACH>YES</ATTACH>'), history));
    expect(link?.attributes['occi.networkinterface.state']).toBe(state);
  });
});

describe('The NIC of a draft', () => {
  const draft = (target: NativeEnd, attributes: Attributes = {}) =>
    ({ kind: 'networkinterface', attributes, mixins: [], target }) as LinkDraft<'networkinterface'>;
  const there = (target: NativeEnd, attributes?: Attributes) =>
    Object.fromEntries(Object.entries(nicOf(draft(target, attributes))).filter(([, value]) => value !== undefined));

  test('has what was asked for, and says that its network is an ipreservation', () => {
    expect(there({ kind: 'network', id: '7' })).toEqual({ NETWORK_ID: 7 });
    expect(there({ kind: 'ipreservation', id: '9' })).toEqual({ NETWORK_ID: 9, OCCI_TARGET: 'ipreservation' });
    expect(there({ kind: 'network', id: '7' }, { [ADDRESS]: '2001:DB8::5', [INTERFACE]: 'lan0' })).toEqual({
      NETWORK_ID: 7,
      IP6: '2001:db8::5',
      NAME: 'lan0',
    });
  });

  test('ends at nothing else', async () => {
    await fails((async () => nicOf(draft({ kind: 'storage', id: '1' })))(), 'invalid');
    await fails((async () => nicOf(draft({ kind: 'network', id: '1 or 2' })))(), 'invalid');
  });
});

describe('Through OpenNebula', () => {
  let one: OpenNebula;
  beforeEach(async () => {
    one = await startOpenNebula({ step: 1 });
  });
  afterEach(() => one.close());

  const cloud = (user = 'alice') => callerOf(one.endpoint, { session: `${user}:password` });
  const as = (user?: string) => networkinterface(cloud(user));

  /** A machine of alice's without NICs. */
  async function machine(state = 'RUNNING'): Promise<string> {
    const template = '<T><CPU>1</CPU><MEMORY>64</MEMORY></T>';
    const id = await cloud().client.call('one.vm.allocate', [template, false], z.int());
    one.site.steps.settle();
    one.put(id, state);
    return String(id);
  }

  const between = (compute: string, target: NativeEnd | string, attributes: Attributes = {}) =>
    ({
      kind: 'networkinterface',
      attributes,
      mixins: [],
      links: [],
      source: { kind: 'compute', id: compute },
      target: typeof target === 'string' ? { kind: 'network', id: target } : target,
    }) as unknown as Draft<'networkinterface'>;

  test.each(['RUNNING', 'POWEROFF'])('one is attached to and detached from a machine that is %s', async (state) => {
    const compute = await machine(state);
    const made = await as().create!(between(compute, '1', { [INTERFACE]: 'lan0' }), 'a');
    expect(made).toMatchObject({ source: { kind: 'compute', id: compute } });
    expect(made.id).toMatch(new RegExp(`^${compute}:nic0:net1:[0-9a-f]{12}$`));
    one.site.steps.settle();
    const { attributes, mixins } = await as().get(made.id);
    expect([attributes[INTERFACE], mixins.length]).toEqual(['lan0', 1]);
    await as().remove!(made.id);
    await fails(as().get(made.id), 'notFound');
    await fails(as().remove!(made.id), 'notFound');
  });

  test('it is made in one request, and once per token', async () => {
    const compute = await machine();
    const kind = as();
    await kind.ids({});
    const before = one.requests();
    const { id } = await kind.create!(between(compute, '1'), 'once');
    expect(one.requests() - before).toBe(1);
    one.site.steps.settle();
    expect((await kind.create!(between(compute, '1'), 'once')).id).toBe(id);
    expect((await as().findByToken!('once'))?.id).toBe(id);
    expect(await as().findByToken!('another')).toBeUndefined();
    expect((await as().ids({})).items).toEqual([id]);
  });

  test('two made at once wait for each other; a machine that stays busy is reported', async () => {
    const compute = await machine();
    const [first, second] = await Promise.all([
      as().create!(between(compute, '1'), 'first'),
      as().create!(between(compute, '0'), 'second'),
    ]);
    expect(new Set([first.id, second.id]).size).toBe(2);
    one.put(Number(compute), 'SUSPENDED');
    expect(await fails(as().create!(between(compute, '1'), 'third'), 'conflict')).toContain('SUSPENDED');
  });

  test('a slot that is used again has the link that is in it', async () => {
    const compute = await machine('POWEROFF');
    const first = await as().create!(between(compute, '1'), 'first');
    one.site.steps.settle();
    await as().remove!(first.id);
    one.site.steps.settle();
    const second = await as().create!(between(compute, '0'), 'second');
    await as().remove!(second.id);
    one.site.steps.settle();
    const third = await as().create!(between(compute, '0'), 'third');
    const places = [first, second, third].map(({ id }) => id.replace(/:[0-9a-f]{12}$/, ''));
    expect(places).toEqual(['1', '0', '0'].map((network) => `${compute}:nic0:net${network}`));
    // A new NIC in the same slot on the same network is still a new link.
    expect(third.id).not.toBe(second.id);
    for (const { id } of [first, second]) await fails(as().get(id), 'notFound');
  });

  test('one that fails leaves nothing', async () => {
    const compute = await machine();
    one.site.failNext('attachNic');
    await as().create!(between(compute, '1'), 'failing').catch(() => undefined);
    one.site.steps.settle();
    expect((await as().ids({})).items).toEqual([]);
  });

  test('an address that is not free is a conflict, one outside the network a mistake', async () => {
    const [compute, other] = [await machine('POWEROFF'), await machine('POWEROFF')];
    const wanted = { [ADDRESS]: '203.0.113.20' };
    expect((await as().create!(between(compute, '1', wanted), 'a')).attributes[ADDRESS]).toBe('203.0.113.20');
    expect(await fails(as().create!(between(other, '1', wanted), 'b'), 'conflict')).toContain('203.0.113.20');
    expect(await fails(as().create!(between(other, '1', { [ADDRESS]: '9.9.9.9' }), 'c'), 'invalid')).toContain(
      '9.9.9.9',
    );
  });

  test('a reserved address is for one interface, which ends at the ipreservation', async () => {
    const [compute, other] = [await machine('POWEROFF'), await machine('POWEROFF')];
    const template = '<T><SIZE>1</SIZE><NAME>mine</NAME></T>';
    const reserved = await cloud().client.call('one.vn.reserve', [1, template], z.int());
    one.site.steps.settle();
    const target = { kind: 'ipreservation', id: String(reserved) } as const;
    const { id } = await as().create!(between(compute, target), 'a');
    expect((await as().get(id)).target).toEqual(target);
    expect(await fails(as().create!(between(other, target), 'b'), 'conflict')).toContain('ipreservation');
  });

  test('ends that are not there are named by their kind', async () => {
    const compute = await machine();
    expect(await fails(as().create!(between('999', '1'), 'a'), 'invalid')).toContain('compute');
    expect(await fails(as().create!(between(compute, '999'), 'b'), 'invalid')).toContain('network');
    const reservation = { kind: 'ipreservation', id: '999' } as const;
    expect(await fails(as().create!(between(compute, reservation), 'c'), 'invalid')).toContain('ipreservation');
    expect(await fails(as('bob').create!(between(compute, '1'), 'd'), 'invalid')).toContain('compute');
  });

  test('a MAC address is the provider’s to choose, and a name of another interface is in use', async () => {
    const compute = await machine('POWEROFF');
    const mac = { [MAC]: '02:00:00:00:00:09' };
    expect(await fails(as().create!(between(compute, '1', mac), 'a'), 'forbidden')).toContain(MAC);
    await as().create!(between(compute, '1', { [INTERFACE]: 'lan0' }), 'b');
    const sentence = await fails(as().create!(between(compute, '1', { [INTERFACE]: 'lan0' }), 'c'), 'conflict');
    expect(sentence).toContain('lan0');
  });

  test('nothing of one can be changed, but to what it is', async () => {
    const compute = await machine('POWEROFF');
    const { id, attributes } = await as().create!(between(compute, '1'), 'a');
    const change = (set: Attributes) =>
      ({ set, unset: [], addMixins: [], removeMixins: [] }) as unknown as Change<'networkinterface'>;
    expect((await as().update!(id, change({ [ADDRESS]: attributes[ADDRESS]! }))).id).toBe(id);
    expect(await fails(as().update!(id, change({ [ADDRESS]: '203.0.113.50' })), 'notImplemented')).toContain(ADDRESS);
    await fails(as('bob').update!(id, change({})), 'notFound');
  });
});
