/**
 * A listing costs the same number of calls for 1, 100 and 1,000 entities, plus one per page, and writes nothing
 * (ADR-6).
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { memoryTable } from '../../../lib/table/memory.ts';
import type { RowPage, Table } from '../../../lib/table/table.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { ANSWERS, category, collection, INFRASTRUCTURE, list, locationsIn, plain } from './payloads.ts';

const SIZES = [1, 100, 1000];
const TAG = 'http://example.org/tags#mine';
const POOL = 'http://dummy.example.org/occi/infrastructure/floatingippool#wide';
const CLOUD = { floatingIpPools: [{ term: 'wide', title: 'Wide', range: '10.64.0.0/16' }] };

interface Filled {
  readonly endpoint: Endpoint;
  /** Pages beyond the first that reads were answered with since the last reset. */
  readonly pages: { more: number };
}

/** A table that counts pages beyond the first. */
function paged(): { table: Table; pages: { more: number } } {
  const inner = memoryTable();
  const pages = { more: 0 };
  const count = <T>(page: RowPage<T>): RowPage<T> => {
    if (page.next !== undefined) pages.more++;
    return page;
  };
  const table: Table = {
    ...inner,
    query: async (...of) => count(await inner.query(...of)),
    queryKeys: async (...of) => count(await inner.queryKeys(...of)),
  };
  return { table, pages };
}

/** Makes `size` entities of each kind. */
async function filled(size: number): Promise<Filled> {
  const { table, pages } = paged();
  const endpoint = await startEndpoint({
    table,
    cloud: CLOUD,
    maxHeaderSize: 200_000,
    settings: { limits: { responseHeaderBytes: 150_000 } },
  });
  await endpoint.send('POST', '/-/', plain(`Category: ${category(TAG, 'mixin')}; location="/mine/"`));
  const post = async (of: (n: number) => object) => {
    const resources = Array.from({ length: size }, (_, n) => of(n));
    const reply = await endpoint.send('POST', '/', collection({ resources }, 'application/occi+json'));
    if (reply.status !== 201) throw new Error(reply.body.slice(0, 500));
  };
  await post(() => ({ kind: `${INFRASTRUCTURE}storage`, attributes: { 'occi.storage.size': 1 }, mixins: [TAG] }));
  await post((n) => ({ kind: `${INFRASTRUCTURE}network`, title: `net ${n}` }));
  await post((n) => ({ kind: `${INFRASTRUCTURE}securitygroup`, title: `group ${n}` }));
  await post(() => ({ kind: `${INFRASTRUCTURE}ipreservation`, mixins: [POOL] }));
  const [disks, nets, groups] = await Promise.all(
    ['/storage/', '/network/', '/securitygroup/'].map((path) => list(endpoint, path)),
  );
  const link = (kind: string, location: string) => ({ kind: INFRASTRUCTURE + kind, target: { location } });
  await post((n) => ({
    kind: `${INFRASTRUCTURE}compute`,
    links: [
      link('storagelink', disks![n]!),
      link('networkinterface', nets!.at(-1)!),
      link('securitygrouplink', groups!.at(-1)!),
    ],
  }));
  return { endpoint, pages };
}

let all: Filled[];
beforeAll(async () => {
  all = await Promise.all(SIZES.map(filled));
}, 60_000);
afterAll(() => Promise.all(all.map(({ endpoint }) => endpoint.stop())));

/** Table calls of one listing, without those for further pages, and how many members it had. */
async function costOf({ endpoint, pages }: Filled, path: string, headers: Record<string, string>) {
  endpoint.reset();
  pages.more = 0;
  const reply = await endpoint.send('GET', path, { headers });
  expect(reply.status).toBe(200);
  const { put = 0, delete: deletes = 0, ...reads } = endpoint.calls;
  const calls = Object.values(reads).reduce((sum, count) => sum + count, 0) - pages.more;
  const json = headers.Accept === 'application/occi+json' ? JSON.parse(reply.body) : undefined;
  const members = json ? (json.resources?.length ?? 0) + (json.links?.length ?? 0) : locationsIn(reply).length;
  return { calls, writes: put + deletes, members };
}

const KINDS = [
  'compute',
  'storage',
  'network',
  'securitygroup',
  'ipreservation',
  'networkinterface',
  'storagelink',
  'securitygrouplink',
];
const inEvery = (paths: readonly string[]) =>
  paths.flatMap((path) => ANSWERS.map((mediaType) => [path, mediaType] as const));

describe('The listing of a kind', () => {
  test.each(inEvery(KINDS.map((kind) => `/${kind}/`)))('%s in %s', async (path, Accept) => {
    const costs = [];
    for (const one of all) costs.push(await costOf(one, path, { Accept }));
    const [first, , last] = costs;
    expect(costs.map(({ calls }) => calls)).toEqual(SIZES.map(() => first!.calls));
    expect(costs.map(({ writes }) => writes)).toEqual([0, 0, 0]);
    // Where user's mixins are shown, the model says which there are: all storages have one.
    const showsTags = path === '/storage/' && Accept === 'application/occi+json';
    expect(first!.calls).toBeLessThanOrEqual(showsTags ? 3 : 2);
    expect(last!.members - first!.members).toBe(999);
  });
});

describe('Other listings', () => {
  test.each(inEvery(['/', '/mine/', '/mixin/os_tpl/', '/mixin/os_tpl/debian12/', '/mixin/']))(
    '%s in %s',
    async (path, Accept) => {
      const costs = [];
      for (const one of all) {
        if (Accept === 'text/occi' && path === '/')
          one.endpoint.reset(); // its header would pass every limit
        else costs.push(await costOf(one, path, { Accept }));
      }
      expect(new Set(costs.map(({ calls }) => calls)).size).toBeLessThanOrEqual(1);
      expect(costs.map(({ writes }) => writes)).toEqual(costs.map(() => 0));
    },
  );

  test.each(ANSWERS)('with a filter, in %s', async (Accept) => {
    const filters: Record<string, string>[] = [
      { 'X-OCCI-Attribute': 'occi.compute.cores=1' },
      { Category: category(`${INFRASTRUCTURE}os_tpl`, 'mixin') },
    ];
    for (const filter of filters) {
      const costs = [];
      for (const one of all) costs.push(await costOf(one, '/compute/', { Accept, ...filter }));
      expect(costs.map(({ members }) => members)).toEqual(SIZES);
      expect(new Set(costs.map(({ calls }) => calls)).size).toBe(1);
      expect(costs.map(({ writes }) => writes)).toEqual([0, 0, 0]);
    }
  });

  test.each(ANSWERS)('a page of it, in %s', async (Accept) => {
    const costs = [];
    for (const one of all) costs.push(await costOf(one, '/compute/?page=1&number=10', { Accept }));
    expect(costs.map(({ members }) => members)).toEqual([1, 10, 10]);
    expect(new Set(costs.map(({ calls }) => calls)).size).toBe(1);
  });
});
