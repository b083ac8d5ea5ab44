/**
 * EC2 shows what is new late (EC2 API, Eventual consistency). A client that does not know it lives with it: nothing is
 * made twice, nothing is lost, and nothing is left over, which is counted at the emulator itself.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { MIXINS } from '../../lib/occi/mixins/index.ts';
import { typeId } from '../../lib/occi/types.ts';
import { memoryTable } from '../../lib/table/memory.ts';
import { KEY, publicKey } from '../adapters/ec2/compute-drafts.ts';
import type { Ec2Proxy } from '../ec2-proxy/index.ts';
import type { Late } from '../ec2-proxy/settings.ts';
import { type Call, type Endpoint, type Reply, startEndpoint } from '../endpoint.ts';
import { entity, make, pathOf, read } from '../lib/operations/payloads.ts';
import { startEc2 } from './ec2.ts';
import { countNatives } from './ec2-natives.ts';
import { prepare, type Site } from './ec2-site.ts';

const TIMES = { pending: 50, stopping: 20, shuttingDown: 20, creating: 20, attaching: 20, detaching: 20 };

let proxy: Ec2Proxy;
let site: Site;
const running: Endpoint[] = [];

/** A process with the table of the others. */
const process = async (table: ReturnType<typeof memoryTable>): Promise<Endpoint> => {
  const one = await startEndpoint({
    table,
    settings: { adapter: { name: 'ec2', site: 'test', settings: site.settings } },
  });
  running.push(one);
  return one;
};

/** As it is deployed: a process for each collection, which knows of the others only what the table knows. */
function deployed(): Pick<Endpoint, 'send'> {
  const table = memoryTable();
  const processes = new Map<string, Promise<Endpoint>>();
  return {
    async send(method, path, call) {
      const [, collection = ''] = path.split('/');
      const one = processes.get(collection) ?? process(table);
      processes.set(collection, one);
      return (await one).send(method, path, call);
    },
  };
}

const late = (unseen: Late, untagged: Late = 0) => Object.assign(proxy.settings, { unseen, untagged });

beforeAll(async () => {
  proxy = await startEc2({ settings: TIMES });
  site = await prepare(proxy);
}, 60_000);
afterEach(async () => {
  late(0);
  proxy.faults.end();
  proxy.later(3000);
  for (const one of running.splice(0)) await one.stop();
});
afterAll(() => proxy?.stop());

const PATIENCE_MS = 15_000;

/** Sends a request until its answer is the one that is awaited: machines take their time, late or not. */
async function until(send: () => Promise<Reply>, isDone: (reply: Reply) => boolean): Promise<Reply> {
  const give = Date.now() + PATIENCE_MS;
  for (;;) {
    const reply = await send();
    if (isDone(reply) || Date.now() > give) return reply;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const linkLine = (kind: string, target: string) => ({ kind, target });

const network = () => {
  const { address, gateway } = site.addresses();
  const attributes = { 'occi.network.address': address, 'occi.network.gateway': gateway };
  return { kind: 'network', mixins: [typeId(MIXINS.ipnetwork)], attributes };
};

/** A machine with a network and a group of its own, that is active. */
async function activeMachine(endpoint: Pick<Endpoint, 'send'>, change: object = {}) {
  const [subnet, group] = [await make(endpoint, network()), await make(endpoint, { kind: 'securitygroup' })];
  const links = [linkLine('networkinterface', subnet), linkLine('securitygrouplink', group)];
  const machine = await make(endpoint, { kind: 'compute', links, ...change });
  await active(endpoint, machine);
  return { machine, subnet, group };
}

const active = (endpoint: Pick<Endpoint, 'send'>, path: string) =>
  until(
    () => endpoint.send('GET', path, { headers: { Accept: 'text/plain' } }),
    ({ body }) => body.includes('occi.compute.state="active"'),
  );

const linked = (kind: string, source: string, target: string): Call =>
  entity('text/plain', { kind, attributes: { 'occi.core.source': source, 'occi.core.target': target } });

/** Deletes these, in order; a network, say, stays in use for as long as its machine takes to end. */
async function remove(endpoint: Pick<Endpoint, 'send'>, ...paths: readonly string[]) {
  for (const path of paths) {
    const reply = await until(
      () => endpoint.send('DELETE', path),
      ({ status }) => status !== 409,
    );
    expect([path, reply.status, reply.body]).toEqual([path, 200, expect.anything()]);
    expect([path, (await endpoint.send('GET', path)).status]).toEqual([path, 404]);
  }
}

describe.each<[string, Late, Late]>([
  ['everything is shown 300 ms late', 300, 0],
  ['everything is shown 2 s late', 2000, 0],
  ['tags are shown 2 s late', 0, 2000],
])('Where %s', (_what, unseen, untagged) => {
  test('a client lives the whole life of a machine, and nothing is left over', async () => {
    const before = await countNatives(proxy);
    const endpoint = deployed();
    late(unseen, untagged);
    const [disk, further] = [
      await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } }),
      await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } }),
    ];
    const address = await make(endpoint, { kind: 'ipreservation' });
    const other = await make(endpoint, { kind: 'securitygroup' });
    const subnet = await make(endpoint, network());
    const group = await make(endpoint, { kind: 'securitygroup' });
    for (const path of [disk, address, other, subnet, group]) await read(endpoint, path);

    const machine = await make(endpoint, {
      kind: 'compute',
      mixins: [typeId(MIXINS.ssh_key)],
      attributes: { [KEY]: publicKey(7) },
      links: [
        linkLine('networkinterface', subnet),
        linkLine('storagelink', disk),
        linkLine('securitygrouplink', group),
      ],
    });
    await read(endpoint, machine);
    const { body } = await active(endpoint, machine);
    expect(body).toContain('occi.compute.state="active"');
    const inline = [...body.matchAll(/^Link: <([^>]+)>.*self="([^"]+)"/gm)].map(([, , self]) => pathOf(self!));
    for (const path of inline.filter((one) => !one.includes('?'))) await read(endpoint, path);

    const links: string[] = [];
    for (const [kind, target] of [
      ['storagelink', further],
      ['networkinterface', subnet],
      ['networkinterface', address],
      ['securitygrouplink', other],
    ] as const) {
      const reply = await endpoint.send('POST', `/${kind}/`, linked(kind, machine, target));
      expect([kind, reply.status, reply.body]).toEqual([kind, 201, expect.anything()]);
      links.push(pathOf(reply.headers.location!));
      await read(endpoint, links.at(-1)!);
    }
    const during = await countNatives(proxy);
    const made = { instances: 1, volumes: 3, interfaces: 2, keys: 1, addresses: 1, groups: 2, subnets: 1 };
    for (const [kind, count] of Object.entries(made))
      expect([kind, during[kind]]).toEqual([kind, before[kind]! + count]);

    await remove(endpoint, ...links, machine, disk, further, address, subnet, group, other);
    expect(await countNatives(proxy)).toEqual(before);
  }, 90_000);
});

describe('An interface that EC2 shows late', () => {
  test.each([250, 2000])(
    'by %d ms is attached all the same, and there is one of it',
    async (milliseconds) => {
      const before = await countNatives(proxy);
      const endpoint = await process(memoryTable());
      const { machine, subnet, group } = await activeMachine(endpoint);
      const interfaces = (await countNatives(proxy)).interfaces!;
      late({ eni: milliseconds });
      const reply = await endpoint.send('POST', '/networkinterface/', linked('networkinterface', machine, subnet));
      expect([reply.status, reply.body]).toEqual([201, expect.anything()]);
      expect((await countNatives(proxy)).interfaces).toBe(interfaces + 1);
      await remove(endpoint, machine, subnet, group);
      expect(await countNatives(proxy)).toEqual(before);
    },
    30_000,
  );

  test('later than any request waits is taken by the next attempt with its key, in whatever process', async () => {
    const before = await countNatives(proxy);
    const table = memoryTable();
    const endpoint = await process(table);
    const { machine, subnet, group } = await activeMachine(endpoint);
    const interfaces = (await countNatives(proxy)).interfaces!;
    late({ eni: 60_000 });
    const { headers, body } = linked('networkinterface', machine, subnet);
    const keyed = { headers: { ...headers, 'Idempotency-Key': 'once' }, body: body! };
    for (const one of [endpoint, await process(table)]) {
      const reply = await one.send('POST', '/networkinterface/', keyed);
      expect([reply.status, reply.headers['retry-after']]).toEqual([503, '5']);
    }
    proxy.later(60_000);
    const reply = await (await process(table)).send('POST', '/networkinterface/', keyed);
    expect([reply.status, reply.body]).toEqual([201, expect.anything()]);
    expect((await countNatives(proxy)).interfaces).toBe(interfaces + 1);
    await remove(endpoint, machine, subnet, group);
    expect(await countNatives(proxy)).toEqual(before);
  }, 60_000);
});

describe('A network that one call of EC2 shows and the next does not see yet', () => {
  test.each([
    ['the launch of a machine', 'RunInstances', 'InvalidSubnetID.NotFound'],
    ['the launch of a machine, of its group', 'RunInstances', 'InvalidGroup.NotFound'],
  ])(
    'is waited for by %s',
    async (_what, action, code) => {
      const before = await countNatives(proxy);
      const endpoint = await process(memoryTable());
      const [subnet, group] = [await make(endpoint, network()), await make(endpoint, { kind: 'securitygroup' })];
      proxy.faults.add({ kind: 'error', code }, { action, times: 2 });
      const links = [linkLine('networkinterface', subnet), linkLine('securitygrouplink', group)];
      const attributes = { [KEY]: publicKey(8) };
      const machine = await make(endpoint, { kind: 'compute', mixins: [typeId(MIXINS.ssh_key)], attributes, links });
      await active(endpoint, machine);
      await remove(endpoint, machine, subnet, group);
      expect(await countNatives(proxy)).toEqual(before);
    },
    30_000,
  );
});

describe('What EC2 makes without a ClientToken is not made twice, though the first is shown 2 s late', () => {
  test('an address whose answer was lost, when the request is repeated', async () => {
    const before = await countNatives(proxy);
    const table = memoryTable();
    const { headers, body } = entity('text/plain', { kind: 'ipreservation' });
    const keyed = { headers: { ...headers, 'Idempotency-Key': 'address' }, body: body! };
    late(2000);
    proxy.faults.add({ kind: 'lost' }, { action: 'AllocateAddress', times: 1 });
    expect((await (await process(table)).send('POST', '/ipreservation/', keyed)).status).toBe(503);
    const again = await process(table);
    const reply = await again.send('POST', '/ipreservation/', keyed);
    expect([reply.status, reply.body]).toEqual([201, expect.anything()]);
    expect((await countNatives(proxy)).addresses).toBe(before.addresses! + 1);
    await remove(again, pathOf(reply.headers.location!));
    expect(await countNatives(proxy)).toEqual(before);
  }, 30_000);

  test('a network whose answer was lost, with a block of its own choice or of the cloud', async () => {
    const before = await countNatives(proxy);
    const endpoint = await process(memoryTable());
    late(2000);
    const made: string[] = [];
    for (const wanted of [network(), { kind: 'network' }]) {
      proxy.faults.add({ kind: 'lost' }, { action: 'CreateSubnet', times: 1 });
      made.push(await make(endpoint, wanted));
    }
    expect((await countNatives(proxy)).subnets).toBe(before.subnets! + 2);
    await remove(endpoint, ...made);
    expect(await countNatives(proxy)).toEqual(before);
  }, 30_000);
});
