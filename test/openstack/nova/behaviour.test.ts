/** What no single recording of Nova shows. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type OpenStack, startOpenStack } from '../index.ts';
import { Stage } from '../stage.ts';
import { asked, done, LAN, lan } from './scenes/stage.ts';

let stand: OpenStack;
let stage: Stage;
beforeEach(async () => {
  stand = await startOpenStack({ quotas: false });
  stand.site.steps.hold();
  stage = new Stage(stand);
  await lan(stage);
});
afterEach(() => stand.close());

const NEWEST = { 'openstack-api-version': 'compute latest' };

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly updated: string;
  readonly fault?: { readonly message: string };
  readonly 'OS-EXT-STS:task_state': string | null;
}

const nova = <T>(method: string, path: string, body?: object): Promise<T> =>
  stage.call<T>('alice', 'compute', method, `/v2.1${path}`, { headers: NEWEST, ...(body && { body }) });

const show = async (id: string): Promise<Shown> => (await nova<{ server: Shown }>('GET', `/servers/${id}`)).server;

const status = async (method: string, path: string, body?: object): Promise<number> => {
  const answer = await fetch(`${stand.site.origins.compute}/v2.1${path}`, {
    method,
    headers: { 'x-auth-token': stand.token('alice'), 'content-type': 'application/json', ...NEWEST },
    ...(body && { body: JSON.stringify(body) }),
  });
  return answer.status;
};

const running = async (): Promise<string> => {
  const id = await asked(stage, { name: 'one' });
  stage.settle();
  return id;
};

test('a server comes to run by itself, a step at a time', async () => {
  const id = await asked(stage, { name: 'one' });
  const seen: string[] = [];
  for (let step = 0; step < 7; step += 1) {
    const { status: now, 'OS-EXT-STS:task_state': task } = await show(id);
    seen.push(`${now} ${task}`);
    stand.site.steps.advance();
  }
  expect(seen).toEqual([
    'BUILD scheduling',
    'BUILD scheduling',
    'BUILD null',
    'BUILD networking',
    'BUILD block_device_mapping',
    'BUILD spawning',
    'ACTIVE null',
  ]);
});

test('until the scheduler has looked, a server can be shown and deleted, and nothing else', async () => {
  const id = await asked(stage, { name: 'one' });
  expect(await status('POST', `/servers/${id}/action`, { 'os-stop': null })).toBe(404);
  expect(await status('GET', `/servers/${id}`)).toBe(200);
  expect(await status('DELETE', `/servers/${id}`)).toBe(204);
  expect(await status('GET', `/servers/${id}`)).toBe(404);
  const changed = await nova<{ servers: unknown[] }>('GET', '/servers/detail?changes-since=2020-01-01T00:00:00Z');
  expect(changed.servers).toEqual([]);
});

test('a server that its host has not touched yet is in every listing but that of changes', async () => {
  const id = await asked(stage, { name: 'one' });
  const listed = async (query: string) => (await nova<{ servers: Shown[] }>('GET', `/servers/detail${query}`)).servers;
  const since = '?changes-since=2020-01-01T00:00:00Z';
  expect((await listed(since)).map((one) => one.id)).toEqual([id]);
  stand.site.steps.advance();
  expect([await listed(since), (await listed('?status=BUILD')).map((one) => one.id)]).toEqual([[], [id]]);
  stand.site.steps.advance();
  expect((await listed(since)).map((one) => one.id)).toEqual([id]);
});

test('a name that a PUT gives to a request is shown, and lost when the server is built from what was asked', async () => {
  const id = await asked(stage, { name: 'one' });
  await nova('PUT', `/servers/${id}`, { server: { name: 'two' } });
  expect((await show(id)).name).toBe('two');
  stand.site.steps.advance();
  expect((await show(id)).name).toBe('one');
});

test('a deleted server is shown as DELETED before it is gone, and by changes-since from then on', async () => {
  const id = await running();
  await nova('DELETE', `/servers/${id}`);
  const seen = [];
  for (let step = 0; step < 2; step += 1) {
    const { status: now, 'OS-EXT-STS:task_state': task } = await show(id);
    seen.push(`${now} ${task}`);
    stand.site.steps.advance();
  }
  expect(seen).toEqual(['ACTIVE deleting', 'DELETED null']);
  expect(await status('GET', `/servers/${id}`)).toBe(404);
  const plain = await nova<{ servers: Shown[] }>('GET', '/servers/detail');
  const changed = await nova<{ servers: Shown[] }>('GET', '/servers/detail?changes-since=2020-01-01T00:00:00Z');
  expect([plain.servers.length, changed.servers.map((one) => one.status)]).toEqual([0, ['DELETED']]);
});

/** What a listing by changes-since has, tried one by one on a Nova 34: new metadata, names, locks and states. */
const COUNTS: Readonly<Record<string, (id: string) => Promise<unknown>>> = {
  'metadata are added': (id) => nova('POST', `/servers/${id}/metadata`, { metadata: { b: '2' } }),
  'it gets another name': (id) => nova('PUT', `/servers/${id}`, { server: { name: 'two' } }),
  'it is locked': (id) => done(stage, 'lock', null, id),
  'it is stopped': (id) => done(stage, 'os-stop', null, id),
};

/** What Nova changes without counting the server as changed. */
const COUNTS_NOT: Readonly<Record<string, (id: string) => Promise<unknown>>> = {
  'an item of metadata is deleted': (id) => nova('DELETE', `/servers/${id}/metadata/a`),
  'its tags are replaced': (id) => nova('PUT', `/servers/${id}/tags`, { tags: ['t'] }),
  'a volume comes': async (id) => {
    const body = { volume: { size: 1 } };
    const { volume } = await stage.call<{ volume: { id: string } }>('alice', 'volume', 'POST', '/v3/volumes', { body });
    stage.settle();
    await nova('POST', `/servers/${id}/os-volume_attachments`, { volumeAttachment: { volumeId: volume.id } });
    stage.settle();
  },
  'an interface comes': (id) => nova('POST', `/servers/${id}/os-interface`, { interfaceAttachment: { net_id: LAN } }),
};

async function countsAsChanged(change: (id: string) => Promise<unknown>): Promise<boolean> {
  const id = await asked(stage, { name: 'one', metadata: { a: '1' } });
  stage.settle();
  stand.site.passTime(5000);
  const since = new Date(stand.site.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  await change(id);
  const { servers } = await nova<{ servers: Shown[] }>('GET', `/servers/detail?changes-since=${since}`);
  return servers.some((one) => one.id === id);
}

test.each(Object.entries(COUNTS))('a server counts as changed when %s', async (_, change) => {
  expect(await countsAsChanged(change)).toBe(true);
});

test.each(Object.entries(COUNTS_NOT))('a server does not count as changed when %s', async (_, change) => {
  expect(await countsAsChanged(change)).toBe(false);
});

test('a full page says that more follow, though it may be the last', async () => {
  await asked(stage, { name: 'many', min_count: 3, max_count: 3 });
  const page = (limit: number) => nova<{ servers_links?: unknown }>('GET', `/servers?limit=${limit}`);
  expect([(await page(3)).servers_links !== undefined, (await page(4)).servers_links]).toEqual([true, undefined]);
});

test('servers of one second stand in the order of their ids', async () => {
  await asked(stage, { name: 'many', min_count: 10, max_count: 10 });
  stage.settle();
  const { servers } = await nova<{ servers: Shown[] }>('GET', '/servers');
  const created = servers.map(({ id }) => stand.nova.servers.get(id)!);
  const expected = [...created].sort(
    (one, other) => Math.floor(other.created / 1000) - Math.floor(one.created / 1000) || (one.id < other.id ? -1 : 1),
  );
  expect(servers.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
});

test('a server that no host takes is accepted, and fails later with its reason', async () => {
  const id = await asked(stage, { name: 'huge', flavorRef: '4' });
  stage.settle();
  expect(await show(id)).toMatchObject({ status: 'ERROR', fault: { message: 'No valid host was found. ' } });
});

test('of two creates with one port one wins, and the clean-up of the other takes its port', async () => {
  const body = { port: { network_id: LAN } };
  const { port } = await stage.call<{ port: { id: string } }>('alice', 'network', 'POST', '/v2.0/ports', { body });
  const wish = { networks: [{ port: port.id }] };
  const [winner, loser] = [await asked(stage, { name: 'a', ...wish }), await asked(stage, { name: 'b', ...wish })];
  stage.settle();
  expect([(await show(winner)).status, (await show(loser)).status]).toEqual(['ACTIVE', 'ERROR']);
  expect(stand.site.between.ports.ofServer(winner)).toEqual([]);
});

test('a revoked token works at Nova for as long as Nova remembers it', async () => {
  const token = stand.token('alice');
  const ask = async () =>
    (await fetch(`${stand.site.origins.compute}/v2.1/servers`, { headers: { 'x-auth-token': token } })).status;
  const first = await ask();
  stand.site.people.tokens.get(token)!.revoked = true;
  const remembered = await ask();
  stand.site.passTime(300_001);
  expect([first, remembered, await ask()]).toEqual([200, 200, 401]);
});

test('an older cloud refuses newer microversions, and does not know what came with them', async () => {
  const old = await startOpenStack({ microversions: { compute: '2.46' } });
  const { compute } = old.site.origins;
  const headers = { 'x-auth-token': old.token('alice'), 'openstack-api-version': 'compute 2.47' };
  const answer = await fetch(`${compute}/v2.1/servers`, { headers });
  expect([answer.status, await answer.json()]).toEqual([
    406,
    {
      computeFault: {
        code: 406,
        message: 'Version 2.47 is not supported by the API. Minimum is 2.1 and maximum is 2.46.',
      },
    },
  ]);
  await old.close();
});

test('a service can be stopped alone, and comes back on its port', async () => {
  await stand.stop('volume');
  await expect(fetch(stand.site.origins.volume)).rejects.toThrow();
  expect(await status('GET', '/servers')).toBe(200);
  await stand.resume('volume');
  expect((await fetch(stand.site.origins.volume)).status).toBe(300);
});

test('an answer can be lost after the work was done', async () => {
  stand.badDays.add({ kind: 'lost' }, { service: 'compute', method: 'POST', times: 1 });
  await expect(asked(stage, { name: 'lost' })).rejects.toThrow();
  const { servers } = await nova<{ servers: Shown[] }>('GET', '/servers');
  expect(servers).toHaveLength(1);
});
