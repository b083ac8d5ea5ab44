/** A template that came into the cloud after its catalogue was kept can be used at once, and a stranger's names cost little. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import * as dummy from '../../../adapters/dummy/index.ts';
import { dependent } from '../../../adapters/dummy/mixins.ts';
import type { Adapter, Catalogue } from '../../../lib/adapter/contract.ts';
import type { AdapterModule } from '../../../lib/adapter/module.ts';
import { OcciError } from '../../../lib/errors.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { entity, OS_TPL, plain } from './payloads.ts';

let endpoint: Endpoint;
/** How many times the cloud was asked for its catalogue. */
let readings: number;
let images: string[];
/** What a reading waits for. */
let before: () => Promise<void>;
let passed: number;

const changed = (adapter: Adapter): Adapter => ({
  ...adapter,
  async catalogue(): Promise<Catalogue> {
    readings++;
    await before();
    const own = await adapter.catalogue();
    return { ...own, mixins: [...own.mixins, ...images.map((term) => dependent('os_tpl', { term, title: term }))] };
  },
});

const module = {
  ...dummy,
  connect: (environment: never) => {
    const connect = dummy.connect(environment);
    return (context: never) => changed(connect(context));
  },
} as unknown as AdapterModule<unknown>;

beforeEach(async () => {
  [readings, images, before, passed] = [0, [], async () => {}, 0];
  const now = Date.now.bind(Date);
  jest.spyOn(Date, 'now').mockImplementation(() => now() + passed);
  endpoint = await startEndpoint({
    adapter: { module, settings: dummy.settings.parse({}) },
    settings: { auth: ['anonymous'] },
  });
  await endpoint.send('GET', '/-/');
  expect(readings).toBe(1);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await endpoint.stop();
});

/** Seconds go by. */
const pass = (seconds: number): void => {
  passed += seconds * 1000;
};
const create = (term: string, scheme = OS_TPL) =>
  endpoint.send('POST', '/compute/', entity('text/plain', { kind: 'compute', mixins: [scheme + term] }));

describe('An image that is newer than the kept catalogue', () => {
  beforeEach(() => {
    images.push('new');
    pass(60);
  });

  test('can be used in a create at once, for one reading, and is shown from then on', async () => {
    expect((await create('new')).status).toBe(201);
    expect(readings).toBe(2);
    expect((await endpoint.send('GET', '/-/')).body).toContain('new; scheme="http://dummy.example.org');
    expect((await create('new')).status).toBe(201);
    expect(readings).toBe(2);
  });

  test.each([
    ['a filter of a collection', 'GET', `/compute/?category=${encodeURIComponent(`${OS_TPL}new`)}`, 200],
    ['a filter of the query interface', 'GET', `/-/?category=${encodeURIComponent(`${OS_TPL}new`)}`, 200],
    ['a path that a client chose', 'PUT', '/teams/web', 201],
    ['one of several entities', 'POST', '/', 201],
  ])('is known to %s', async (_, method, path, status) => {
    const one = entity('application/occi+json', { kind: 'compute', mixins: [`${OS_TPL}new`] });
    const several = { ...one, body: `{"resources":[${String(one.body)},${String(one.body)}]}` };
    const call = method === 'GET' ? {} : path === '/' ? several : one;
    const reply = await endpoint.send(method, path, call);
    expect([reply.status, reply.body]).toEqual([status, expect.any(String)]);
    expect(readings).toBe(2);
  });

  test('is known to a header that filters', async () => {
    const reply = await endpoint.send('GET', '/compute/', {
      headers: { 'Content-Type': 'text/occi', Category: `new; scheme="${OS_TPL}"; class="mixin"` },
    });
    expect(reply.status).toBe(200);
    expect(readings).toBe(2);
  });

  test('is made once under one Idempotency-Key', async () => {
    const call = entity('text/plain', { kind: 'compute', mixins: [`${OS_TPL}new`] });
    const keyed = { ...call, headers: { ...call.headers, 'Idempotency-Key': '"one"' } };
    const replies = [await endpoint.send('POST', '/compute/', keyed), await endpoint.send('POST', '/compute/', keyed)];
    expect(replies.map(({ status }) => status)).toEqual([201, 201]);
    expect(replies[1]!.headers.location).toBe(replies[0]!.headers.location);
    expect((await endpoint.send('GET', '/compute/')).body.trim().split('\n')).toHaveLength(1);
  });

  test('can be used by many requests at the same time, for one reading', async () => {
    const replies = await Promise.all(Array.from({ length: 12 }, () => create('new')));
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 201));
    expect(readings).toBe(2);
  });
});

describe('A name that nothing has', () => {
  test('costs at most one reading in 15 seconds, however often it is sent', async () => {
    pass(60);
    for (let n = 0; n < 5; n++) {
      const reply = await create(`none-${n}`);
      expect(reply.status).toBe(400);
      expect(reply.body).toContain(`The category ${OS_TPL}none-${n} is not known here`);
    }
    await Promise.all(Array.from({ length: 20 }, (_, n) => create(`other-${n}`)));
    expect(readings).toBe(2);
    pass(17);
    await create('none');
    expect(readings).toBe(3);
  });

  test('costs none where the catalogue was read a moment ago', async () => {
    pass(5);
    expect((await create('none')).status).toBe(400);
    expect(readings).toBe(1);
  });

  test.each([
    ['the standard', 'http://schemas.ogf.org/occi/infrastructure#'],
    ['nobody here', 'http://example.org/elsewhere#'],
  ])('costs none in a scheme of %s', async (_, scheme) => {
    pass(60);
    expect((await create('none', scheme)).status).toBe(400);
    expect(readings).toBe(1);
  });

  test('leaves the cost of names that are known as it was', async () => {
    pass(60);
    endpoint.reset();
    expect((await create('debian12')).status).toBe(201);
    const before = { ...endpoint.calls };
    expect((await create('none')).status).toBe(400);
    endpoint.reset();
    expect((await create('debian12')).status).toBe(201);
    expect(endpoint.calls).toEqual(before);
  });
});

describe('A reading for a new name', () => {
  beforeEach(() => pass(60));

  test('that fails is told as the cloud tells it, and not repeated for 15 seconds', async () => {
    images.push('new');
    before = () => Promise.reject(new OcciError('unavailable', 'The cloud does not answer.'));
    const failed = await create('new');
    expect([failed.status, failed.body]).toEqual([503, expect.stringContaining('The cloud does not answer.')]);
    before = async () => {};
    const next = await create('new');
    expect([next.status, next.headers['retry-after']]).toEqual([503, '2']);
    expect(readings).toBe(2);
    pass(17);
    expect((await create('new')).status).toBe(201);
  });

  test('by another process is not waited for: the client is told when to ask again', async () => {
    images.push('new');
    // Two services over one table are two processes to each other, but for what they keep by table.
    const { table } = endpoint;
    const proxied = new Proxy(table, {});
    const other = await startEndpoint({ adapter: { module, settings: dummy.settings.parse({}) }, table: proxied });
    try {
      let go = () => {};
      const held = new Promise<void>((resolve) => {
        go = resolve;
      });
      const reading = new Promise<void>((resolve) => {
        before = () => {
          resolve();
          return held;
        };
      });
      const first = create('new');
      await reading;
      const call = entity('text/plain', { kind: 'compute', mixins: [`${OS_TPL}new`] });
      const meanwhile = await other.send('POST', '/compute/', call);
      expect([meanwhile.status, meanwhile.headers['retry-after']]).toEqual([503, '2']);
      go();
      expect((await first).status).toBe(201);
      expect((await other.send('POST', '/compute/', call)).status).toBe(201);
      expect(readings).toBe(2);
    } finally {
      await other.stop();
    }
  });
});

test('A user who may add no such mixin is told so, also of a name that is not there', async () => {
  pass(60);
  const reply = await endpoint.send(
    'POST',
    '/-/',
    plain(`Category: mine; scheme="${OS_TPL}"; class="mixin"; location="/mine/"`),
  );
  expect(reply.status).toBe(403);
  expect(readings).toBe(1);
});
