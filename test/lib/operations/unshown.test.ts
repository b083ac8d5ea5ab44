/** That an answer could not be shown hides nothing that is wrong with the target, and nothing is done without an answer. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { action, entity, INFRASTRUCTURE, list, make, read } from './payloads.ts';

const UNSHOWN = { 'text/uri-list': 400, 'application/rss': 406 } as const;
const STOP = `${INFRASTRUCTURE.replace('#', '/compute/action#')}stop`;
const NOTHING = ['/compute/00000000-0000-5000-8000-000000000000', '/nothing', '/compute/none'];

let endpoint: Endpoint;
let web: string;
beforeAll(async () => {
  endpoint = await startEndpoint();
  web = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'web' } });
});
afterAll(() => endpoint.stop());

describe.each(Object.entries(UNSHOWN))('Accept: %s', (accept, refusal) => {
  const payload = entity('text/plain', { kind: 'compute', attributes: { 'occi.core.title': 'other' } });
  const requests = {
    GET: ['GET', '', {}],
    HEAD: ['HEAD', '', {}],
    'a partial update': ['POST', '', entity('text/plain', { attributes: { 'occi.core.title': 'other' } })],
    'an action': ['POST', '?action=stop', action('text/plain', STOP)],
  } as const;
  const send = (what: keyof typeof requests, path: string) => {
    const [method, query, call] = requests[what];
    return endpoint.send(method, path + query, {
      ...call,
      headers: { ...('headers' in call && call.headers), Accept: accept },
    });
  };

  test.each(Object.keys(requests) as (keyof typeof requests)[])('%s of what is not there is 404', async (what) => {
    for (const path of NOTHING) expect([path, (await send(what, path)).status]).toEqual([path, 404]);
  });

  test.each(Object.keys(requests) as (keyof typeof requests)[])(
    '%s of an entity is refused, and nothing is done',
    async (what) => {
      expect((await send(what, web)).status).toBe(refusal);
      expect(await read(endpoint, web)).toMatchObject({ title: 'web', attributes: { 'occi.compute.state': 'active' } });
    },
  );

  test('a PUT is refused and makes nothing', async () => {
    for (const path of [web, '/compute/none']) {
      const reply = await endpoint.send('PUT', path, { ...payload, headers: { ...payload.headers, Accept: accept } });
      expect([path, reply.status]).toEqual([path, refusal]);
    }
    expect(await list(endpoint, '/compute/')).toEqual([web]);
    expect((await read(endpoint, web)).title).toBe('web');
  });

  test('a method that is not defined is 405', async () => {
    for (const [method, path] of [
      ['PATCH', web],
      ['PUT', '/compute/'],
      ['PATCH', '/nothing'],
    ] as const) {
      const reply = await endpoint.send(method, path, { headers: { Accept: accept } });
      expect([method, path, reply.status]).toEqual([method, path, 405]);
    }
  });
});

test('DELETE of what is not there is 404, and of an entity 406 without an acceptable type', async () => {
  const headers = { Accept: 'application/rss' };
  for (const path of NOTHING) expect((await endpoint.send('DELETE', path, { headers })).status).toBe(404);
  expect((await endpoint.send('DELETE', web, { headers })).status).toBe(406);
  expect(await list(endpoint, '/compute/')).toEqual([web]);
});

test('who may not look is 401, whatever is accepted', async () => {
  const guarded = await startEndpoint({ settings: { auth: [{ gateway: { from: 'jwt' } }] } });
  try {
    for (const accept of Object.keys(UNSHOWN)) {
      const reply = await guarded.send('GET', '/compute/x', { headers: { Accept: accept } });
      expect([accept, reply.status]).toEqual([accept, 401]);
    }
  } finally {
    await guarded.stop();
  }
});
