/** An endpoint offers what its adapter has, and nothing else: here it has `ids`, `list` and `get` of `compute`. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AdapterModule } from '../../../lib/adapter/module.ts';
import { type JsonCloud, startJsonCloud } from '../../adapters/skeleton/json-cloud.ts';
import { type Call, type Endpoint, startEndpoint } from '../../endpoint.ts';
import * as skeleton from '../../skeleton/index.ts';

let cloud: JsonCloud;
let endpoint: Endpoint;
let one: string;

const COMPUTE = 'compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"';
const START = 'start; scheme="http://schemas.ogf.org/occi/infrastructure/compute/action#"; class="action"';
const TAG = 'green; scheme="http://example.org/tags#"; class="mixin"';

const send = (method: string, path: string, { headers = {}, ...call }: Call = {}) =>
  endpoint.send(method, path, {
    ...call,
    headers: {
      Accept: 'text/plain',
      'Content-Type': 'text/occi',
      Authorization: `Basic ${Buffer.from(cloud.credentials('anne')).toString('base64')}`,
      ...headers,
    },
  });

beforeAll(async () => {
  cloud = await startJsonCloud();
  cloud.add('anne');
  endpoint = await startEndpoint({
    settings: { auth: ['basic'] },
    adapter: { module: skeleton as AdapterModule<unknown>, settings: { endpoint: cloud.endpoint } },
  });
  const { body } = await send('GET', '/compute/');
  one = new URL(body.replace('X-OCCI-Location: ', '').trim()).pathname;
});

afterAll(async () => {
  await endpoint.stop();
  await cloud.stop();
});

describe('An adapter that only reads', () => {
  test('has one kind in discovery, and no action', async () => {
    const { body } = await send('GET', '/-/');
    expect(body).toContain('Category: compute;');
    expect(body).not.toMatch(/storage|network|class="action"|actions=/);
  });

  test('shows an entity without links to actions', async () => {
    const { status, body } = await send('GET', one);
    expect(status).toBe(200);
    expect(body).toContain('occi.compute.state="active"');
    expect(body).not.toContain('?action=');
  });

  test.each([
    ['/compute/', 'GET, HEAD, OPTIONS'],
    ['/resource/', 'GET, HEAD, OPTIONS'],
    ['/', 'GET, HEAD, OPTIONS'],
    // Tags of users, and what the cloud cannot hold, are kept beside it.
    ['/-/', 'GET, HEAD, POST, DELETE, OPTIONS'],
  ])('answers OPTIONS %s with what is served there', async (path, allowed) => {
    expect((await send('OPTIONS', path)).headers.allow).toBe(allowed);
  });

  test('lets an entity be tagged, since tags need no cloud, but not deleted', async () => {
    expect((await send('OPTIONS', one)).headers.allow).toBe('GET, HEAD, POST, PUT, OPTIONS');
    expect((await send('POST', '/-/', { headers: { Category: `${TAG}; location="/green/"` } })).status).toBe(200);
    expect((await send('POST', one, { headers: { Category: TAG } })).status).toBe(200);
    expect((await send('GET', '/green/')).body).toContain(one);
    expect((await send('OPTIONS', '/green/')).headers.allow).toBe('GET, HEAD, POST, PUT, DELETE, OPTIONS');
    expect((await send('DELETE', '/green/', { headers: { 'X-OCCI-Location': one } })).status).toBe(200);
  });

  test.each([
    ['POST', '/compute/', { Category: COMPUTE }, 'This cloud cannot make a compute.'],
    ['POST', '/compute/', {}, 'This cloud cannot make a compute.'],
    ['POST', '/', { Category: COMPUTE }, 'This cloud cannot make anything here.'],
    [
      'PUT',
      '/compute/01234567-89ab-4cde-8f01-23456789abcd',
      { Category: COMPUTE },
      'This cloud cannot make a compute.',
    ],
    ['PUT', '/my/machine', { Category: COMPUTE }, 'This cloud cannot make anything here.'],
    ['DELETE', '/compute/', {}, 'This cloud cannot delete a compute.'],
    ['POST', '/compute/?action=start', { Category: START }, 'This cloud has no actions for compute.'],
    ['POST', '/resource/?action=start', { Category: START }, 'This cloud has no actions for anything here.'],
  ])(
    'answers %s %s with 501 and one sentence, before anything is read of it',
    async (method, path, headers, sentence) => {
      const { status, body } = await send(method, path, { headers: headers as Record<string, string> });
      expect([status, body.trim()]).toEqual([501, sentence]);
    },
  );

  test('answers changes of an entity with 501, and of one that is not there with 404', async () => {
    expect((await send('DELETE', one)).status).toBe(501);
    expect((await send('POST', `${one}?action=start`, { headers: { Category: START } })).status).toBe(501);
    const title = { 'X-OCCI-Attribute': 'occi.core.title="another"' };
    const { status, body } = await send('POST', one, { headers: title });
    expect([status, body.trim()]).toEqual([501, 'This cloud cannot change a compute.']);
    const missing = one.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    for (const method of ['GET', 'DELETE']) expect((await send(method, missing)).status).toBe(404);
    expect((await send('POST', `${missing}?action=start`, { headers: { Category: START } })).status).toBe(404);
  });

  test('asks for a password, and refuses a wrong one', async () => {
    const wrong = { Authorization: `Basic ${Buffer.from('anne:wrong').toString('base64')}` };
    const { status, headers } = await send('GET', '/compute/', { headers: wrong });
    expect([status, headers['www-authenticate']]).toEqual([401, expect.stringContaining('Basic')]);
  });
});
