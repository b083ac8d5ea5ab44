/** An endpoint without credentials is served under the names of its machine alone (DNS rebinding). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { list, make } from '../operations/payloads.ts';

const REBOUND = { Host: 'evil.example:3300', Origin: 'http://evil.example:3300', 'Sec-Fetch-Site': 'same-origin' };

describe('Without credentials', () => {
  let endpoint: Endpoint;
  let network: string;
  let there: string[];
  beforeAll(async () => {
    endpoint = await startEndpoint();
    network = await make(endpoint, { kind: 'network' });
    there = await list(endpoint, '/network/');
  });
  afterAll(() => endpoint.stop());

  test.each(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH'])(
    '%s under a name that leads here only in one browser is 403',
    async (method) => {
      for (const path of ['/network/', network, '/-/', '/']) {
        expect([path, (await endpoint.send(method, path, { headers: REBOUND })).status]).toEqual([path, 403]);
      }
      expect(await list(endpoint, '/network/')).toEqual(there);
    },
  );

  test.each(['text/plain', 'text/occi', 'application/occi+json'])('the refusal is in %s', async (accept) => {
    const reply = await endpoint.send('GET', '/network/', { headers: { ...REBOUND, Accept: accept } });
    expect(reply.status).toBe(403);
    expect(reply.headers['content-type']).toContain(accept);
    expect(reply.body + (reply.headers['x-occi-error'] ?? '')).toMatch(/localhost or 127\.0\.0\.1/);
    expect(reply.body).not.toContain(network);
  });

  test.each([
    'localhost',
    'LocalHost:3300',
    'occi.localhost:80',
    '127.0.0.1',
    '127.1.2.3:9',
    '[::1]',
    '[::1]:3300',
    '[0:0:0:0:0:0:0:1]:3300',
  ])('%s is a name of this machine', async (host) => {
    expect((await endpoint.send('GET', '/network/', { headers: { Host: host } })).status).toBe(200);
  });

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'notlocalhost',
    'evil.example:127.0.0.1',
    '128.0.0.1',
    '192.168.1.5',
    '0.0.0.0',
    '[::2]',
    '2130706433',
  ])('%s is not', async (host) => {
    expect((await endpoint.send('GET', '/network/', { headers: { Host: host } })).status).toBe(403);
  });

  test('the health is for all', async () => {
    expect((await endpoint.send('GET', '/.well-known/health', { headers: REBOUND })).status).toBe(200);
  });
});

describe('The name of publicUrl is served too', () => {
  const statusWith = async (settings: Record<string, unknown>, headers: Record<string, string>) => {
    const endpoint = await startEndpoint({ settings });
    try {
      return (await endpoint.send('GET', '/network/', { headers })).status;
    } finally {
      await endpoint.stop();
    }
  };
  const publicUrl = 'https://occi.example.org';

  test('by its name, and by those of the machine', async () => {
    expect(await statusWith({ publicUrl }, { Host: 'occi.example.org' })).toBe(200);
    expect(await statusWith({ publicUrl }, { Host: 'OCCI.example.org:443' })).toBe(200);
    expect(await statusWith({ publicUrl }, { Host: '127.0.0.1:3300' })).toBe(200);
  });

  test('and no other, whatever is forwarded', async () => {
    const forwarded = { Host: 'evil.example', 'X-Forwarded-Host': 'localhost', Forwarded: 'host=localhost' };
    expect(await statusWith({ publicUrl }, { Host: 'evil.example' })).toBe(403);
    expect(await statusWith({ publicUrl, trustProxy: true }, forwarded)).toBe(403);
    expect(await statusWith({ trustProxy: true }, forwarded)).toBe(403);
    expect(await statusWith({ trustProxy: true }, { ...forwarded, Host: 'localhost' })).toBe(200);
  });
});

test('With credentials any name is served: a page under it has none', async () => {
  const endpoint = await startEndpoint({ settings: { auth: [{ gateway: { from: 'jwt' } }] } });
  try {
    const headers = { Host: 'evil.example' };
    expect((await endpoint.send('GET', '/network/', { headers })).status).toBe(401);
  } finally {
    await endpoint.stop();
  }
});
