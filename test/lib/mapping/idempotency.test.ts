import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { OcciError } from '../../../lib/errors.ts';
import type { Row } from '../../../lib/table/table.ts';
import { type Call, type Endpoint, startEndpoint } from '../../endpoint.ts';
import {
  action,
  collection,
  entity,
  INFRASTRUCTURE,
  list,
  make,
  plain,
  RENDERINGS,
  read,
  type Wanted,
} from '../operations/payloads.ts';
import { type Disturbance, disturbedTable, holdPut } from './disturbed-table.ts';

let endpoint: Endpoint;
let before: Disturbance;
beforeEach(async () => {
  const { table, before: hook } = disturbedTable();
  before = hook;
  endpoint = await startEndpoint({ table });
});
afterEach(() => endpoint.stop());

const keyed = (key: string, call: Call): Call => ({ ...call, headers: { ...call.headers, 'Idempotency-Key': key } });
const SIZE = { 'occi.storage.size': 1 };
const compute = (title = 'web'): Wanted => ({ kind: 'compute', attributes: { 'occi.core.title': title } });
const create = (key: string, title = 'web', path = '/compute/') =>
  endpoint.send('POST', path, keyed(key, entity('text/plain', compute(title))));

describe('A create with an Idempotency-Key', () => {
  test.each(RENDERINGS)('sent again in %s gets the first answer and makes nothing', async (mediaType) => {
    const call = keyed('"8e03978e"', entity(mediaType, compute()));
    const first = await endpoint.send('POST', '/compute/', call);
    const again = await endpoint.send('POST', '/compute/', call);
    expect(first.status).toBe(201);
    expect([again.status, again.body, again.headers.location]).toEqual([201, first.body, first.headers.location]);
    expect(await list(endpoint, '/compute/')).toHaveLength(1);
  });

  test('gets the first answer again after the entity is deleted', async () => {
    const first = await create('k');
    await endpoint.send('DELETE', '/compute/?all=true');
    const again = await create('k');
    expect([again.status, again.headers.location]).toEqual([201, first.headers.location]);
    expect(await list(endpoint, '/compute/')).toEqual([]);
  });

  test('and another payload, path or rendering under the same key is 422', async () => {
    await create('k');
    expect((await create('k', 'db')).status).toBe(422);
    expect((await create('k', 'web', '/')).status).toBe(422);
    const inJson = keyed('k', entity('application/occi+json', compute()));
    expect((await endpoint.send('POST', '/compute/', inJson)).status).toBe(422);
    expect(await list(endpoint, '/compute/')).toHaveLength(1);
  });

  test('bare and quoted are the same key', async () => {
    const first = await create('abc');
    expect((await create('"abc"')).headers.location).toBe(first.headers.location);
  });

  test('while the first is running is 409 with Retry-After', async () => {
    const { held, letGo } = holdPut(before, ({ sk }) => sk.startsWith('c-'));
    const first = create('k');
    await held;
    const second = await create('k');
    expect(second.status).toBe(409);
    expect(second.headers['retry-after']).toBeDefined();
    letGo();
    expect((await first).status).toBe(201);
    expect(await list(endpoint, '/compute/')).toHaveLength(1);
  });

  test('that was refused may be corrected under the same key', async () => {
    const wrong = { kind: 'compute', attributes: { 'occi.compute.cores': 'many' } };
    expect((await endpoint.send('POST', '/compute/', keyed('k', entity('text/plain', wrong)))).status).toBe(400);
    expect((await create('k')).status).toBe(201);
  });

  test('is known on every path that creates', async () => {
    const first = await create('k', 'web', '/');
    expect((await create('k', 'web', '/')).headers.location).toBe(first.headers.location);
    expect(await list(endpoint, '/compute/')).toHaveLength(1);
  });
});

describe('An Idempotency-Key beside anything else', () => {
  const sentence = (subject: string) =>
    `${subject} does not use Idempotency-Key: it works on a POST that creates. Send the request without it.\n`;

  test('is refused: PUT that makes something, an update with a link that is made, an action, a DELETE', async () => {
    const made = new URL((await create('k')).headers.location!).pathname;
    const net = await make(endpoint, { kind: 'network' });
    const link = `Link: <${net}>; rel="${INFRASTRUCTURE}network"; category="${INFRASTRUCTURE}networkinterface"`;
    const stop = action('text/plain', `${INFRASTRUCTURE.replace('#', '')}/compute/action#stop`);
    const before = await read(endpoint, made);
    for (const [method, path, call, subject] of [
      ['PUT', '/compute/mine', entity('text/plain', compute()), 'PUT on an entity'],
      ['POST', made, plain(link), 'POST on an entity'],
      ['POST', `${made}?action=stop`, stop, 'An action on an entity'],
      ['DELETE', made, {}, 'DELETE on an entity'],
      ['DELETE', '/compute/?all=true', {}, 'DELETE on a collection'],
    ] as const) {
      const reply = await endpoint.send(method, path, keyed('k', call));
      expect([reply.status, reply.body]).toEqual([400, sentence(subject)]);
    }
    expect(await list(endpoint, '/compute/')).toEqual([made]);
    expect(await read(endpoint, made)).toEqual(before);
  });

  test.each(['GET', 'HEAD'])('means nothing to %s', async (method) => {
    expect((await endpoint.send(method, '/compute/', keyed('k', {}))).status).toBe(200);
  });
});

describe('A crash in the middle of a create is healed by the retry (ADR-4)', () => {
  const lost: Record<string, (row: Row) => boolean> = {
    'before the native row': ({ sk }) => sk.startsWith('c-'),
    'before the mapping row': ({ sk }) => sk.startsWith('entity#'),
    'before the first answer is kept': ({ sk, answer }) => sk.startsWith('idempotency#') && answer !== undefined,
  };

  test.each(Object.entries(lost))('%s', async (_, isLost) => {
    for (const error of [new Error('crash'), new OcciError('unavailable', 'The table is away.')]) {
      const key = `k-${error.name}`;
      before.put = (row) => {
        if (isLost(row)) throw error;
      };
      const { status, headers } = await create(key);
      // A create that went well may say so although its answer could not be kept.
      if (status !== 201) expect(status).toBeGreaterThanOrEqual(500);
      before.put = () => {};
      const retry = await create(key);
      expect(retry.status).toBe(201);
      if (status === 201) expect(retry.headers.location).toBe(headers.location);
      expect(await list(endpoint, '/compute/')).toEqual([new URL(retry.headers.location!).pathname]);
      await endpoint.send('DELETE', '/compute/?all=true');
    }
  });

  test('when everything is lost from the native create on, also the note of the failure', async () => {
    let dead = false;
    before.put = ({ sk }) => {
      dead ||= sk.startsWith('entity#');
      if (dead) throw new Error('the process is gone');
    };
    expect((await create('k')).status).toBe(500);
    before.put = () => {};
    const now = Date.now;
    Date.now = () => now() + 61_000;
    try {
      expect((await create('k')).status).toBe(201);
    } finally {
      Date.now = now;
    }
    expect(await list(endpoint, '/compute/')).toHaveLength(1);
  });

  test('of several entities, at any of them', async () => {
    const call = keyed(
      'k',
      collection({ resources: ['a', 'b', 'c'].map((title) => ({ kind: `${INFRASTRUCTURE}compute`, title })) }),
    );
    let mappings = 0;
    before.put = ({ sk }) => {
      if (sk.startsWith('entity#') && ++mappings === 2) throw new Error('crash');
    };
    expect((await endpoint.send('POST', '/compute/', call)).status).toBe(500);
    before.put = () => {};
    expect((await endpoint.send('POST', '/compute/', call)).status).toBe(201);
    expect(await list(endpoint, '/compute/')).toHaveLength(3);
  });
});

describe('A retry under a condition, after a crash', () => {
  const twoDisks = collection({
    resources: [1, 2].map(() => ({ kind: `${INFRASTRUCTURE}storage`, attributes: SIZE })),
  });
  const SENT: Record<string, Call> = {
    'one entity': entity('text/plain', { kind: 'storage', attributes: SIZE }),
    'two entities': twoDisks,
  };

  /** A create that crashes at a row; then another client makes something, and the create is sent again. */
  async function crashAndRetry(call: Call, isLost: (row: Row) => boolean) {
    const { etag } = (await endpoint.send('GET', '/storage/')).headers;
    const conditioned = keyed('k', { ...call, headers: { ...call.headers, 'If-Match': etag! } });
    before.put = (row) => {
      if (isLost(row)) throw new Error('crash');
    };
    expect((await endpoint.send('POST', '/storage/', conditioned)).status).toBe(500);
    before.put = () => {};
    const other = await make(endpoint, { kind: 'storage', attributes: SIZE });
    // The key of a process that died is kept for a minute.
    const now = Date.now;
    Date.now = () => now() + 61_000;
    try {
      return { other, retry: await endpoint.send('POST', '/storage/', conditioned) };
    } finally {
      Date.now = now;
    }
  }

  test.each(Object.entries(SENT))('of %s that made nothing is held against what others changed', async (_, call) => {
    const { other, retry } = await crashAndRetry(call, ({ sk }) => sk.startsWith('s-'));
    expect([retry.status, await list(endpoint, '/storage/')]).toEqual([412, [other]]);
  });

  test.each(Object.entries(SENT))('of %s that made something finishes it', async (name, call) => {
    let dead = false;
    const { retry } = await crashAndRetry(call, ({ sk }) => {
      dead ||= sk.startsWith('entity#');
      return dead;
    });
    expect([retry.status, (await list(endpoint, '/storage/')).length]).toEqual([201, name === 'one entity' ? 2 : 3]);
  });
});

test('an answer too large to be kept does not make the create look refused, nor the retry make it twice', async () => {
  const title = 'x'.repeat(1000);
  const resources = Array.from({ length: 500 }, () => ({ kind: `${INFRASTRUCTURE}compute`, title }));
  const call = keyed('k', collection({ resources }));
  const first = await endpoint.send('POST', '/compute/', call);
  const made = (await list(endpoint, '/compute/')).length;
  expect([first.status, made]).toEqual(first.status === 201 ? [201, 500] : [first.status, 0]);
  await endpoint.send('POST', '/compute/', call);
  expect((await list(endpoint, '/compute/')).length).toBe(made);
});

describe('An invalid key', () => {
  const keys = ['', '""', '"a b"', 'a\tb', 'x'.repeat(256), `"${'x'.repeat(256)}"`, '"a", "b"', 'ä'];
  test.each(keys)('%j is 400 and makes nothing', async (key) => {
    expect((await create(Buffer.from(key).toString('latin1'))).status).toBe(400);
    expect(await list(endpoint, '/compute/')).toEqual([]);
  });

  test.each(['constructor', '__proto__', 'idempotency#k', '#', '"', "'", '\\', '%00'])(
    '%j is one like any other',
    async (key) => {
      expect((await create(key)).status).toBe(201);
      expect((await create(key)).status).toBe(201);
      expect(await list(endpoint, '/compute/')).toHaveLength(1);
    },
  );
});
