/** Reserved addresses are free as soon as what used them is deleted, although the port outlives it. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connect, settings } from '../../../../adapters/openstack/index.ts';
import type { Adapter, Draft } from '../../../../lib/adapter/contract.ts';
import { MIXINS } from '../../../../lib/occi/mixins/index.ts';
import { memoryTable } from '../../../../lib/table/memory.ts';
import { type OpenStack, startOpenStack } from '../../../openstack/index.ts';
import { PUBLIC_NETWORK } from '../../../openstack/neutron/seed.ts';

const IMAGE = '7ee45757-09e6-46e6-9bc8-847da7c611f0';

let cloud: OpenStack;

beforeEach(async () => {
  cloud = await startOpenStack({ step: 1 });
});
afterEach(() => cloud.close());

async function newProcess(): Promise<Adapter> {
  const configured = { endpoint: cloud.endpoint, defaultOsTemplate: IMAGE, externalNetwork: PUBLIC_NETWORK };
  const request = connect({ settings: settings.parse(configured), site: 'test', table: memoryTable(), local: true });
  const caller = { name: 'alice', credentials: 'alice:alice-secret' };
  const adapter = request({ caller, deadline: Date.now() + 20_000 });
  await adapter.identify();
  return adapter;
}

/** A compute on a network, at a reserved address. */
async function reachable() {
  const { kinds } = await newProcess();
  const empty = { attributes: {}, mixins: [], links: [] };
  const addresses = { 'occi.network.address': '10.77.0.0/24', 'occi.network.gateway': '10.77.0.1' };
  const wanted = { ...empty, kind: 'network', attributes: addresses, mixins: [MIXINS.ipnetwork] } as const;
  const network = await kinds.network!.create!(wanted, 'network');
  const address = await kinds.ipreservation!.create!({ ...empty, kind: 'ipreservation' }, 'address');
  const links = [network, address].map(({ kind, id }) => ({
    ...empty,
    kind: 'networkinterface',
    target: { kind, id },
  })) as Draft['links'];
  const compute = await kinds.compute!.create!({ ...empty, kind: 'compute', links }, 'compute');
  cloud.site.steps.settle();
  return { compute: compute.id, network: network.id, address: address.id };
}

async function neutron(method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${cloud.site.origins.network}/v2.0/${path}`, {
    method,
    headers: { 'x-auth-token': cloud.token('alice'), 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return answer.json();
}

const isUsed = async (id: string) =>
  (await (await newProcess()).kinds.ipreservation!.get(id)).attributes['occi.ipreservation.used'];

test('a reserved address is free when its compute is deleted', async () => {
  const { compute, address } = await reachable();
  expect(await isUsed(address)).toBe(true);
  await (await newProcess()).kinds.compute!.remove!(compute);
  cloud.site.steps.settle();
  expect(await isUsed(address)).toBe(false);
});

test('a reserved address that another request changes meanwhile is left as it is', async () => {
  const { compute, address } = await reachable();
  const before = await neutron('GET', 'floatingips');
  await neutron('PUT', `floatingips/${address}`, { floatingip: { description: 'changed' } });
  // What the delete reads is older than the change.
  const stale = { kind: 'answer', answer: { status: 200, body: before as object } } as const;
  cloud.badDays.add(stale, { service: 'network', method: 'GET', path: /\/floatingips$/, times: 1 });
  cloud.site.steps.hold();
  await (await newProcess()).kinds.compute!.remove!(compute);
  expect(cloud.log.filter(({ method }) => method === 'PUT').at(-1)).toMatchObject({ status: 412 });
  expect(await isUsed(address)).toBe(true);
});

test('a compute is deleted while Neutron does not answer', async () => {
  const { compute } = await reachable();
  const { kinds } = await newProcess();
  cloud.badDays.add({ kind: 'silent' }, { service: 'network' });
  await kinds.compute!.remove!(compute);
  const [sent] = cloud.log.filter(({ service, method }) => service === 'compute' && method === 'DELETE');
  expect(sent).toMatchObject({ path: `/v2.1/servers/${compute}`, status: 204 });
}, 30_000);

test('a reserved address is free when the interface is deleted that had it', async () => {
  const { compute, network, address } = await reachable();
  const { kinds } = await newProcess();
  const { links = [] } = await kinds.compute!.get(compute);
  const link = links.find(({ target }) => target?.id === network)!;
  await kinds.networkinterface!.remove!(link.id);
  cloud.site.steps.settle();
  expect(await isUsed(address)).toBe(false);
});
