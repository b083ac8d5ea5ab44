/** Servers of which a host has just been found, or is still being looked for. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connect, settings } from '../../../../adapters/openstack/index.ts';
import type { Adapter } from '../../../../lib/adapter/contract.ts';
import { MIXINS } from '../../../../lib/occi/mixins/index.ts';
import { memoryTable } from '../../../../lib/table/memory.ts';
import { type OpenStack, startOpenStack } from '../../../openstack/index.ts';

let cloud: OpenStack;
let request: (liveMs?: number) => Adapter;

beforeEach(async () => {
  cloud = await startOpenStack();
  cloud.site.steps.hold();
  const configured = settings.parse({ endpoint: cloud.endpoint });
  const begin = connect({ settings: configured, site: 'test', table: memoryTable(), local: true });
  const caller = { name: 'alice', credentials: 'alice:alice-secret' };
  request = (liveMs = 20_000) => begin({ caller, deadline: Date.now() + liveMs });
});
afterEach(() => cloud.close());

const start = async (): Promise<Adapter> => {
  const adapter = request();
  await adapter.identify();
  return adapter;
};

async function makeServer(adapter: Adapter, links: readonly { kind: 'network'; id: string }[] = []) {
  const { mixins } = await adapter.catalogue();
  return await adapter.kinds.compute!.create!(
    {
      kind: 'compute',
      attributes: { 'occi.core.title': 'one', 'occi.compute.hostname': 'h1' },
      mixins: mixins.filter(({ title }) => title === 'cirros-tiny' || title === 'm1.tiny'),
      links: links.map((target) => ({ kind: 'networkinterface', attributes: {}, mixins: [], target })),
    },
    `token-${cloud.calls()}`,
  );
}

/** The steps of a server from its request to its run. */
const STEPS = [0, 1, 2, 3, 4, 5, 6];

test.each(STEPS)('a process that listed before lists a new server that is %i steps on its way', async (steps) => {
  const adapter = await start();
  await adapter.kinds.compute!.list({});
  const { id } = await makeServer(adapter);
  for (let step = 0; step < steps; step += 1) cloud.site.steps.advance();
  const { items } = await (await start()).kinds.compute!.list({});
  const found = items.filter((one) => one.id === id).map(({ attributes }) => attributes['occi.compute.state']);
  expect(found).toEqual([steps < STEPS.length - 1 ? 'waiting' : 'active']);
});

test('a link whose port Nova binds between the two readings of its machine is there', async () => {
  const adapter = await start();
  const network = await adapter.kinds.network!.create!(
    {
      kind: 'network',
      attributes: { 'occi.network.address': '10.77.0.0/24', 'occi.network.gateway': '10.77.0.1' },
      mixins: [MIXINS.ipnetwork],
      links: [],
    },
    'network',
  );
  const { links } = await makeServer(adapter, [{ kind: 'network', id: network.id }]);
  cloud.site.steps.settle();
  // What Neutron says of the machine's ports before Nova has bound them.
  const unbound = { status: 200, body: { ports: [] } };
  cloud.badDays.add(
    { kind: 'answer', answer: unbound },
    { service: 'network', method: 'GET', path: '/ports', times: 1 },
  );
  const link = await (await start()).kinds.networkinterface!.get(links![0]!.id!);
  expect(link.attributes['occi.networkinterface.state']).toBe('active');
});

const TITLE = { set: { 'occi.core.title': 'two' }, unset: [], addMixins: [], removeMixins: [] } as const;

test('a title that is changed while Nova looks for a host is kept', async () => {
  const adapter = await start();
  const { id } = await makeServer(adapter);
  const steps = setInterval(() => cloud.site.steps.advance(), 100);
  try {
    const changed = await (await start()).kinds.compute!.update!(id, TITLE);
    expect(changed.attributes['occi.core.title']).toBe('two');
  } finally {
    clearInterval(steps);
  }
  cloud.site.steps.settle();
  expect((await (await start()).kinds.compute!.get(id)).attributes['occi.core.title']).toBe('two');
});

test('a title is refused for as long as Nova would lose it, and nothing is changed', async () => {
  const adapter = await start();
  const { id } = await makeServer(adapter);
  // A request that has no time to wait for a host.
  const late = request(2_100);
  const failure = await late.kinds.compute!.update!(id, TITLE).catch((error: unknown) => error);
  expect(failure).toMatchObject({ failure: 'conflict', headers: { 'Retry-After': '2' } });
  expect((await (await start()).kinds.compute!.get(id)).attributes['occi.core.title']).toBe('one');
});
