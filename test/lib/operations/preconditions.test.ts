/** Changes under conditions (RFC 9110 §13), on a socket. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Adapter } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { Turns } from '../../../lib/mapping/turns.ts';
import type { Service } from '../../../lib/request/service.ts';
import { partitionsOf } from '../../../lib/table/partition-keys.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import {
  action,
  category,
  collection,
  entity,
  INFRASTRUCTURE,
  json,
  list,
  make,
  plain,
  RENDERINGS,
  read,
} from './payloads.ts';
import { serve } from './served.ts';

const STOP = `${INFRASTRUCTURE.replace('#', '')}/compute/action#stop`;
const TAG = 'http://example.org/tags#mine';

let endpoint: Endpoint;
let path: string;
beforeEach(async () => {
  endpoint = await startEndpoint();
  path = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'web' } });
});
afterEach(() => endpoint.stop());

const tagOf = async (at: string, accept = 'text/plain', headers: Record<string, string> = {}) =>
  (await endpoint.send('GET', at, { headers: { Accept: accept, ...headers } })).headers.etag!;
const conditioned = (call: ReturnType<typeof entity>, headers: Record<string, string>) => ({
  ...call,
  headers: { ...call.headers, ...headers },
});
const rename = (title: string, headers: Record<string, string> = {}) =>
  endpoint.send('POST', path, conditioned(entity('text/plain', { attributes: { 'occi.core.title': title } }), headers));

/** Every change of an entity, and whether it has been made. */
const CHANGES = {
  'POST, a partial update': {
    send: (headers: Record<string, string>) => rename('db', headers),
    isDone: async () => (await read(endpoint, path)).title === 'db',
  },
  'PUT, a full update': {
    send: (headers: Record<string, string>) => {
      const call = entity('text/plain', { kind: 'compute', attributes: { 'occi.core.title': 'db' } });
      return endpoint.send('PUT', path, conditioned(call, headers));
    },
    isDone: async () => (await read(endpoint, path)).title === 'db',
  },
  'an action': {
    send: (headers: Record<string, string>) =>
      endpoint.send('POST', `${path}?action=stop`, conditioned(action('text/plain', STOP), headers)),
    isDone: async () => (await read(endpoint, path)).attributes['occi.compute.state'] === 'inactive',
  },
  DELETE: {
    send: (headers: Record<string, string>) => endpoint.send('DELETE', path, { headers }),
    isDone: async () => (await endpoint.send('GET', path)).status === 404,
  },
};

describe.each(Object.entries(CHANGES))('%s of an entity', (_, { send, isDone }) => {
  test.each(RENDERINGS)('is made if the client has read the current state in %s', async (accept) => {
    const reply = await send({ 'If-Match': `"other", ${await tagOf(path, accept)}` });
    expect([reply.status, await isDone()]).toEqual([200, true]);
  });

  test('is 412 and not made after any change', async () => {
    const tag = await tagOf(path);
    await rename('changed');
    const present = await tagOf(path);
    for (const value of [tag, '"other"', `W/${present}`, present.replace('.p', '.q')]) {
      const reply = await send({ 'If-Match': value });
      expect([reply.status, await isDone()]).toEqual([412, false]);
    }
    const again = await send({ 'If-Match': await tagOf(path) });
    expect([again.status, await isDone()]).toEqual([200, true]);
  });

  test('If-Match: * holds for an existing entity; If-None-Match with * or its tag does not', async () => {
    const tag = await tagOf(path);
    for (const value of ['*', tag, `W/${tag}`]) {
      const reply = await send({ 'If-None-Match': value });
      expect([reply.status, await isDone()]).toEqual([412, false]);
    }
    expect((await send({ 'If-Match': '*', 'If-None-Match': '"other"' })).status).toBe(200);
    expect(await isDone()).toBe(true);
  });

  test('a condition that is malformed, empty or of a date is 400, and nothing is done', async () => {
    const date = 'Sat, 29 Oct 1994 19:43:31 GMT';
    for (const headers of [{ 'If-Match': 'x' }, { 'If-Match': '' }, { 'If-Unmodified-Since': date }]) {
      const reply = await send(headers as unknown as Record<string, string>);
      expect([reply.status, await isDone()]).toEqual([400, false]);
    }
  });
});

test('A change with a misspelled condition is 400, and nothing is done', async () => {
  const before = await endpoint.send('GET', path);
  for (const name of ['If-Matches', 'IfMatch', 'X-If-Match', 'If-None-Matches']) {
    for (const [method, call] of [
      ['DELETE', {}],
      ['PUT', entity('text/plain', { kind: 'compute' })],
      ['POST', entity('text/plain', { attributes: { 'occi.core.title': 'new' } })],
    ] as const) {
      const reply = await endpoint.send(method, path, conditioned(call, { [name]: '"stale"' }));
      expect([reply.status, reply.body]).toEqual([400, expect.stringMatching(/did you mean If-(None-)?Match\?/)]);
    }
  }
  expect((await endpoint.send('GET', path)).body).toBe(before.body);
});

describe('On an unused path', () => {
  const create = entity('text/plain', { kind: 'compute', attributes: { 'occi.core.title': 'new' } });

  test('PUT with If-None-Match: * makes it once, with If-Match it is 412', async () => {
    const refused = await endpoint.send('PUT', '/compute/mine', conditioned(create, { 'If-Match': '*' }));
    expect([refused.status, await list(endpoint, '/compute/')]).toEqual([412, [path]]);
    const once = conditioned(create, { 'If-None-Match': '*' });
    expect((await endpoint.send('PUT', '/compute/mine', once)).status).toBe(201);
    const again = await endpoint.send('PUT', '/compute/mine', once);
    expect([again.status, again.body]).toEqual([412, expect.stringContaining('If-None-Match')]);
    expect((await endpoint.send('PUT', '/compute/mine', create)).status).toBe(200);
  });

  test('of many such PUTs at once one makes it, and the others are 412', async () => {
    const once = conditioned(create, { 'If-None-Match': '*' });
    const replies = await Promise.all(Array.from({ length: 10 }, () => endpoint.send('PUT', '/compute/mine', once)));
    const statuses = replies.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([201, ...Array.from({ length: 9 }, () => 412)]);
    expect(await list(endpoint, '/compute/')).toHaveLength(2);
  });

  test('other changes are 404, as without the condition (RFC 9110 §13.2.1)', async () => {
    for (const [method, call] of [
      ['POST', create],
      ['DELETE', {}],
    ] as const) {
      const headers = { ...call.headers, 'If-Match': '*' };
      expect((await endpoint.send(method, '/compute/none', { ...call, headers })).status).toBe(404);
    }
  });
});

describe('Conditional changes of collections are compared with the answer to a GET', () => {
  const disk = { kind: 'storage', attributes: { 'occi.storage.size': 1 } };

  test.each(['text/plain', 'text/uri-list', 'application/occi+json'])(
    'a create in a collection and its removal, read in %s',
    async (accept) => {
      const tag = await tagOf('/storage/', accept);
      const create = conditioned(entity('text/plain', disk), { 'If-Match': tag });
      expect((await endpoint.send('POST', '/storage/', create)).status).toBe(201);
      expect((await endpoint.send('POST', '/storage/', create)).status).toBe(412);
      expect(await list(endpoint, '/storage/')).toHaveLength(1);
      const all = { headers: { 'If-Match': tag } };
      expect((await endpoint.send('DELETE', '/storage/?all=true', all)).status).toBe(412);
      const now = { headers: { 'If-Match': await tagOf('/storage/', accept) } };
      expect((await endpoint.send('DELETE', '/storage/?all=true', now)).status).toBe(200);
      expect(await list(endpoint, '/storage/')).toEqual([]);
    },
  );

  test('for a client whose listings end otherwise, by the tag of what it has read', async () => {
    const agent = { 'User-Agent': 'python-requests/2.31.0' };
    const listing = await endpoint.send('GET', '/storage/', { headers: agent });
    const create = conditioned(entity('text/plain', disk), { ...agent, 'If-Match': listing.headers.etag! });
    const made = await endpoint.send('POST', '/storage/', create);
    expect(made.status).toBe(201);
    const filled = await endpoint.send('GET', '/storage/', { headers: agent });
    expect((await endpoint.send('POST', '/storage/', create)).status).toBe(412);
    const all = { headers: { ...agent, 'If-Match': filled.headers.etag! } };
    expect((await endpoint.send('DELETE', '/storage/?all=true', all)).status).toBe(200);
  });

  test('an action on a collection, in JSON when any member has changed', async () => {
    const tag = await tagOf('/compute/', 'application/occi+json');
    await rename('db');
    const stop = (value: string) =>
      endpoint.send('POST', '/compute/?action=stop', conditioned(action('text/plain', STOP), { 'If-Match': value }));
    expect((await stop(tag)).status).toBe(412);
    expect((await read(endpoint, path)).attributes['occi.compute.state']).toBe('active');
    expect((await stop(await tagOf('/compute/', 'application/occi+json'))).status).toBe(200);
  });

  test('a collection always exists: If-None-Match: * is 412', async () => {
    const call = conditioned(entity('text/plain', disk), { 'If-None-Match': '*' });
    expect((await endpoint.send('POST', '/storage/', call)).status).toBe(412);
    expect((await endpoint.send('DELETE', '/storage/?all=true', { headers: { 'If-None-Match': '*' } })).status).toBe(
      412,
    );
  });

  test('mixins are defined, filled and removed on the tags of discovery and of their collection', async () => {
    const define = plain(`Category: ${category(TAG, 'mixin')}; location="/mine/"`);
    const tag = await tagOf('/-/');
    expect((await endpoint.send('POST', '/-/', conditioned(define, { 'If-Match': '"other"' }))).status).toBe(412);
    expect((await endpoint.send('POST', '/-/', conditioned(define, { 'If-Match': tag }))).status).toBe(200);
    expect((await endpoint.send('DELETE', '/-/', conditioned(define, { 'If-Match': tag }))).status).toBe(412);
    const empty = await tagOf('/mine/');
    const fill = conditioned(plain(`X-OCCI-Location: ${path}`), { 'If-Match': empty });
    expect((await endpoint.send('POST', '/mine/', fill)).status).toBe(200);
    expect((await endpoint.send('PUT', '/mine/', fill)).status).toBe(412);
    expect((await endpoint.send('DELETE', '/mine/', fill)).status).toBe(412);
    expect(await list(endpoint, '/mine/')).toEqual([path]);
    const now = await tagOf('/-/', 'application/occi+json');
    expect((await endpoint.send('DELETE', '/-/', conditioned(define, { 'If-Match': now }))).status).toBe(200);
  });

  test('a create under an idempotency key is answered again, though its condition holds no longer', async () => {
    const headers = { 'If-Match': await tagOf('/storage/'), 'Idempotency-Key': 'k' };
    const call = conditioned(entity('text/plain', disk), headers);
    const first = await endpoint.send('POST', '/storage/', call);
    const again = await endpoint.send('POST', '/storage/', call);
    expect([again.status, again.body]).toEqual([201, first.body]);
    const other = await endpoint.send('POST', '/storage/', conditioned(call, { 'If-Match': '*' }));
    expect(other.status).toBe(422);
  });

  test('several entities in one create', async () => {
    const two = collection({ resources: [json(disk), json(disk)] });
    const tag = await tagOf('/');
    expect((await endpoint.send('POST', '/', conditioned(two, { 'If-Match': tag }))).status).toBe(201);
    expect((await endpoint.send('POST', '/', conditioned(two, { 'If-Match': tag }))).status).toBe(412);
  });
});

describe('A conditional change that goes wrong', () => {
  /** The dummy cloud with computes that update as `update` does. */
  const withUpdates =
    (update: (inner: () => Promise<unknown>) => Promise<unknown>) =>
    (service: Service): Service => ({
      ...service,
      backendFor: async (caller, request) => {
        const backend = await service.backendFor(caller, request);
        const { compute } = backend.adapter.kinds;
        const changed = {
          ...compute!,
          update: (...given: never[]) =>
            update(() => (compute!.update as never as (...given: never[]) => Promise<unknown>)(...given)),
        };
        return {
          ...backend,
          adapter: { ...backend.adapter, kinds: { ...backend.adapter.kinds, compute: changed } } as Adapter,
        };
      },
    });

  test('leaves the tag as it was: the same request may be sent again', async () => {
    let fails = true;
    const other = await serve(
      withUpdates(async (inner) => {
        if (fails) throw new Error('the cloud is away');
        return inner();
      }),
      { table: endpoint.table },
    );
    try {
      const tag = await tagOf(path);
      const call = conditioned(entity('text/plain', { attributes: { 'occi.core.title': 'db' } }), { 'If-Match': tag });
      expect((await other.send('POST', path, call)).status).toBe(500);
      expect(await tagOf(path)).toBe(tag);
      fails = false;
      expect((await other.send('POST', path, call)).status).toBe(200);
    } finally {
      await other.stop();
    }
  });

  test.each<[string, OcciError, number]>([
    [
      'may be carried out yet: another on a condition is refused',
      new OcciError('unavailable', 'Away.', { unknownOutcome: true }),
      412,
    ],
    ['was not answered in time: another on a condition is refused', new OcciError('timedOut', 'Late.'), 412],
    ['did not reach the cloud: others may go on', new OcciError('unavailable', 'Away.'), 200],
  ])('and %s', async (_, failure, status) => {
    const other = await serve(
      withUpdates(() => Promise.reject(failure)),
      { table: endpoint.table },
    );
    try {
      const tag = await tagOf(path);
      const call = conditioned(entity('text/plain', { attributes: { 'occi.core.title': 'db' } }), { 'If-Match': tag });
      expect((await other.send('POST', path, call)).status).toBe(failure.status);
      expect((await rename('web2', { 'If-Match': tag })).status).toBe(status);
      expect((await rename('web3')).status).toBe(200);
    } finally {
      await other.stop();
    }
  });

  test('while it is under way another of the same state is 412, and one without a condition is not held up', async () => {
    let letGo = () => {};
    let reach = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const reached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    const slow = await serve(
      withUpdates(async (inner) => {
        reach();
        await held;
        return inner();
      }),
      { table: endpoint.table },
    );
    try {
      const tag = await tagOf(path);
      const call = conditioned(entity('text/plain', { attributes: { 'occi.core.title': 'slow' } }), {
        'If-Match': tag,
      });
      const first = slow.send('POST', path, call);
      await reached;
      expect((await rename('fast', { 'If-Match': tag })).status).toBe(412);
      const free = entity('text/plain', { attributes: { 'occi.core.summary': 'free' } });
      expect((await endpoint.send('POST', path, free)).status).toBe(200);
      letGo();
      expect((await first).status).toBe(200);
      expect(await read(endpoint, path)).toMatchObject({ title: 'slow', summary: 'free' });
      expect((await rename('fast', { 'If-Match': await tagOf(path) })).status).toBe(200);
    } finally {
      await slow.stop();
    }
  });
});

describe('A conditional change whose process died', () => {
  const PROCESS_HAD_MS = 20_000;
  let tag: string;
  beforeEach(async () => {
    tag = await tagOf(path);
    const pk = partitionsOf('dummy', 'test').tenant('anonymous');
    const { id } = await read(endpoint, path);
    const uuid = id.replace('urn:uuid:', '');
    expect(await new Turns(endpoint.table as never, pk).take(uuid, Date.now() + PROCESS_HAD_MS)).toBeDefined();
  });

  test('holds up another by no longer than Retry-After says', async () => {
    const refused = await rename('db', { 'If-Match': tag });
    const seconds = Number(refused.headers['retry-after']);
    expect(refused.status).toBe(412);
    expect(refused.body).toMatch(new RegExp(`retry, in at most ${seconds} seconds\\.\n$`));
    expect(seconds * 1000).toBeGreaterThan(PROCESS_HAD_MS - 2000);
    expect(seconds * 1000).toBeLessThanOrEqual(PROCESS_HAD_MS + 2000);
    const now = Date.now;
    Date.now = () => now() + seconds * 1000;
    try {
      expect((await rename('db', { 'If-Match': tag })).status).toBe(200);
    } finally {
      Date.now = now;
    }
  });

  test('is 412 for an outdated tag, so a repeated request does not lose a change made in the meantime', async () => {
    expect((await rename('changed')).status).toBe(200);
    const refused = await rename('db', { 'If-Match': tag });
    expect([refused.status, refused.headers['retry-after']]).toEqual([412, undefined]);
    expect((await read(endpoint, path)).title).toBe('changed');
  });
});

test('a change without a condition writes no more than before', async () => {
  endpoint.reset();
  await rename('db');
  const plainCalls = { ...endpoint.calls };
  endpoint.reset();
  await rename('web', { 'If-Match': await tagOf(path) });
  expect(endpoint.calls.put! - plainCalls.put!).toBe(2);
});
