/** What an admin sees: all tenants of the site, over HTTP. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { hashOf } from '../../../lib/auth/password.ts';
import { phcOf } from '../../../lib/config/auth/password-hash.ts';
import { MAX_TENANTS } from '../../../lib/request/all-tenants.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import { partitionsOf } from '../../../lib/table/partition-keys.ts';
import { badge, badges } from '../../badges.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { startOpenNebula } from '../../oned/index.ts';

const SCHEME = 'http://schemas.ogf.org/occi/infrastructure#';
const COMPUTE = `Category: compute; scheme="${SCHEME}"; class="kind"`;
const TAG = 'Category: blue; scheme="http://example.org/tags#"; class="mixin"';
const ROOT = badge('root', 'operators', 'admin');
const URIS = { accept: 'text/uri-list' };

/** Settings that make somebody an admin; the callers of these tests come with badges. */
async function withAdmin(more: object = {}) {
  const password = phcOf(await hashOf('a password', { ln: 14, r: 8, p: 1 }));
  return { auth: [{ users: { root: { password, role: 'admin' }, dave: { password } } }], ...more };
}

/** What is to be stopped after a test, also one that fails. */
const stops: (() => Promise<void>)[] = [];
const started = (one: Endpoint): Endpoint => {
  stops.push(() => one.stop());
  return one;
};
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

let endpoint: Endpoint;
const made: Record<string, string> = {};

const as = (tenant: string, method: string, path: string, body?: string) =>
  endpoint.send(method, path, {
    headers: { ...badge('someone', tenant), 'content-type': 'text/plain' },
    ...(body !== undefined && { body }),
  });
const pathsAt = async (path: string, headers: object = ROOT): Promise<readonly string[]> => {
  const { status, body } = await endpoint.send('GET', path, { headers: { ...headers, ...URIS } });
  expect([path, status]).toEqual([path, 200]);
  return body
    .split(/\r?\n/)
    .filter(Boolean)
    .map((url) => new URL(url).pathname);
};
const statusOf = async (path: string, headers: object = ROOT) =>
  (await endpoint.send('GET', path, { headers: headers as Record<string, string> })).status;

beforeAll(async () => {
  endpoint = await startEndpoint({ schemes: [badges], settings: await withAdmin() });
  for (const tenant of ['alice', 'bob']) {
    const { headers } = await as(tenant, 'POST', '/compute/', COMPUTE);
    made[tenant] = new URL(headers.location!).pathname;
    await as(tenant, 'PUT', '/compute/web', COMPUTE);
  }
  await as('alice', 'POST', '/-/', `${TAG}; location="/blue/"`);
  await as('alice', 'PUT', '/compute/db', `${COMPUTE}\n${TAG}`);
  // It only reads, so it is not in the audit.
  await as('carol', 'GET', '/compute/');
});
afterAll(() => endpoint.stop());

describe('An admin', () => {
  test('reads the collection of every tenant', async () => {
    const own = [await pathsAt('/compute/', badge('x', 'alice')), await pathsAt('/compute/', badge('x', 'bob'))];
    expect(own.map(({ length }) => length)).toEqual([3, 2]);
    for (const path of ['/compute/', '/compute']) {
      expect([...(await pathsAt(path))].sort()).toEqual([...new Set(own.flat())].sort());
    }
    for (const path of ['/resource/', '/']) {
      expect(await pathsAt(path)).toEqual(expect.arrayContaining(own.flat()));
    }
  });

  test('reads it whole, each entity once, also where two tenants chose one path', async () => {
    const headers = { ...ROOT, accept: 'application/occi+json' };
    const { body } = await endpoint.send('GET', '/compute/', { headers });
    const { resources } = JSON.parse(body);
    expect(new Set(resources.map(({ id }: { id: string }) => id)).size).toBe(5);
    expect(resources).toHaveLength(5);
    const networks = await pathsAt('/network/');
    expect(new Set(networks).size).toBe(networks.length);
  });

  test('reads it in pages', async () => {
    const all = await pathsAt('/compute/');
    const pages = [await pathsAt('/compute/?page=1&number=3'), await pathsAt('/compute/?page=2&number=3')];
    expect(pages.flat()).toEqual(all);
    expect(pages[0]).toHaveLength(3);
    expect(await pathsAt('/compute/?page=9&number=3')).toEqual([]);
  });

  test('reads each entity, by its id and at the path that its tenant chose', async () => {
    for (const tenant of ['alice', 'bob']) expect(await statusOf(made[tenant]!)).toBe(200);
    expect(await statusOf('/compute/db')).toBe(200);
    expect(await statusOf('/compute/none')).toBe(404);
    expect(await statusOf('/compute/3b1f6c52-8d4e-5a57-9a3c-0f6d2b9e7a11')).toBe(404);
    const head = await endpoint.send('HEAD', made.bob!, { headers: ROOT });
    expect([head.status, head.body]).toEqual([200, '']);
  });

  test('is asked which one, where several tenants chose one path', async () => {
    const { status, body } = await endpoint.send('GET', '/compute/web', { headers: ROOT });
    expect(status).toBe(400);
    expect(body).toContain('Several tenants have something here: name one of alice, bob with ?tenant=.');
    expect(await statusOf('/compute/web?tenant=bob')).toBe(200);
  });

  test('reads the collection of a tag and filters by it, though only one tenant has it', async () => {
    expect(await pathsAt('/blue/')).toEqual(['/compute/db']);
    expect(await pathsAt('/compute/?category=blue')).toEqual(['/compute/db']);
    expect(await statusOf('/compute/?category=red')).toBe(400);
  });

  test('names tenants in the query', async () => {
    expect(await pathsAt('/compute/?tenant=bob')).toEqual(await pathsAt('/compute/', badge('x', 'bob')));
    expect(await pathsAt('/compute/?tenant=bob&tenant=alice')).toHaveLength(4);
    expect(await statusOf(`${made.alice}?tenant=bob`)).toBe(404);
    expect(await statusOf('/compute/?tenant=nobody')).toBe(404);
    expect(await statusOf('/compute/?tenant=')).toBe(404);
    expect(await statusOf(`/compute/?${Array.from({ length: MAX_TENANTS + 1 }, () => 'tenant=bob').join('&')}`)).toBe(
      400,
    );
  });

  test('reads what everybody sees of the query interface, or all that one tenant sees', async () => {
    const read = async (path: string) => (await endpoint.send('GET', path, { headers: ROOT })).body;
    expect(await read('/-/')).not.toContain('Category: blue; ');
    expect(await read('/-/?tenant=alice')).toContain('Category: blue; ');
    expect(await read('/-/?tenant=bob')).not.toContain('Category: blue; ');
    expect(await statusOf('/-/?tenant=alice&tenant=bob')).toBe(400);
  });

  test('may only read', async () => {
    const { headers } = await endpoint.send('OPTIONS', '/compute/', { headers: ROOT });
    expect(headers.allow).toBe('GET, HEAD, OPTIONS');
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const { status } = await endpoint.send(method, '/compute/web?tenant=bob', { headers: ROOT });
      expect(status).toBe(403);
    }
  });

  test('revalidates with entity tags', async () => {
    const { headers } = await endpoint.send('GET', '/compute/', { headers: ROOT });
    const again = await endpoint.send('GET', '/compute/', { headers: { ...ROOT, 'if-none-match': headers.etag! } });
    expect(again.status).toBe(304);
  });
});

describe('GET /.well-known/tenants', () => {
  test('lists for an admin those that have changed something, and those that the settings name', async () => {
    const text = await endpoint.send('GET', '/.well-known/tenants', { headers: ROOT });
    expect([text.status, text.body]).toEqual([200, 'alice\nbob\ndave\n']);
    const headers = { ...ROOT, accept: 'application/json' };
    const json = await endpoint.send('GET', '/.well-known/tenants', { headers });
    expect(JSON.parse(json.body)).toEqual({ tenants: ['alice', 'bob', 'dave'] });
  });

  test('is for admins, and to be read', async () => {
    expect(await statusOf('/.well-known/tenants', {})).toBe(401);
    for (const role of ['reader', 'member'] as const) {
      expect(await statusOf('/.well-known/tenants', badge('alice', 'alice', role))).toBe(403);
    }
    expect((await endpoint.send('DELETE', '/.well-known/tenants', { headers: ROOT })).status).toBe(405);
  });
});

describe('No other role', () => {
  test.each(['reader', 'member'] as const)('names tenants: a %s is refused', async (role) => {
    for (const path of ['/compute/', '/-/', made.bob!]) {
      const { status, body } = await endpoint.send('GET', `${path}?tenant=bob`, {
        headers: badge('alice', 'alice', role),
      });
      expect([status, body]).toEqual([400, expect.stringContaining('tenant, which is for admins')]);
    }
  });

  test('sees what another tenant has', async () => {
    expect(await statusOf(made.bob!, badge('alice', 'alice', 'reader'))).toBe(404);
  });
});

describe('A tenant is remembered', () => {
  const table = memoryTable();
  let others: Endpoint;
  let adminless: Endpoint;
  beforeAll(async () => {
    others = await startEndpoint({ schemes: [badges], settings: await withAdmin() });
    adminless = await startEndpoint({ schemes: [badges], table });
  });
  afterAll(async () => {
    await others.stop();
    await adminless.stop();
  });

  /** The writes of a request. */
  const puts = async (one: Endpoint, method: string, body?: string): Promise<number> => {
    one.reset();
    const headers = { ...badge('erin'), 'content-type': 'text/plain' };
    await one.send(method, '/compute/', { headers, ...(body !== undefined && { body }) });
    return one.calls.put ?? 0;
  };

  test('by one write of a container, when it first changes something; reads write nothing', async () => {
    expect(await puts(others, 'GET')).toBe(0);
    const first = [await puts(others, 'POST', COMPUTE), await puts(adminless, 'POST', COMPUTE)];
    const second = [await puts(others, 'POST', COMPUTE), await puts(adminless, 'POST', COMPUTE)];
    expect([first[0]! - first[1]!, second[0]! - second[1]!]).toEqual([1, 0]);
  });

  test('only where the settings make somebody an admin', async () => {
    expect((await adminless.send('GET', '/compute/', { headers: ROOT })).status).toBe(403);
    expect((await adminless.send('GET', '/.well-known/tenants', { headers: badge('erin') })).status).toBe(404);
    expect((await table.query(partitionsOf('dummy', 'test').tenants, '')).items).toEqual([]);
  });
});

test('A site with many tenants is read some of them at a time; entities are found among all', async () => {
  const table = memoryTable();
  const one = started(await startEndpoint({ schemes: [badges], settings: await withAdmin(), table }));
  const pk = partitionsOf('dummy', 'test').tenants;
  for (let number = 0; number < 1000; number++) await table.put({ pk, sk: `t${number}`, tenant: `t${number}` });
  const headers = { ...badge('x', 't777'), 'content-type': 'text/plain' };
  const { headers: created } = await one.send('POST', '/compute/', { headers, body: COMPUTE });
  const { pathname } = new URL(created.location!);

  const all = await one.send('GET', '/compute/', { headers: ROOT });
  expect(all.status).toBe(400);
  expect(all.body).toContain(
    'This site has 1001 tenants, and a request asks for at most 50: name some with ?tenant=NAME',
  );
  one.reset();
  expect((await one.send('GET', pathname, { headers: ROOT })).status).toBe(200);
  const { query = 0, getAll = 0, get = 0 } = one.calls;
  expect(query + getAll + get).toBeLessThan(10);
  expect((await one.send('GET', '/compute/?tenant=t777&tenant=t3', { headers: ROOT })).status).toBe(200);
});

test('In OpenNebula an admin sees the tenants by way of the service account, without those that are gone', async () => {
  const cloud = await startOpenNebula({ step: 1 });
  stops.push(() => cloud.close());
  const serverCipher = { user: 'serveradmin', password: cloud.site.userNamed('serveradmin')!.password };
  const adapter = {
    name: 'opennebula',
    site: 'test',
    settings: { endpoint: cloud.endpoint, defaultOsTemplate: 0, serverCipher },
  };
  const one = started(await startEndpoint({ schemes: [badges], settings: await withAdmin({ adapter }) }));
  const own: string[] = [];
  for (const tenant of ['alice', 'bob']) {
    const headers = { ...badge(tenant), 'content-type': 'text/plain' };
    const { headers: created } = await one.send('POST', '/compute/', { headers, body: COMPUTE });
    own.push(new URL(created.location!).pathname);
  }
  const { body } = await one.send('GET', '/compute/', { headers: { ...ROOT, ...URIS } });
  for (const path of own) {
    expect(body).toContain(path);
    expect((await one.send('GET', path, { headers: ROOT })).status).toBe(200);
  }
});
