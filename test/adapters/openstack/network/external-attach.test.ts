/** Links to an external network: each has an address of its own for as long as it is there, as clients of ooi expect. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect, settings } from '../../../../adapters/openstack/index.ts';
import type { Adapter, Draft, Native } from '../../../../lib/adapter/contract.ts';
import { MIXINS } from '../../../../lib/occi/mixins/index.ts';
import type { Mixin } from '../../../../lib/occi/types.ts';
import { memoryTable } from '../../../../lib/table/memory.ts';
import { end } from '../../../contract/adapter/drafts.ts';
import { fails } from '../../../contract/adapter.ts';
import { type OpenStack, startOpenStack } from '../../../openstack/index.ts';
import { PUBLIC_NETWORK } from '../../../openstack/neutron/seed.ts';
import { CIRROS } from '../alice.ts';

const EMPTY = { attributes: {}, mixins: [], links: [] } as const;
const ADDRESS = 'occi.networkinterface.address';
const RESERVED = 'occi.ipreservation.address';
const USED = 'occi.ipreservation.used';

let cloud: OpenStack;
let net: Native<'network'>;
let machine: Native<'compute'>;
let pool: Mixin;

/** The adapter in a process of its own. */
const adapterOf = (): Adapter =>
  connect({
    settings: settings.parse({ endpoint: cloud.endpoint, defaultOsTemplate: CIRROS, externalNetwork: PUBLIC_NETWORK }),
    site: 'test',
    table: memoryTable(),
    local: true,
  })({ caller: { name: 'alice', credentials: 'alice:alice-secret' }, deadline: Date.now() + 60_000 });

const links = () => adapterOf().kinds.networkinterface!;
const reservations = () => adapterOf().kinds.ipreservation!;
const reserved = async () => (await reservations().list({})).items;

async function startMachine(network: Native<'network'>, token: string): Promise<Native<'compute'>> {
  const link = { kind: 'networkinterface' as const, ...EMPTY, target: end(network) };
  const made = await adapterOf().kinds.compute!.create!({ kind: 'compute', ...EMPTY, links: [link] }, token);
  cloud.site.steps.settle();
  return made;
}

beforeEach(async () => {
  cloud = await startOpenStack({ step: 1 });
  const range = { 'occi.network.address': '10.6.0.0/24', 'occi.network.gateway': '10.6.0.1' } as const;
  const network = { kind: 'network' as const, ...EMPTY, attributes: range, mixins: [MIXINS.ipnetwork] };
  net = await adapterOf().kinds.network!.create!(network, 'net');
  machine = await startMachine(net, 'machine');
  pool = (await adapterOf().catalogue()).mixins.find(({ scheme }) => scheme.includes('/floatingippool'))!;
});
afterEach(() => cloud.close());

const draft = (more: Partial<Draft<'networkinterface'>> = {}): Draft<'networkinterface'> => ({
  kind: 'networkinterface',
  ...EMPTY,
  source: end(machine),
  target: { kind: 'network', id: PUBLIC_NETWORK },
  ...more,
});

describe('A link to an external network', () => {
  test.each([
    ['with the mixin of its pool', true],
    ['without it', false],
  ])('%s has an address of the network, which goes with it', async (_name, named) => {
    const made = await links().create!(draft({ mixins: named ? [pool] : [] }), 'token');
    expect(made).toMatchObject({ source: end(machine), target: { kind: 'network', id: PUBLIC_NETWORK } });
    expect(made.attributes[ADDRESS]).toMatch(/^203\.0\.113\./);
    expect(await links().get(made.id)).toEqual(made);
    expect((await links().list({})).items).toContainEqual(made);
    expect((await adapterOf().kinds.compute!.get(machine.id)).links).toContainEqual(made);
    // One address: in use as a reservation, and at no second link.
    const [one, ...others] = await reserved();
    expect(others).toEqual([]);
    expect(one!.attributes).toMatchObject({ [RESERVED]: made.attributes[ADDRESS], [USED]: true });
    const addresses = (await links().list({})).items.map(({ attributes }) => attributes[ADDRESS]);
    expect(addresses.filter((address) => address === made.attributes[ADDRESS])).toHaveLength(1);
    await fails(reservations().remove!(one!.id), 'conflict');

    await links().remove!(made.id);
    await fails(links().get(made.id), 'notFound');
    expect(await reserved()).toEqual([]);
    const left = (await adapterOf().kinds.compute!.get(machine.id)).links!;
    expect(left.filter(({ kind }) => kind === 'networkinterface')).toHaveLength(1);
  });

  test.each([
    ['of the reservation', 'POST', /\/floatingips$/],
    ['of the change', 'PUT', /\/floatingips\//],
  ])('is one after a lost answer %s', async (_name, method, path) => {
    cloud.badDays.add({ kind: 'lost' }, { service: 'network', method, path, times: 1 });
    const order = draft({ mixins: [pool] });
    expect(await links().create!(order, 'token').catch(({ unknownOutcome }) => unknownOutcome)).toBe(true);
    const found = await links().findByToken!('token');
    const made = await links().create!(order, 'token');
    expect(found ?? made).toEqual(made);
    expect(await links().findByToken!('token')).toEqual(made);
    expect(await reserved()).toHaveLength(1);
  });

  test('is gone after a lost answer of its removal', async () => {
    const { id } = await links().create!(draft(), 'token');
    cloud.badDays.add({ kind: 'lost' }, { method: 'DELETE', path: '/floatingips/', times: 1 });
    await links().remove!(id).catch(() => undefined);
    await fails(links().get(id), 'notFound');
    expect(await reserved()).toEqual([]);
  });

  test('gives the address back when it cannot be had', async () => {
    await links().create!(draft(), 'first');
    expect(await fails(links().create!(draft(), 'second'), 'conflict')).not.toBe('');
    expect(await reserved()).toHaveLength(1);
  });

  test('reserves nothing for a compute without an interface, and none of another pool', async () => {
    await links().remove!(machine.links![0]!.id);
    cloud.site.steps.settle();
    expect(await fails(links().create!(draft({ mixins: [pool] }), 'a'), 'invalid')).toContain('network first');
    const elsewhere = draft({ mixins: [pool], target: end(net) });
    expect(await fails(links().create!(elsewhere, 'b'), 'invalid')).toContain('the external network of the pool');
    expect(await reserved()).toEqual([]);
  });

  test('goes with the interface that it leads to', async () => {
    const { id } = await links().create!(draft(), 'token');
    await links().remove!(machine.links![0]!.id);
    cloud.site.steps.settle();
    await fails(links().get(id), 'notFound');
    expect(await reserved()).toEqual([]);
  });

  test('goes with the compute', async () => {
    await links().create!(draft(), 'token');
    cloud.site.steps.settle();
    await adapterOf().kinds.compute!.remove!(machine.id);
    expect(await reserved()).toEqual([]);
  });

  test('goes with the compute, though Nova does not show its address yet', async () => {
    await links().create!(draft(), 'token');
    await adapterOf().kinds.compute!.remove!(machine.id);
    expect(await reserved()).toEqual([]);
  });

  test('keeps its address reserved while Nova refuses to delete the compute', async () => {
    await links().create!(draft(), 'token');
    cloud.site.steps.settle();
    const answer = { status: 409, body: { conflictingRequest: { code: 409, message: 'Conflict' } } };
    cloud.badDays.add({ kind: 'answer', answer }, { service: 'compute', method: 'DELETE', path: /\/servers\// });
    await fails(adapterOf().kinds.compute!.remove!(machine.id), 'conflict');
    expect(await reserved()).toHaveLength(1);
  });

  test('takes no address away that has been given to another compute meanwhile', async () => {
    const { id } = await links().create!(draft(), 'token');
    const other = await startMachine(net, 'other');
    const [address] = await reserved();
    const [port] = cloud.site.between.ports.ofServer(other.id);
    const response = await fetch(`${cloud.site.origins.network}/v2.0/floatingips/${address!.id}`, {
      method: 'PUT',
      headers: { 'x-auth-token': cloud.token('alice'), 'content-type': 'application/json' },
      body: JSON.stringify({ floatingip: { port_id: port!.id } }),
    });
    expect(response.status).toBe(200);
    await fails(links().remove!(id), 'notFound');
    expect((await reserved())[0]!.attributes[USED]).toBe(true);
  });
});

describe('A link that was made a moment ago, whose address Nova does not show yet', () => {
  beforeEach(() => {
    cloud.site.addressesLateMs = 3_600_000;
  });

  test('is there for every process, and can be deleted', async () => {
    const made = await links().create!(draft(), 'token');
    expect(await links().get(made.id)).toEqual(made);
    expect(await links().findByToken!('token')).toEqual(made);
    await links().remove!(made.id);
    await fails(links().get(made.id), 'notFound');
    expect(await reserved()).toEqual([]);
  });

  test('to a reservation is there, too', async () => {
    const own = await reservations().create!({ kind: 'ipreservation', ...EMPTY }, 'own');
    const made = await links().create!(draft({ target: end(own) }), 'token');
    expect(await links().get(made.id)).toEqual(made);
    await links().remove!(made.id);
    expect((await reserved()).map(({ attributes }) => attributes[USED])).toEqual([false]);
  });

  test('is shown with its compute by the process that made it', async () => {
    const { kinds } = adapterOf();
    const made = await kinds.networkinterface!.create!(draft(), 'token');
    expect((await kinds.compute!.get(machine.id)).links).toContainEqual(made);
    await kinds.networkinterface!.remove!(machine.links![0]!.id);
    expect(await reserved()).toEqual([]);
  });
});

describe('A reservation that a link has left behind', () => {
  let left: Native<'ipreservation'>;

  beforeEach(async () => {
    cloud.badDays.add({ kind: 'lost' }, { service: 'network', method: 'POST', path: /\/floatingips$/, times: 1 });
    await links().create!(draft({ mixins: [pool] }), 'died').catch(() => undefined);
    [left] = (await reserved()) as [Native<'ipreservation'>];
  });

  test('is shown as free, and can be deleted', async () => {
    expect(left.attributes[USED]).toBe(false);
    await reservations().remove!(left.id);
    expect(await reserved()).toEqual([]);
  });

  test('can be linked like any other, and then outlives its link', async () => {
    const made = await links().create!(draft({ target: end(left) }), 'token');
    expect(made.target).toEqual(end(left));
    await links().remove!(made.id);
    expect((await reserved()).map(({ id }) => id)).toEqual([left.id]);
  });
});

test('The address of a link is not linked a second time, and a pool is named for a link to its network only', async () => {
  await links().create!(draft(), 'token');
  const [used] = await reserved();
  await fails(links().create!(draft({ target: end(used!) }), 'again'), 'conflict');
  await reservations().create!({ kind: 'ipreservation', ...EMPTY }, 'own');
  const own = (await reserved()).find(({ attributes }) => attributes[USED] === false)!;
  await fails(links().create!(draft({ target: end(own), mixins: [pool] }), 'named'), 'invalid');
  const link = { kind: 'networkinterface' as const, ...EMPTY, mixins: [pool], target: end(net) };
  await fails(adapterOf().kinds.compute!.create!({ kind: 'compute', ...EMPTY, links: [link] }, 'new'), 'invalid');
});
