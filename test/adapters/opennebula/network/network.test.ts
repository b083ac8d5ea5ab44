import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type Vnet, vnet, vnetPool } from '../../../../adapters/opennebula/native/index.ts';
import { network, toNetwork } from '../../../../adapters/opennebula/network/network.ts';
import type { Change, Draft } from '../../../../lib/adapter/contract.ts';
import { MIXINS } from '../../../../lib/occi/mixins/index.ts';
import { type Attributes, typeId } from '../../../../lib/occi/types.ts';
import { fails } from '../../../contract/adapter.ts';
import { type OpenNebula, startOpenNebula } from '../../../oned/index.ts';
import { callerOf } from '../caller.ts';
import { expectAllowed, read, recorded, silent } from '../recorded.ts';
import { recordings } from '../recordings.ts';

const ADDRESS = 'occi.network.address';
const GATEWAY = 'occi.network.gateway';
const IP_NETWORK = typeId(MIXINS.ipnetwork);

/** A network with these elements, READY unless they say otherwise. */
const native = (elements: string): Vnet =>
  read(`<VNET><ID>7</ID><UID>2</UID><GID>1</GID><NAME>n</NAME><STATE>1</STATE>${elements}</VNET>`, vnet);
const shown = (elements: string) => toNetwork(silent(), native(elements));
const ranges = (...inner: string[]) =>
  `<AR_POOL>${inner.map((one, id) => `<AR><AR_ID>${id}</AR_ID>${one}</AR>`).join('')}</AR_POOL>`;

describe('A recorded network', () => {
  const all = recordings(/^one\.(vn\.info|vnpool\.info)--/).flatMap((name) => {
    const vnets = name.startsWith('one.vnpool') ? recorded(name, vnetPool) : recorded(name, vnet);
    return (vnets === undefined ? [] : [vnets].flat()).map((one): [string, Vnet] => [name, one]);
  });

  test.each(all)('%s is what the tables allow', async (_name, one) => expectAllowed(await toNetwork(silent(), one)));

  test('of the provider is published, with the address that it says to have', async () => {
    const { attributes, mixins, published } = await toNetwork(silent(), recorded('one.vn.info--private', vnet)!);
    expect(attributes).toMatchObject({
      'occi.core.title': 'private',
      'occi.core.summary': 'Private network',
      'occi.network.state': 'active',
      [ADDRESS]: '10.10.0.0/24',
      [GATEWAY]: '10.10.0.1',
      'occi.network.allocation': 'dynamic',
    });
    expect(mixins).toEqual([IP_NETWORK]);
    expect(published).toBe(true);
  });

  test('that says no address is shown as the smallest that has its range', async () => {
    const { attributes } = await toNetwork(silent(), recorded('one.vn.info--with-holds', vnet)!);
    expect(attributes[ADDRESS]).toBe('172.20.0.0/28');
  });
});

describe('Addresses of a network', () => {
  test.each([
    [
      'a prefix that MACs are put behind',
      '<TYPE>IP6</TYPE><GLOBAL_PREFIX>2001:db8:8::</GLOBAL_PREFIX><IP6_GLOBAL>2001:db8:8::1</IP6_GLOBAL>',
      '2001:db8:8::/64',
    ],
    [
      'a range of IPv6',
      '<TYPE>IP6_STATIC</TYPE><IP6>2001:db8:7::5</IP6><PREFIX_LENGTH>48</PREFIX_LENGTH>',
      '2001:db8:7::/48',
    ],
    [
      'IPv4 before IPv6',
      '<TYPE>IP4_6</TYPE><IP>10.0.0.8</IP><IP_END>10.0.0.15</IP_END><IP6_GLOBAL>2001:db8::1</IP6_GLOBAL>',
      '10.0.0.8/29',
    ],
  ])('are those of %s', async (_what, range, address) => {
    const { attributes, mixins } = await shown(ranges(range));
    expect(attributes[ADDRESS]).toBe(address);
    expect(mixins).toEqual([IP_NETWORK]);
  });

  test('are missing if the network has only MACs, or no ranges yet', async () => {
    for (const elements of [ranges('<TYPE>ETHER</TYPE><MAC>02:00:00:00:00:01</MAC><SIZE>9</SIZE>'), '<AR_POOL/>']) {
      const { attributes, mixins } = await shown(elements);
      expect([attributes[ADDRESS], mixins]).toEqual([undefined, []]);
    }
  });

  test.each([
    ['<NETWORK_ADDRESS>10.0.0.0/16</NETWORK_ADDRESS>', '10.0.0.0/16'],
    ['<NETWORK_ADDRESS>10.0.0.0</NETWORK_ADDRESS><NETWORK_MASK>255.255.254.0</NETWORK_MASK>', '10.0.0.0/23'],
    ['<NETWORK_ADDRESS>10.0.0.0</NETWORK_ADDRESS><NETWORK_MASK>24</NETWORK_MASK>', '10.0.0.0/24'],
    ['<NETWORK_ADDRESS>10.0.0.0</NETWORK_ADDRESS><NETWORK_MASK>255.0.255.0</NETWORK_MASK>', undefined],
    ['<NETWORK_ADDRESS>mine</NETWORK_ADDRESS>', undefined],
  ])('are as %s says', async (template, address) => {
    expect((await shown(`<TEMPLATE>${template}</TEMPLATE>`)).attributes[ADDRESS]).toBe(address);
  });

  test('are static if the template says so', async () => {
    const { attributes } = await shown(`<TEMPLATE><METHOD>static</METHOD></TEMPLATE>${ranges('<IP>10.0.0.1</IP>')}`);
    expect(attributes['occi.network.allocation']).toBe('static');
  });
});

test('A VLAN that OCCI has no number for is not shown', async () => {
  expect((await shown('<VLAN_ID>16000000</VLAN_ID>')).attributes).not.toHaveProperty(['occi.network.vlan']);
  expect((await shown('<VLAN_ID>4095</VLAN_ID>')).attributes['occi.network.vlan']).toBe(4095);
});

describe('Through OpenNebula', () => {
  let one: OpenNebula;
  beforeEach(async () => {
    one = await startOpenNebula({ step: 1 });
  });
  afterEach(() => one.close());

  const configured = { network: { vnMad: 'dummy', bridge: 'br0' } };
  const as = (session: string) => network(callerOf(one.endpoint, { session: `${session}:password`, configured }));
  const draft = (attributes: Attributes, mixins = [MIXINS.ipnetwork]): Draft<'network'> =>
    ({ kind: 'network', attributes, mixins: ADDRESS in attributes ? mixins : [], links: [] }) as Draft<'network'>;
  const change = (set: Attributes, unset: string[] = []) =>
    ({ set, unset, addMixins: [], removeMixins: [] }) as Change<'network'>;
  test('no machine gets the address of the gateway, wherever in the network it is', async () => {
    const { client } = callerOf(one.endpoint, { session: 'oneadmin:password' });
    for (const [address, gateway, expected] of [
      ['10.80.0.0/29', '10.80.0.1', [['10.80.0.2', 5]]],
      ['10.80.0.0/29', '10.80.0.6', [['10.80.0.1', 5]]],
      [
        '10.80.0.0/29',
        '10.80.0.3',
        [
          ['10.80.0.1', 2],
          ['10.80.0.4', 3],
        ],
      ],
      ['10.0.0.0/8', undefined, [['10.0.0.1', 16_777_214]]],
    ] as const) {
      const attributes = { [ADDRESS]: address, ...(gateway && { [GATEWAY]: gateway }) };
      const { id } = await as('oneadmin').create!(draft(attributes), `gateway ${address} ${gateway}`);
      one.site.steps.settle();
      const { AR_POOL } = await client.call('one.vn.info', [Number(id)], vnet);
      expect(AR_POOL.AR.map(({ IP, SIZE }) => [IP, SIZE])).toEqual(expected);
    }
  });

  test('it keeps what it was given, before it is ready and after', async () => {
    const given = {
      'occi.core.title': 'two words, "q" \\ ÄÖ',
      'occi.core.summary': 'a\tb',
      'occi.network.label': 'lab"el]',
      'occi.network.vlan': 7,
      [ADDRESS]: '2001:db8:7::/64',
      [GATEWAY]: '2001:db8:7::1',
      'occi.network.allocation': 'static',
    };
    one.site.steps.hold();
    const made = await as('oneadmin').create!(draft(given), 'kept');
    expect(made.attributes).toMatchObject(given);
    one.site.steps.release();
    one.site.steps.settle();
    expect((await as('oneadmin').get(made.id)).attributes).toMatchObject({ ...given, 'occi.network.state': 'active' });
  });

  test('it is made once, shown with one call and made with two', async () => {
    const before = one.methods.length;
    const { id } = await as('oneadmin').create!(draft({ [ADDRESS]: '10.1.0.0/24' }), 'once');
    expect(one.methods.slice(before)).toEqual(['one.user.info', 'one.vn.allocate', 'one.vn.info']);
    expect((await as('oneadmin').create!(draft({ [ADDRESS]: '10.1.0.0/24' }), 'once')).id).toBe(id);
    expect((await as('oneadmin').findByToken!('once'))?.id).toBe(id);
    expect(await as('oneadmin').findByToken!('another')).toBeUndefined();
  });

  test('its texts are changed and taken away; nothing else is lost, nor can be changed', async () => {
    const { id } = await as('oneadmin').create!(draft({ [ADDRESS]: '10.1.0.0/24', 'occi.core.summary': 's' }), 'texts');
    one.site.steps.settle();
    const changed = await as('oneadmin').update!(id, change({ 'occi.core.title': 't', 'occi.network.label': 'l' }));
    expect(changed.attributes).toMatchObject({
      'occi.core.title': 't',
      'occi.core.summary': 's',
      'occi.network.label': 'l',
    });
    const bare = await as('oneadmin').update!(
      id,
      change({}, ['occi.core.title', 'occi.core.summary', 'occi.network.label']),
    );
    expect(Object.keys(bare.attributes).sort()).toEqual([ADDRESS, 'occi.network.allocation', 'occi.network.state']);
    await as('oneadmin').update!(id, change({ [ADDRESS]: '10.1.0.0/24' }));
    expect(await fails(as('oneadmin').update!(id, change({ [ADDRESS]: '10.2.0.0/24' })), 'notImplemented')).toContain(
      ADDRESS,
    );
  });

  test('users of a stock site may not create one, which the error says', async () => {
    expect(await fails(as('alice').create!(draft({ [ADDRESS]: '10.1.0.0/24' }), 'mine'), 'forbidden')).toContain(
      'network',
    );
  });

  test('what cannot be is refused before anything is made', async () => {
    const create = (attributes: Attributes) =>
      as('oneadmin').create!({ ...draft(attributes), mixins: [MIXINS.ipnetwork] }, 'wrong');
    expect(await fails(create({ [ADDRESS]: '10.1.0.0/24', [GATEWAY]: '10.2.0.1' }), 'invalid')).toContain('10.2.0.1');
    expect(await fails(create({ [ADDRESS]: '10.1.0.0/24', [GATEWAY]: '2001:db8::1' }), 'invalid')).toContain('gateway');
    expect(await fails(create({ [ADDRESS]: '10.1.0.1/32', [GATEWAY]: '10.1.0.1' }), 'invalid')).toContain('gateway');
    expect(await fails(create({}), 'invalid')).toContain(ADDRESS);
    expect(one.methods).not.toContain('one.vn.allocate');
  });

  test('without a configured network driver, creating a network is 501', async () => {
    const plain = network(callerOf(one.endpoint, { session: 'oneadmin:password' }));
    await fails(plain.create!(draft({ [ADDRESS]: '10.1.0.0/24' }), 'no driver'), 'notImplemented');
  });

  test('what a user makes is seen by others once it is opened to them, though an ACL lets everybody use it', async () => {
    one.site.anyoneMakesNetworks = true;
    const { id } = await as('bob').create!(draft({ [ADDRESS]: '10.1.0.0/24' }), 'mine');
    await fails(as('alice').get(id), 'notFound');
    expect((await as('alice').ids({})).items).not.toContain(id);
    const { client } = callerOf(one.endpoint, { session: 'bob:password' });
    const groupMayUse = [1, 1, 0, 1, 0, 0, 0, 0, 0];
    await client.call('one.vn.chmod', [Number(id), ...groupMayUse], z.int());
    expect((await as('alice').get(id)).published).toBe(true);
    await fails(as('alice').remove!(id), 'forbidden');
  });

  test('one whose addresses are in use stays', async () => {
    const cloud = callerOf(one.endpoint, { session: 'oneadmin:password', configured });
    const { id } = await network(cloud).create!(draft({ [ADDRESS]: '10.1.0.0/24' }), 'used');
    one.site.steps.settle();
    await cloud.client.call('one.vn.reserve', [Number(id), '<T><SIZE>2</SIZE><NAME>two</NAME></T>'], z.int());
    expect(await fails(network(cloud).remove!(id), 'conflict')).toContain('2 of its addresses');
  });
});
