/** The endpoint in front of OpenNebula: the caller of a request, and the number of native calls. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { type OpenNebula, startOpenNebula } from '../../oned/index.ts';

let one: OpenNebula;
let endpoint: Endpoint;
let path: string;

const as = (session: string, headers: Readonly<Record<string, string>> = {}) => ({
  headers: { ...headers, Authorization: `Basic ${Buffer.from(session).toString('base64')}` },
});
const create = (session: string, key?: string) => ({
  ...as(session, { 'Content-Type': 'text/plain', ...(key && { 'Idempotency-Key': key }) }),
  body: 'Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"',
});
/** The methods of the calls that a request makes. */
const callsOf = async (request: () => Promise<unknown>): Promise<readonly string[]> => {
  const before = one.methods.length;
  await request();
  return one.methods.slice(before);
};

beforeAll(async () => {
  one = await startOpenNebula({ step: 1 });
  const settings = { endpoint: one.endpoint, defaultOsTemplate: 0 };
  endpoint = await startEndpoint({
    settings: { adapter: { name: 'opennebula', site: 'test', settings }, auth: ['basic'] },
  });
  const made = await endpoint.send('POST', '/compute/', create('alice:password'));
  path = new URL(made.headers.location!).pathname;
});
afterAll(async () => {
  await endpoint.stop();
  await one.close();
});
beforeEach(() => endpoint.reset());

describe('Wrong credentials', () => {
  const routes = () => ['/-/', '/', '/compute/', path, '/storage/', '/mixin/os_tpl/', '/nothing/here'];

  test('are 401 with an invitation on every route, also for a name that was right a moment ago', async () => {
    for (const session of ['alice:sesame', 'mallory:sesame', 'alice:', 'alice:password ']) {
      for (const route of routes()) {
        for (const method of ['GET', 'POST', 'DELETE']) {
          const reply = await endpoint.send(method, route, as(session));
          expect([method, route, session, reply.status]).toEqual([method, route, session, 401]);
          expect(reply.headers['www-authenticate']).toMatch(/^Basic /);
          expect(reply.body).not.toMatch(/sesame|alice|mallory/);
        }
      }
    }
  });

  test('reach no row of the table', () => {
    expect(endpoint.calls).toEqual({});
  });

  test('are refused as soon as OpenNebula refuses them, though they were proved before', async () => {
    const bob = one.site.users.must(3);
    expect((await endpoint.send('GET', '/compute/', as('bob:password'))).status).toBe(200);
    bob.password = 'another';
    expect((await endpoint.send('GET', '/compute/', as('bob:password'))).status).toBe(401);
    expect((await endpoint.send('GET', '/-/', as('bob:password'))).status).toBe(401);
    expect((await endpoint.send('GET', '/-/', as('bob:another'))).status).toBe(200);
    bob.password = 'password';
  });
});

describe('Native calls', () => {
  test('one to show a machine', async () => {
    expect(await callsOf(() => endpoint.send('GET', path, as('alice:password')))).toEqual(['one.vm.info']);
  });

  test('two to make one', async () => {
    expect(await callsOf(() => endpoint.send('POST', '/compute/', create('alice:password')))).toEqual([
      'one.template.instantiate',
      'one.vm.info',
    ]);
  });

  test('two to make one with a key, soon after the catalogue was read', async () => {
    const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLEEXAMPLEEXAMPLE carol@example.org';
    const request = create('alice:password');
    const body = `${request.body}
Category: ssh_key; scheme="http://schemas.ogf.org/occi/infrastructure/credentials#"; class="mixin"
X-OCCI-Attribute: occi.credentials.ssh.publickey="${key}"`;
    let status = 0;
    const calls = await callsOf(async () => {
      status = (await endpoint.send('POST', '/compute/', { ...request, body })).status;
    });
    expect([status, calls]).toEqual([201, ['one.template.instantiate', 'one.vm.info']]);
  });

  test('one for a listing, the short form for locations', async () => {
    const list = (accept: string) => () => endpoint.send('GET', '/compute/', as('alice:password', { Accept: accept }));
    expect(await callsOf(list('text/uri-list'))).toEqual(['one.vmpool.info']);
    expect(await callsOf(list('application/occi+json'))).toEqual(['one.vmpool.infoextended']);
  });

  test('one for a part of a listing, of which only as much is read', async () => {
    one.fill(30);
    const { body: all } = await endpoint.send('GET', '/compute/', as('alice:password', { Accept: 'text/uri-list' }));
    const lines = all.split(/(?<=\n)/);
    for (const [query, from, to] of [
      ['page=1&number=10', 0, 10],
      ['page=3&number=7', 14, 21],
      ['page=2&number=1', 1, 2],
      ['page=99&number=10', 980, 990],
    ] as const) {
      let body = '';
      const part = as('alice:password', { Accept: 'text/uri-list' });
      const calls = await callsOf(async () => {
        body = (await endpoint.send('GET', `/compute/?${query}`, part)).body;
      });
      expect(calls).toEqual(['one.vmpool.info']);
      expect(body).toBe(lines.slice(from, to).join(''));
    }
  });

  test('none for discovery once it is known', async () => {
    await endpoint.send('GET', '/-/', as('alice:password'));
    expect(await callsOf(() => endpoint.send('GET', '/-/', as('alice:password')))).toEqual([]);
  });
});

describe('Another user', () => {
  test('sees nothing of it', async () => {
    const list = await endpoint.send('GET', '/compute/', as('bob:password', { Accept: 'text/uri-list' }));
    expect(list.body).toBe('');
    for (const method of ['GET', 'DELETE']) {
      expect((await endpoint.send(method, path, as('bob:password'))).status).toBe(404);
    }
    expect((await endpoint.send('GET', path, as('alice:password'))).status).toBe(200);
  });
});

describe('A create whose answer is lost', () => {
  test('is found by its key and not made twice', async () => {
    one.badDays.add({ kind: 'lost' }, { method: 'one.template.instantiate', times: 1 });
    const before = one.site.vms.next;
    const key = 'once-only';
    const lost = await endpoint.send('POST', '/compute/', create('alice:password', key));
    expect([503, 504]).toContain(lost.status);
    expect(lost.headers['retry-after']).toBeDefined();
    const found = await endpoint.send('POST', '/compute/', create('alice:password', key));
    expect(found.status).toBe(201);
    expect(one.site.vms.next).toBe(before + 1);
  });
});
