import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mixinId } from '../../../../adapters/opennebula/mixins.ts';
import { vnet } from '../../../../adapters/opennebula/native/index.ts';
import { ipreservation, toIpreservation } from '../../../../adapters/opennebula/network/ipreservation.ts';
import { network } from '../../../../adapters/opennebula/network/network.ts';
import type { Change, Draft } from '../../../../lib/adapter/contract.ts';
import type { Attributes, Mixin } from '../../../../lib/occi/types.ts';
import { fails } from '../../../contract/adapter.ts';
import { type OpenNebula, startOpenNebula } from '../../../oned/index.ts';
import { callerOf } from '../caller.ts';
import { expectAllowed, read, silent } from '../recorded.ts';

const ADDRESS = 'occi.ipreservation.address';
const POOL = mixinId('floatingippool', 1);
const [scheme, term] = POOL.split(/(?<=#)/) as [string, string];
const MIXIN = { scheme, term, location: `/mixin/floatingippool/${term}/` } as Mixin;

const reserved = (more: string, range = '<IP>203.0.113.9</IP>') =>
  read(
    `<VNET><ID>7</ID><UID>2</UID><GID>1</GID><NAME>n</NAME><STATE>1</STATE><PARENT_NETWORK_ID>1</PARENT_NETWORK_ID>${more}` +
      `<AR_POOL><AR><AR_ID>0</AR_ID>${range}<SIZE>1</SIZE></AR></AR_POOL></VNET>`,
    vnet,
  );

describe('One reserved address', () => {
  test('is shown with its address, of either kind, and whether it is used', () => {
    const of = (more: string, range?: string) => toIpreservation(silent(), reserved(more, range)).attributes;
    expect(of('<USED_LEASES>0</USED_LEASES>')).toMatchObject({
      [ADDRESS]: '203.0.113.9',
      'occi.ipreservation.used': false,
    });
    expect(of('<USED_LEASES>1</USED_LEASES>')['occi.ipreservation.used']).toBe(true);
    expect(of('', '<IP6>2001:db8:0::9</IP6>')[ADDRESS]).toBe('2001:db8::9');
    expectAllowed(toIpreservation(silent(), reserved('')));
  });

  test('says which pool it is from, if its network is one', () => {
    const mixins = (more: string, configured = {}) => toIpreservation(silent(configured), reserved(more)).mixins;
    expect(mixins('', { floatingIpPools: [1] })).toEqual([POOL]);
    expect(mixins('<TEMPLATE><FLOATING_IP_POOL>YES</FLOATING_IP_POOL></TEMPLATE>')).toEqual([POOL]);
    expect(mixins('<TEMPLATE><FLOATING_IP_POOL>NO</FLOATING_IP_POOL></TEMPLATE>')).toEqual([]);
  });

  test('has no summary of its network', () => {
    const { attributes } = toIpreservation(
      silent(),
      reserved('<TEMPLATE><DESCRIPTION>Public</DESCRIPTION></TEMPLATE>'),
    );
    expect(attributes).not.toHaveProperty(['occi.core.summary']);
  });
});

describe('Through OpenNebula', () => {
  let one: OpenNebula;
  beforeEach(async () => {
    one = await startOpenNebula({ step: 1 });
  });
  afterEach(() => one.close());

  const configured = { floatingIpPools: [1] };
  const as = (user: string) => ipreservation(callerOf(one.endpoint, { session: `${user}:password`, configured }));
  const draft = (attributes: Attributes = {}, mixins = [MIXIN]): Draft<'ipreservation'> =>
    ({ kind: 'ipreservation', attributes, mixins, links: [] }) as Draft<'ipreservation'>;
  const change = (set: Attributes) => ({ set, unset: [], addMixins: [], removeMixins: [] }) as Change<'ipreservation'>;

  test('an address is reserved once per token, with its title and without the summary of the pool', async () => {
    const made = await as('alice').create!(draft({ 'occi.core.title': 'my "ip"' }), 'one');
    expect(made.attributes).toMatchObject({ 'occi.core.title': 'my "ip"', 'occi.ipreservation.used': false });
    expect(made.attributes).not.toHaveProperty(['occi.core.summary']);
    expect(made.attributes[ADDRESS]).toMatch(/^203\.0\.113\.\d+$/);
    expect(made.mixins).toEqual([POOL]);
    expect((await as('alice').create!(draft({ 'occi.core.title': 'my "ip"' }), 'one')).id).toBe(made.id);
    expect((await as('alice').findByToken!('one'))?.id).toBe(made.id);
  });

  test('a certain address is that or none', async () => {
    const wanted = draft({ [ADDRESS]: '203.0.113.20' });
    expect((await as('alice').create!(wanted, 'wanted')).attributes[ADDRESS]).toBe('203.0.113.20');
    expect(await fails(as('alice').create!(wanted, 'again'), 'conflict')).toContain('203.0.113.20');
    expect(await fails(as('alice').create!(draft({ [ADDRESS]: '9.9.9.9' }), 'outside'), 'invalid')).toContain(
      '9.9.9.9',
    );
    expect(await fails(as('alice').create!(draft({}, []), 'no pool'), 'invalid')).toContain('pool');
  });

  test('is not listed as a network, and other users do not see it', async () => {
    const { id } = await as('alice').create!(draft(), 'mine');
    const networks = network(callerOf(one.endpoint, { configured }));
    await fails(networks.get(id), 'notFound');
    await fails(networks.remove!(id), 'notFound');
    expect((await networks.list({})).items.map((native) => native.id)).not.toContain(id);
    await fails(as('bob').get(id), 'notFound');
    expect((await as('bob').ids({})).items).toEqual([]);
    expect((await as('alice').ids({})).items).toEqual([id]);
    await fails(as('alice').get('1'), 'notFound');
  });

  test('it is another address never, and changes its texts', async () => {
    const { id, attributes } = await as('alice').create!(draft(), 'texts');
    const changed = await as('alice').update!(id, change({ 'occi.core.title': 't', 'occi.core.summary': 's' }));
    expect(changed.attributes).toMatchObject({ 'occi.core.title': 't', 'occi.core.summary': 's' });
    await as('alice').update!(id, change({ [ADDRESS]: attributes[ADDRESS]! }));
    await fails(as('alice').update!(id, change({ [ADDRESS]: '203.0.113.40' })), 'notImplemented');
  });

  test('it is given back once', async () => {
    const { id } = await as('alice').create!(draft(), 'back');
    one.site.steps.settle();
    await as('alice').remove!(id);
    await fails(as('alice').get(id), 'notFound');
    await fails(as('alice').remove!(id), 'notFound');
  });
});
