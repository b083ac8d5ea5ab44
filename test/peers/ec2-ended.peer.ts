/** A machine that ends without the user's delete, most of all at its launch: what a client sees of it, and what is left. */
import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { MIXINS } from '../../lib/occi/mixins/index.ts';
import { typeId } from '../../lib/occi/types.ts';
import { memoryTable } from '../../lib/table/memory.ts';
import { KEY, publicKey } from '../adapters/ec2/compute-drafts.ts';
import type { Ec2Proxy } from '../ec2-proxy/index.ts';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import { action, entity, list, make, read } from '../lib/operations/payloads.ts';
import { startEc2 } from './ec2.ts';
import { countNatives, nativesOf } from './ec2-natives.ts';
import { ec2Client, nativeClient, prepare, type Site } from './ec2-site.ts';

const STOP = 'http://schemas.ogf.org/occi/infrastructure/compute/action#stop';
const PENDING_MS = 60_000;

let proxy: Ec2Proxy;
let site: Site;
let table: ReturnType<typeof memoryTable>;
let endpoint: Endpoint;
const running: Endpoint[] = [];

const process = async (change: object = {}): Promise<Endpoint> => {
  const one = await startEndpoint({
    table,
    settings: { adapter: { name: 'ec2', site: 'test', settings: { ...site.settings, ...change } } },
  });
  running.push(one);
  return one;
};

beforeAll(async () => {
  proxy = await startEc2({ settings: { pending: PENDING_MS } });
  site = await prepare(proxy);
  table = memoryTable();
  endpoint = await process();
}, 60_000);
afterEach(() => proxy.faults.end());
afterAll(async () => {
  for (const one of running) await one.stop();
  await proxy?.stop();
});

/** Makes a machine that ends when it should run. */
async function ending(code: string, change: object = {}): Promise<string> {
  proxy.faults.add({ kind: 'dies', code }, { action: 'RunInstances', times: 1 });
  const path = await make(endpoint, { kind: 'compute', ...change });
  expect((await read(endpoint, path)).attributes['occi.compute.state']).toBe('waiting');
  proxy.later(PENDING_MS);
  return path;
}

const stateOf = async (path: string, of = endpoint) => {
  const { attributes, links } = await read(of, path);
  return {
    state: attributes['occi.compute.state'],
    message: attributes['occi.compute.state.message'],
    links: links ?? [],
  };
};

describe('A machine that dies at its launch', () => {
  test('is in error with the reason, holds nothing, can be deleted only, and leaves nothing', async () => {
    const group = await make(endpoint, { kind: 'securitygroup' });
    const disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    const before = await countNatives(proxy);
    const path = await ending('Client.InternalError', {
      mixins: [typeId(MIXINS.ssh_key)],
      attributes: { [KEY]: publicKey(9) },
      links: [
        { kind: 'storagelink', target: disk },
        { kind: 'securitygrouplink', target: group },
      ],
    });
    const fresh = await process();
    for (const one of [endpoint, fresh]) {
      const { state, message, links } = await stateOf(path, one);
      expect([state, message, links]).toEqual(['error', expect.stringMatching(/\bkey\b/), []]);
      expect(message).not.toMatch(/\b(i|vol|ami)-[0-9a-f]{8}/);
      expect(await list(one, '/compute/')).toContain(path);
    }
    expect(await list(endpoint, '/storagelink/')).toEqual([]);
    // Its key is gone with it, whether or not anybody deletes it.
    expect(await countNatives(proxy)).toEqual(before);

    const titled = entity('text/plain', { kind: 'compute', attributes: { 'occi.core.title': 'web' } });
    const ends = { 'occi.core.source': path, 'occi.core.target': disk };
    for (const reply of [
      await endpoint.send('POST', `${path}?action=stop`, action('text/plain', STOP)),
      await endpoint.send('POST', path, titled),
      await endpoint.send('PUT', path, titled),
      await endpoint.send('POST', '/storagelink/', entity('text/plain', { kind: 'storagelink', attributes: ends })),
    ]) {
      expect([reply.status, reply.body]).toEqual([409, expect.stringMatching(/has ended|is error/)]);
    }

    expect((await endpoint.send('DELETE', path)).status).toBe(200);
    for (const one of [endpoint, fresh, await process()]) {
      expect((await one.send('GET', path)).status).toBe(404);
      expect((await one.send('DELETE', path)).status).toBe(404);
      expect(await list(one, '/compute/')).not.toContain(path);
    }
    for (const one of [disk, group]) expect((await endpoint.send('DELETE', one)).status).toBe(200);
    const { volumes, groups } = before as { volumes: number; groups: number };
    expect(await countNatives(proxy)).toEqual({ ...before, volumes: volumes - 1, groups: groups - 1 });
  }, 60_000);

  test.each([
    ['Server.InternalError', /failed while it started/],
    ['Server.InsufficientInstanceCapacity', /no room/],
    ['Client.InstanceInitiatedShutdown', /from the inside/],
    ['Client.VolumeLimitExceeded', /disks/],
    ['Server.SomethingNew', /Server\.SomethingNew/],
  ])('because of %s says so, and goes when EC2 shows it no longer', async (code, reason) => {
    const path = await ending(code);
    expect(await stateOf(path)).toMatchObject({ state: 'error', message: expect.stringMatching(reason) });
    proxy.later(3_600_000);
    const now = Date.now;
    Date.now = () => now() + 3_600_000;
    try {
      expect((await endpoint.send('GET', path)).status).toBe(404);
      expect(await list(endpoint, '/compute/')).not.toContain(path);
    } finally {
      Date.now = now;
    }
  });

  test('is what a repeated request gets whose answer was lost, and no other machine', async () => {
    const { headers, body } = entity('text/plain', { kind: 'compute' });
    const keyed = { headers: { ...headers, 'Idempotency-Key': 'lost' }, body: body! };
    const client = nativeClient(proxy);
    const launches = proxy.calls('RunInstances');
    const dies = { kind: 'dies', code: 'Client.InternalError', isLost: true } as const;
    proxy.faults.add(dies, { action: 'RunInstances', times: 1 });
    const first = await process({ attempts: 1 });
    expect((await first.send('POST', '/compute/', keyed)).status).toBe(503);
    proxy.later(PENDING_MS);
    const seen = proxy.calls('RunInstances');
    expect(seen).toBe(launches + 1);
    const reply = await (await process()).send('POST', '/compute/', keyed);
    expect([reply.status, reply.body]).toEqual([201, expect.anything()]);
    expect((await stateOf(new URL(reply.headers.location!).pathname)).state).toBe('error');
    expect(proxy.calls('RunInstances')).toBe(seen);
    expect((await nativesOf(client)).instances).toEqual([]);
    client.destroy();
  });
});

test('A machine that was terminated by a user of EC2 is gone, and one that is deleted too', async () => {
  const [path, other] = [await make(endpoint, { kind: 'compute' }), await make(endpoint, { kind: 'compute' })];
  proxy.later(PENDING_MS);
  const [native, client] = [nativeClient(proxy), ec2Client(proxy)];
  expect((await endpoint.send('DELETE', other)).status).toBe(200);
  await client.send(new TerminateInstancesCommand({ InstanceIds: [...(await nativesOf(native)).instances!] }));
  for (const one of [path, other]) expect((await endpoint.send('GET', one)).status).toBe(404);
  const listed = await list(endpoint, '/compute/');
  expect([path, other].filter((one) => listed.includes(one))).toEqual([]);
  native.destroy();
  client.destroy();
});

test('A machine is launched so that a shutdown from the inside stops it, which is what EC2 does by default', async () => {
  const path = await make(endpoint, { kind: 'compute' });
  const { InstanceInitiatedShutdownBehavior = 'stop' } = proxy.sent('RunInstances').at(-1)!;
  expect(InstanceInitiatedShutdownBehavior).toBe('stop');
  proxy.later(PENDING_MS);
  expect((await endpoint.send('DELETE', path)).status).toBe(200);
});
