/** The endpoint in front of EC2: how often EC2 is asked, and what is left when something breaks in the middle. */
import { DescribeInstancesCommand, type EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { memoryTable } from '../../lib/table/memory.ts';
import type { Ec2Proxy } from '../ec2-proxy/index.ts';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import { startEc2 } from './ec2.ts';
import { ec2Client, prepare, type Site } from './ec2-site.ts';

const COMPUTE = 'Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"';

let proxy: Ec2Proxy;
let client: EC2Client;
let site: Site;
let endpoint: Endpoint;

/** A process of its own: another container that knows nothing of the first. */
const another = (table = memoryTable(), change: Readonly<Record<string, unknown>> = {}) =>
  startEndpoint({
    table,
    settings: { adapter: { name: 'ec2', site: 'test', settings: { ...site.settings, ...change } } },
  });

beforeAll(async () => {
  proxy = await startEc2();
  site = await prepare(proxy);
  client = ec2Client(proxy);
  endpoint = await another();
}, 60_000);
afterEach(() => proxy.faults.end());
afterAll(async () => {
  await endpoint?.stop();
  client?.destroy();
  await proxy?.stop();
});

const create = (key?: string, body = COMPUTE) => ({
  headers: { 'Content-Type': 'text/plain', ...(key !== undefined && { 'Idempotency-Key': key }) },
  body,
});

/** Instances that are not terminated, as EC2 itself tells. */
async function present(): Promise<string[]> {
  const { Reservations = [] } = await client.send(
    new DescribeInstancesCommand({
      Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] }],
    }),
  );
  return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId!));
}

/** The EC2 calls of a request, without those of the test itself. */
async function callsOf(request: () => Promise<unknown>): Promise<readonly string[]> {
  const before = proxy.actions().length;
  await request();
  return proxy.actions().slice(before);
}

const made = async (body?: string) => {
  const reply = await endpoint.send('POST', '/compute/', create(undefined, body));
  expect([reply.status, reply.body]).toEqual([201, expect.anything()]);
  return new URL(reply.headers.location!).pathname;
};

test('A PUT of an ipreservation is repeated without a change, though EC2 has given it an address', async () => {
  const body = COMPUTE.replace('compute', 'ipreservation');
  const path = '/ipreservation/chosen';
  const replies = [await endpoint.send('PUT', path, create(undefined, body))];
  replies.push(await endpoint.send('PUT', path, create(undefined, body)));
  expect(replies.map(({ status }) => status)).toEqual([201, 200]);
  expect((await endpoint.send('DELETE', path)).status).toBe(200);
});

describe('Calls', () => {
  test('one to show a machine, also with its links, two to delete it', async () => {
    const path = await made();
    await endpoint.send('GET', path);
    expect(await callsOf(() => endpoint.send('GET', path))).toEqual(['DescribeInstances']);
    expect(await callsOf(() => endpoint.send('DELETE', path))).toContain('TerminateInstances');
  });

  test('none for discovery once it is known, and none for what is in the table', async () => {
    await endpoint.send('GET', '/-/');
    expect(await callsOf(() => endpoint.send('GET', '/-/'))).toEqual([]);
  });
});

describe('One idempotency key', () => {
  test('makes one machine of 30 creates at the same time', async () => {
    const before = await present();
    const replies = await Promise.all(
      Array.from({ length: 30 }, () => endpoint.send('POST', '/compute/', create('thirty'))),
    );
    // Those that come while the first is under way are told so.
    const statuses = new Set(replies.map(({ status }) => status));
    expect([...statuses].filter((status) => status !== 409)).toEqual([201]);
    const again = await endpoint.send('POST', '/compute/', create('thirty'));
    expect(again.status).toBe(201);
    const locations = [...replies, again].filter(({ status }) => status === 201).map(({ headers }) => headers.location);
    expect(new Set(locations).size).toBe(1);
    expect((await present()).length).toBe(before.length + 1);
  }, 60_000);
});

describe('A listing', () => {
  test('of 1,200 machines is complete, in 3 calls and as many reads of the store as ever', async () => {
    const name = 'many';
    const own = await startEc2();
    const ownSite = await prepare(own);
    const ownClient = ec2Client(own);
    for (let batch = 0; batch < 12; batch++) {
      await ownClient.send(
        new RunInstancesCommand({ ImageId: ownSite.image, InstanceType: 't3.micro', MinCount: 100, MaxCount: 100 }),
      );
    }
    const serving = await startEndpoint({
      settings: {
        adapter: { name: 'ec2', site: name, settings: { ...ownSite.settings, tenancy: 'single' } },
      },
    });
    try {
      for (const accept of ['text/uri-list', 'text/plain', 'application/occi+json']) {
        const before = own.calls();
        serving.reset();
        const { status, body } = await serving.send('GET', '/compute/', { headers: { Accept: accept } });
        expect(status).toBe(200);
        const listed =
          accept === 'application/occi+json'
            ? (JSON.parse(body) as { resources: { id: string }[] }).resources.map(({ id }) => id)
            : body.trim().split('\n');
        expect(new Set(listed).size).toBe(1200);
        expect(own.calls() - before).toBeLessThanOrEqual(3);
        expect(serving.calls).toEqual({ query: 1 });
      }
    } finally {
      ownClient.destroy();
      await serving.stop();
      await own.stop();
    }
  }, 120_000);
});

describe('Broken off', () => {
  /** A retry that comes to another container: it knows the key's record and the cloud, nothing else. */
  const retried = async (key: string, table: ReturnType<typeof memoryTable>) => {
    const fresh = await another(table);
    try {
      return await fresh.send('POST', '/compute/', create(key));
    } finally {
      await fresh.stop();
    }
  };

  for (const [step, action] of [
    ['the launch, which was carried out', 'RunInstances'],
    ['a look at the types', 'DescribeInstanceTypes'],
  ] as const) {
    test(`after ${step}, a create is healed by its retry: one machine, which is listed`, async () => {
      const table = memoryTable();
      const serving = await another(table, { attempts: 1 });
      const before = await present();
      proxy.faults.add({ kind: 'lost' }, { action, times: 1 });
      const key = `lost ${action}`.replaceAll(' ', '-');
      const first = await serving.send('POST', '/compute/', create(key));
      await serving.stop();
      expect([503, 504]).toContain(first.status);
      const second = await retried(key, table);
      expect([second.status, second.body]).toEqual([201, expect.anything()]);
      expect((await present()).length).toBe(before.length + 1);
      const fresh = await another(table);
      const { body } = await fresh.send('GET', '/compute/', { headers: { Accept: 'text/uri-list' } });
      expect(body).toContain(new URL(second.headers.location!).pathname);
      await fresh.stop();
    });
  }

  test('before its row is written, a machine is listed all the same, and found by the retry', async () => {
    const table = memoryTable();
    let broken = true;
    const failing = {
      ...table,
      get: table.get.bind(table),
      put: async (...of: Parameters<typeof table.put>) => {
        if (broken && of[0].sk.startsWith('entity#')) throw new Error('the process died');
        return table.put(...of);
      },
    };
    // A process that dies takes nothing back.
    const serving = await another(failing as typeof table);
    proxy.faults.add({ kind: 'down' }, { action: 'TerminateInstances' });
    const before = await present();
    await serving.send('POST', '/compute/', create('row'));
    proxy.faults.end();
    await serving.stop();
    broken = false;
    expect((await present()).length).toBe(before.length + 1);
    const fresh = await another(table);
    const listing = await fresh.send('GET', '/compute/', { headers: { Accept: 'text/uri-list' } });
    const second = await fresh.send('POST', '/compute/', create('row'));
    expect([second.status, second.body]).toEqual([201, expect.anything()]);
    expect(listing.body).toContain(new URL(second.headers.location!).pathname);
    expect((await present()).length).toBe(before.length + 1);
    await fresh.stop();
  });

  for (const kind of ['lost', 'down'] as const) {
    test(`at the delete (${kind}), a machine is gone after the next`, async () => {
      const path = await made();
      const before = await present();
      const serving = await another(endpoint.table as ReturnType<typeof memoryTable>, { attempts: 1 });
      proxy.faults.add({ kind }, { action: 'TerminateInstances', times: 1 });
      const first = await serving.send('DELETE', path);
      expect([503, 504]).toContain(first.status);
      const second = await serving.send('DELETE', path);
      expect([200, 204, 404]).toContain(second.status);
      expect((await serving.send('GET', path)).status).toBe(404);
      expect((await present()).length).toBe(before.length - 1);
      await serving.stop();
    });
  }
});

describe('A bad day', () => {
  test('of throttling is 503 with Retry-After, of a denial 403 without its message', async () => {
    const serving = await another(memoryTable(), { attempts: 1 });
    proxy.faults.add({ kind: 'throttled' }, { action: 'DescribeInstances', times: 1 });
    const throttled = await serving.send('GET', '/compute/');
    expect([throttled.status, throttled.headers['retry-after']]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    proxy.faults.add({ kind: 'denied' }, { action: 'RunInstances', times: 1 });
    const denied = await serving.send('POST', '/compute/', create());
    expect(denied.status).toBe(403);
    expect(denied.body).not.toMatch(/Encoded|arn:|\d{12}/i);
    await serving.stop();
  });

  test('of NotFound after a create leaves the machine on its way, not lost', async () => {
    proxy.settings.unseen = 60_000;
    const path = await made();
    const meanwhile = await endpoint.send('GET', path, { headers: { Accept: 'application/occi+json' } });
    expect([meanwhile.status, JSON.parse(meanwhile.body).attributes?.occi?.compute?.state ?? meanwhile.body]).toEqual([
      200,
      expect.stringContaining('waiting'),
    ]);
    proxy.later(61_000);
    expect((await endpoint.send('GET', path)).body).toContain('occi.compute.state="active"');
    proxy.settings.unseen = 0;
  });
});
