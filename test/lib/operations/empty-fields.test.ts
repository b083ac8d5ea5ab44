/** An empty header field is absent (RFC 9110 §5.6.1.2), in every rendering and on every verb. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Call, type Endpoint, startEndpoint } from '../../endpoint.ts';
import {
  action,
  category,
  collection,
  entity,
  INFRASTRUCTURE,
  list,
  make,
  plain,
  RENDERINGS,
  read,
} from './payloads.ts';

const FIELDS = ['Category', 'Link', 'X-OCCI-Attribute', 'X-OCCI-Location', 'X-OCCI-Category', 'X-OCCI-Link'] as const;
const EMPTY = ['', ' ', ' , ,'];
const ACTIONS = INFRASTRUCTURE.replace('#', '/compute/action#');

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startEndpoint({ settings: { limits: { deleteAll: true } } });
  await endpoint.send(
    'POST',
    '/-/',
    plain(`Category: ${category('http://example.org/tags#mine', 'mixin')}; location="/mine/"`),
  );
});
afterAll(() => endpoint.stop());

/** A call with the empty fields that it does not use itself. */
function withEmpty(call: Call, value: string): Call {
  const used = Object.keys(call.headers ?? {}).map((name) => name.toLowerCase());
  const empty = FIELDS.filter((name) => !used.includes(name.toLowerCase())).map((name) => [name, value]);
  return { ...call, headers: { ...Object.fromEntries(empty), ...call.headers } };
}

describe.each(EMPTY)('Empty header fields (%j)', (value) => {
  const send = (method: string, path: string, call: Call = {}) => endpoint.send(method, path, withEmpty(call, value));

  test('filter nothing on a GET', async () => {
    const web = await make(endpoint, { kind: 'compute' });
    for (const path of ['/compute/', '/', web, '/-/', '/mine/', '/mixin/os_tpl/']) {
      const [bare, empty] = [await endpoint.send('GET', path), await send('GET', path)];
      expect([path, empty.status, empty.body]).toEqual([path, 200, bare.body]);
    }
  });

  test.each(RENDERINGS)('say nothing beside a payload in %s', async (mediaType) => {
    await endpoint.send('DELETE', '/compute/');
    const created = await send('POST', '/compute/', entity(mediaType, { kind: 'compute' }));
    expect(created.status).toBe(201);
    const path = new URL(created.headers.location!).pathname;
    const titled = { attributes: { 'occi.core.title': 'web' } };
    expect((await send('POST', path, entity(mediaType, titled))).status).toBe(200);
    expect((await read(endpoint, path)).title).toBe('web');
    expect((await send('PUT', path, entity(mediaType, { kind: 'compute', ...titled }))).status).toBe(200);
    expect((await send('POST', `${path}?action=stop`, action(mediaType, `${ACTIONS}stop`))).status).toBe(200);
    expect((await send('POST', `${path}?action=start`, action(mediaType, `${ACTIONS}start`))).status).toBe(200);
    expect((await send('DELETE', path)).status).toBe(200);
  });

  test.each(RENDERINGS)('that could name members never widen an action on a collection, in %s', async (mediaType) => {
    await endpoint.send('DELETE', '/compute/');
    const web = await make(endpoint, { kind: 'compute' });
    const stop = action(mediaType, `${ACTIONS}stop`);
    for (const path of ['/compute/', '/resource/', '/compute/?category=compute']) {
      const url = `${path}${path.includes('?') ? '&' : '?'}action=stop`;
      const reply = await endpoint.send('POST', url, {
        ...stop,
        headers: { ...stop.headers, 'X-OCCI-Location': value },
      });
      expect([reply.status, reply.body]).toEqual([400, expect.stringContaining('X-OCCI-Location names no entity')]);
    }
    expect((await read(endpoint, web)).attributes['occi.compute.state']).toBe('active');
    const others = { Link: value, 'X-OCCI-Attribute': value, ...stop.headers };
    expect((await endpoint.send('POST', '/compute/?action=stop', { ...stop, headers: others })).status).toBe(200);
  });

  test('are no payload', async () => {
    const web = await make(endpoint, { kind: 'compute' });
    for (const [method, path] of [
      ['POST', '/compute/'],
      ['POST', web],
      ['PUT', web],
      ['POST', '/-/'],
      ['DELETE', '/-/'],
      ['POST', '/mine/'],
      ['PUT', '/mine/'],
    ] as const) {
      const replies = [await endpoint.send(method, path), await send(method, path)];
      expect([method, path, ...replies.map(({ status }) => status)]).toEqual([method, path, 400, 400]);
      expect(replies[1]!.body).toBe(replies[0]!.body);
    }
  });

  test('never widen a DELETE, though the provider allows a bare one', async () => {
    const web = await make(endpoint, { kind: 'compute' });
    await endpoint.send('POST', '/mine/', plain(`X-OCCI-Location: ${web}`));
    for (const path of ['/compute/', '/', '/mine/']) {
      for (const name of FIELDS) {
        const reply = await endpoint.send('DELETE', path, { headers: { [name]: value } });
        expect([path, name, reply.status]).toEqual([path, name, 403]);
        expect(reply.body).toMatch(/is empty .*leave it out/);
      }
    }
    expect(await list(endpoint, '/mine/')).toContain(web);
  });
});

test('an empty line of text/plain says nothing', async () => {
  const lines = [
    'Category:',
    'Link: ',
    'X-OCCI-Attribute: ,',
    `Category: ${category(`${INFRASTRUCTURE}compute`, 'kind')}`,
  ];
  const created = await endpoint.send('POST', '/compute/', plain(...lines, 'X-OCCI-Location:', 'X-OCCI-Attribute:'));
  expect(created.status).toBe(201);
  const nothing = await endpoint.send('POST', '/compute/', plain('Category:', 'X-OCCI-Attribute:'));
  expect([nothing.status, nothing.body]).toEqual([400, expect.stringContaining('no payload')]);
});

test('an empty line for locations never widens an action or a DELETE', async () => {
  const web = await make(endpoint, { kind: 'compute' });
  const stop = `Category: ${category(`${ACTIONS}stop`, 'action')}`;
  for (const lines of [
    [stop, 'X-OCCI-Location: '],
    ['X-OCCI-Location:', stop],
  ]) {
    const reply = await endpoint.send('POST', '/compute/?action=stop', plain(...lines));
    expect([reply.status, reply.body]).toEqual([400, expect.stringContaining('names no entity')]);
  }
  expect((await read(endpoint, web)).attributes['occi.compute.state']).toBe('active');
  const filtered = await endpoint.send('DELETE', '/?category=compute', plain('X-OCCI-Location:'));
  expect(filtered.status).toBe(400);
  expect(await list(endpoint, '/compute/')).toContain(web);
  const named = plain(stop, 'X-OCCI-Location:', `X-OCCI-Location: ${web}`);
  expect((await endpoint.send('POST', '/compute/?action=stop', named)).status).toBe(200);
});

test('a body of empty lines takes no members out of a mixin', async () => {
  const web = await make(endpoint, { kind: 'compute' });
  await endpoint.send('POST', '/mine/', plain(`X-OCCI-Location: ${web}`));
  for (const method of ['PUT', 'DELETE']) {
    const reply = await endpoint.send(method, '/mine/', plain('X-OCCI-Location:'));
    expect([400, 403]).toContain(reply.status);
  }
  expect(await list(endpoint, '/mine/')).toContain(web);
  for (const body of [{ kinds: [] }, { mixins: [] }, {}])
    expect((await endpoint.send('PUT', '/mine/', collection(body))).status).toBe(400);
  expect(await list(endpoint, '/mine/')).toContain(web);
  expect((await endpoint.send('PUT', '/mine/', collection({ locations: [] }))).status).toBe(200);
  expect(await list(endpoint, '/mine/')).toEqual([]);
});
