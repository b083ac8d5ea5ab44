/** Actions that make something new, whose answer the cloud loses: the client is told to look before it repeats them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as dummy from '../../../adapters/dummy/index.ts';
import type { Adapter, KindAdapter } from '../../../lib/adapter/contract.ts';
import type { AdapterModule } from '../../../lib/adapter/module.ts';
import { OcciError } from '../../../lib/errors.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { action, compute, made, send, storage } from '../quota/containers.ts';

const LOST = new OcciError('unavailable', 'The cloud cannot be reached.', {
  unknownOutcome: true,
  headers: { 'Retry-After': '5' },
});
const NEVER_SENT = new OcciError('unavailable', 'The cloud cannot be reached.', { headers: { 'Retry-After': '5' } });

let isSent = true;

/** The embedded cloud, which carries actions out and loses their answers, or does not get them. */
const changed = (adapter: Adapter): Adapter => {
  const losing = (kind: KindAdapter): KindAdapter => ({
    ...kind,
    async act(id, term, attributes) {
      if (!isSent) throw NEVER_SENT;
      await kind.act!(id, term, attributes);
      throw LOST;
    },
  });
  const { compute, storage } = adapter.kinds as Record<string, KindAdapter>;
  const kinds = { ...adapter.kinds, compute: losing(compute!) as never, storage: losing(storage!) as never };
  return { ...adapter, kinds };
};

let endpoint: Endpoint;
let machine: string;
let disk: string;
beforeAll(async () => {
  const module = {
    ...dummy,
    connect: (environment: never) => {
      const connect = dummy.connect(environment);
      return (context: never) => changed(connect(context));
    },
  } as unknown as AdapterModule<unknown>;
  endpoint = await startEndpoint({ adapter: { module, settings: dummy.settings.parse({}) } });
  machine = await made(endpoint, compute());
  disk = await made(endpoint, storage(1));
});
afterAll(() => endpoint.stop());

const act = (path: string, term: string, kind: string) =>
  send(endpoint, 'POST', `${path}?action=${term}`, action(term, kind));

const templates = async (): Promise<number> =>
  (await endpoint.send('GET', '/-/', { headers: { Accept: 'text/plain' } })).body.match(/os_tpl#/g)!.length;

describe('When the cloud loses the answer', () => {
  test.each([
    ['save', 'compute', /look for its template at \/-\/ before/],
    ['snapshot', 'storage', /look for it with the tools of the cloud before/],
    ['backup', 'storage', /look for it with the tools of the cloud before/],
  ])('of %s, the client is told to look first, and not when to repeat it', async (term, kind, sentence) => {
    const { status, headers, body } = await act(kind === 'compute' ? machine : disk, term, kind);
    expect([status, headers['retry-after']]).toEqual([503, undefined]);
    expect(body).toMatch(sentence);
  });

  test('of save, the template is in discovery at once', async () => {
    const before = await templates();
    await act(machine, 'save', 'compute');
    expect(await templates()).toBe(before + 1);
  });

  test('of an action on all of a collection, each entity has the sentence', async () => {
    const { status, headers, body } = await act('/storage/', 'snapshot', 'storage');
    expect([status, headers['retry-after']]).toEqual([409, undefined]);
    expect(body).toMatch(/look for it with the tools of the cloud before/);
  });

  test('of an action that makes nothing new, it may be repeated', async () => {
    const { status, headers, body } = await act(machine, 'stop', 'compute');
    expect([status, headers['retry-after']]).toEqual([503, '5']);
    expect(body).toContain('The cloud cannot be reached.');
  });
});

test('What never reached the cloud may be repeated', async () => {
  isSent = false;
  const { status, headers } = await act(disk, 'backup', 'storage');
  isSent = true;
  expect([status, headers['retry-after']]).toEqual([503, '5']);
});
