/**
 * Two sites on one table, side by side in one process. Both do the same, with the same names, paths and keys, one step
 * after the other; each must be answered as it is when it has a table to itself.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { memoryTable } from '../../../lib/table/memory.ts';
import { partitionsOf, prefixOf } from '../../../lib/table/partition-keys.ts';
import { sharedReads } from '../../../lib/table/shared-reads.ts';
import type { Row, Table } from '../../../lib/table/table.ts';
import { type Call, type Endpoint, type Reply, startEndpoint } from '../../endpoint.ts';
import { type OpenNebula, startOpenNebula } from '../../oned/index.ts';
import { dynaliteTable } from '../mapping/dynalite-table.ts';
import { action, category, entity, filter, INFRASTRUCTURE, list, plain } from './payloads.ts';

const TAG = 'http://example.org/tags#mine';
const ACTION = INFRASTRUCTURE.replace('#', '');
const AS_JSON = { headers: { Accept: 'application/occi+json' } };
const AS_URIS = { headers: { Accept: 'text/uri-list' } };

/** Sends one request of a life; `seen` holds the paths of what was made, by a name. */
type Step = (send: (method: string, path: string, call?: Call) => Promise<Reply>, seen: Map<string, string>) => unknown;

const made =
  (name: string, kind: string, call: Call): Step =>
  async (send, seen) => {
    const reply = await send('POST', `/${kind}/`, call);
    seen.set(name, new URL(reply.headers.location!).pathname);
  };
const disk = { kind: 'storage', attributes: { 'occi.storage.size': 1 } };
const keyed = (call: Call): Call => ({ ...call, headers: { ...call.headers, 'Idempotency-Key': 'the-same' } });

/** A life: each line leaves rows of another kind, or reads them. */
const LIFE: readonly Step[] = [
  (send) => send('POST', '/-/', plain(`Category: ${category(TAG, 'mixin')}; location="/mine/"`)),
  (send) => send('GET', '/-/'),
  made('disk', 'storage', entity('text/plain', disk)),
  made('once', 'storage', keyed(entity('text/plain', disk))),
  made('once', 'storage', keyed(entity('text/plain', disk))),
  (send) => send('POST', '/storage/', keyed(entity('text/plain', { ...disk, attributes: { 'occi.storage.size': 2 } }))),
  (send) => send('PUT', '/compute/web', entity('text/plain', { kind: 'compute', mixins: [TAG] })),
  (send, seen) =>
    send(
      'POST',
      '/storagelink/',
      entity('text/plain', {
        kind: 'storagelink',
        attributes: { 'occi.core.source': '/compute/web', 'occi.core.target': seen.get('disk')! },
      }),
    ),
  (send) => send('GET', '/compute/web', AS_JSON),
  (send) => send('POST', '/compute/web', entity('text/plain', { attributes: { 'occi.core.summary': 'the first' } })),
  (send, seen) => send('POST', '/mine/', plain(`X-OCCI-Location: ${seen.get('disk')}`)),
  ...['/', '/compute/', '/storage/', '/network/', '/storagelink/', '/mine/'].map(
    (path): Step =>
      (send) =>
        send('GET', path, AS_JSON),
  ),
  (send) => send('GET', '/storage/', filter(['Category', category(TAG, 'mixin')])),
  (send) => send('POST', '/compute/web?action=stop', action('text/plain', `${ACTION}/compute/action#stop`)),
  (send, seen) => send('DELETE', '/mine/', plain(`X-OCCI-Location: ${seen.get('disk')}`)),
  (send, seen) => send('DELETE', seen.get('once')!),
  (send, seen) => send('GET', seen.get('once')!),
  (send) => send('GET', '/storage/', AS_URIS),
  (send) => send('DELETE', '/compute/web'),
  (send) => send('GET', '/compute/web'),
  (send) => send('GET', '/compute/', AS_URIS),
  (send) => send('DELETE', '/-/', plain(`Category: ${category(TAG, 'mixin')}`)),
  (send) => send('GET', '/mine/'),
  (send) => send('GET', '/-/'),
];

/** A site: where it answers, and what lets its cloud finish what it has begun. */
interface Site {
  readonly endpoint: Endpoint;
  readonly settle: () => void;
  readonly headers: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

/**
 * An answer as it is the same in every run: its words in the order of the alphabet, since listings stand in the order of
 * ids that are made by chance, with the ids of what was made numbered as they came.
 */
function transcriber() {
  const made: string[] = [];
  const numbered = (id: string): string => (made.includes(id) ? `#${made.indexOf(id)}` : '#');
  return ({ status, headers: { location = '', 'content-type': type }, body }: Reply): string => {
    const id = /[^/]+$/.exec(location)?.[0];
    if (id !== undefined && !made.includes(id)) made.push(id);
    const words = body
      .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, numbered)
      .replace(/(?:[0-9a-f]{2}:){5}[0-9a-f]{2}|[a-z]-[0-9a-f]{16}|http:\/\/127\.0\.0\.1:\d+/g, '')
      .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*/g, '')
      .split(/[\s,;{}"[\]]+/);
    return `${status} ${type} ${id === undefined ? '' : numbered(id)} ${words.sort().join(' ')}`;
  };
}

/** Lives the same life on each of these sites, one step on all of them before the next; what each was answered. */
async function lives(sites: readonly Site[]): Promise<string[][]> {
  const living = sites.map((site) => ({ site, seen: new Map(), answers: [] as string[], write: transcriber() }));
  for (const step of LIFE) {
    for (const { site, seen, answers, write } of living) {
      const send = async (method: string, path: string, call: Call = {}) => {
        const reply = await site.endpoint.send(method, path, {
          ...call,
          headers: { ...call.headers, ...site.headers },
        });
        answers.push(`${method} ${path.replace(/[^/]{36}/, '')} ${write(reply)}`);
        return reply;
      };
      await step(send, seen);
      site.settle();
    }
  }
  return living.map(({ answers }) => answers);
}

async function dummySite(site: string, table: Table): Promise<Site> {
  const endpoint = await startEndpoint({ table, settings: { adapter: { name: 'dummy', site, settings: {} } } });
  return { endpoint, settle: () => {}, headers: {}, stop: () => endpoint.stop() };
}

/** Each site has an OpenNebula of its own; both give out the same ids, and alice is user 2 in both. */
async function openNebulaSite(site: string, table: Table): Promise<Site> {
  const one: OpenNebula = await startOpenNebula({ step: 60_000 });
  const settings = { endpoint: one.endpoint, defaultOsTemplate: 0 };
  const endpoint = await startEndpoint({
    table,
    settings: { adapter: { name: 'opennebula', site, settings }, auth: ['basic'] },
  });
  return {
    endpoint,
    settle: () => one.site.steps.settle(),
    headers: { Authorization: `Basic ${Buffer.from('alice:password').toString('base64')}` },
    async stop() {
      await endpoint.stop();
      await one.close();
    },
  };
}

const CLOUDS = { dummy: dummySite, opennebula: openNebulaSite } as const;
const TABLES = {
  memory: async () => ({ table: memoryTable(), stop: async () => {} }),
  'DynamoDB (dynalite)': async () => {
    const running = await dynaliteTable();
    return { ...running, table: sharedReads(running.table) };
  },
} as const;

const cases = (Object.keys(CLOUDS) as (keyof typeof CLOUDS)[]).flatMap((cloud) =>
  (Object.keys(TABLES) as (keyof typeof TABLES)[]).map((table) => [cloud, table] as const),
);

describe.each(cases)('Two sites of %s on one table in %s', (cloud, kind) => {
  const open: { stop(): Promise<void> }[] = [];
  let table: Table;
  let sites: readonly [Site, Site];
  beforeEach(async () => {
    const running = await TABLES[kind]();
    open.push(running);
    table = running.table;
    sites = [await CLOUDS[cloud]('one', table), await CLOUDS[cloud]('two', table)];
    open.unshift(...sites);
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.stop();
  });

  test('live side by side as each does alone', async () => {
    const lonely = await CLOUDS[cloud]('one', memoryTable());
    open.unshift(lonely);
    const [alone] = await lives([lonely]);
    const [one, two] = await lives(sites);
    expect(one).toEqual(alone);
    expect(two).toEqual(alone);
    // Proves that the requests succeeded, and did not merely fail alike.
    expect(alone!.filter((line) => /^\w+ \S+ 20[01] /.test(line)).length).toBe(LIFE.length - 4);
  });

  test('find nothing by the ids, paths, mixins and keys of each other', async () => {
    const [one, two] = sites;
    const at =
      (site: Site) =>
      (method: string, path: string, call: Call = {}) =>
        site.endpoint.send(method, path, { ...call, headers: { ...call.headers, ...site.headers } });
    const seen = new Map<string, string>();
    const untilTagged = LIFE.findIndex((_, place) => place > 10);
    for (const step of LIFE.slice(0, untilTagged)) {
      await step(at(one), seen);
      one.settle();
    }
    for (const path of ['/compute/web', '/mine/', ...seen.values()]) {
      expect([path, (await at(one)('GET', path)).status, (await at(two)('GET', path)).status]).toEqual([
        path,
        200,
        404,
      ]);
    }
    const listed = await list({ send: at(two) }, '/storage/');
    for (const path of seen.values()) expect(listed).not.toContain(path);
    const again = await at(two)('POST', '/storage/', keyed(entity('text/plain', disk)));
    expect(again.status).toBe(201);
    expect(new URL(again.headers.location!).pathname).not.toBe(seen.get('once'));
  });
});

test('Two endpoints of one site share its table, as the functions of a deployment do', async () => {
  const table = memoryTable();
  const [one, twin] = [await dummySite('one', table), await dummySite('one', table)];
  const seen = new Map<string, string>();
  for (const step of LIFE.slice(0, 10)) await step(one.endpoint.send, seen);
  for (const path of ['/compute/web', '/mine/', ...seen.values()]) {
    expect([path, (await twin.endpoint.send('GET', path)).status]).toEqual([path, 200]);
  }
  await one.stop();
  await twin.stop();
});

test('Every row that an endpoint writes is below the prefix of its adapter and site', async () => {
  const inner = memoryTable();
  const rows: Row[] = [];
  const table: Table = {
    ...inner,
    async put(row, condition) {
      rows.push(row);
      return inner.put(row, condition);
    },
  };
  for (const cloud of ['dummy', 'opennebula'] as const) {
    rows.length = 0;
    const site = await CLOUDS[cloud]('one', table);
    await lives([site]);
    await site.stop();
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter(({ pk }) => !pk.startsWith(prefixOf(cloud, 'one')))).toEqual([]);
  }
  expect(rows.some(({ pk }) => pk === partitionsOf('opennebula', 'one').tenant('u2'))).toBe(true);
});
