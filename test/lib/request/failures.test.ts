import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { OcciError } from '../../../lib/errors.ts';
import { logger } from '../../../lib/log.ts';
import { occiHandler } from '../../../lib/request/handler.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { ANSWERS } from '../operations/payloads.ts';
import { serve } from '../operations/served.ts';

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startEndpoint();
});
afterAll(() => endpoint.stop());
afterEach(() => {
  jest.restoreAllMocks();
});

describe('Errors in the rendering asked for (ADR-14)', () => {
  const errors: readonly (readonly [string, string, number])[] = [
    ['GET', '/nothing', 404],
    ['PATCH', '/compute/', 405],
    ['POST', '/compute/', 400],
    ['DELETE', '/-/', 400],
    ['GET', '/compute/?number=99999', 413],
  ];
  test.each(errors)('%s %s is %d', async (method, path, status) => {
    const send = (accept: string) => endpoint.send(method, path, { headers: { Accept: accept } });
    const text = await send('text/plain');
    expect([text.status, text.headers['content-type']]).toEqual([status, 'text/plain; charset=utf-8']);
    expect(text.body).toMatch(/^.{10,300}\.\n$/);
    const sentence = text.body.trimEnd();
    const json = await send('application/occi+json');
    expect(JSON.parse(json.body)).toEqual({
      code: status,
      message: sentence,
      requestId: json.headers['x-request-id'],
    });
    expect((await send('application/json')).headers['content-type']).toBe('application/json');
    const occi = await send('text/occi');
    expect([occi.status, occi.headers['x-occi-error'], occi.body]).toEqual([status, sentence, text.body]);
    const uris = await send('text/uri-list');
    expect(uris.status).toBe(status);
    expect(uris.headers['content-type']).toBe('text/plain; charset=utf-8');
    const none = await send('application/rss');
    // That the answer could not be shown does not hide that there is nothing to show.
    const expected = status === 404 || status === 405 ? status : 406;
    expect([none.status, none.headers['content-type']]).toEqual([expected, 'text/plain; charset=utf-8']);
  });

  test('an unexpected error is 500 without detail; the log has the cause', async () => {
    const error = jest.spyOn(logger, 'error').mockImplementation(() => {});
    const table = memoryTable();
    const broken = await startEndpoint({
      table: { ...table, query: () => Promise.reject(new Error('the password is x')) },
    });
    try {
      for (const mediaType of ANSWERS) {
        const reply = await broken.send('GET', '/compute/', { headers: { Accept: mediaType } });
        const type = mediaType === 'text/uri-list' ? 'text/plain' : mediaType;
        expect([reply.status, reply.headers['content-type']?.split(';')[0]]).toEqual([500, type]);
        expect(JSON.stringify(reply)).not.toContain('password');
        expect(
          JSON.stringify(error.mock.calls.at(-1), (_, value) => (value instanceof Error ? value.message : value)),
        ).toMatch(new RegExp(`${reply.headers['x-request-id']}.*password`));
      }
    } finally {
      await broken.stop();
    }
  });

  test('a refusal by the cloud is 403 without its reason, which is logged for the provider', async () => {
    const warn = jest.spyOn(logger, 'warn').mockImplementation(() => {});
    const list = () =>
      Promise.reject(
        new OcciError('forbidden', 'The provider does not permit this.', { cause: new Error('encoded: secret') }),
      );
    const denied = await serve((service) => ({
      ...service,
      backendFor: async (...of) => {
        const backend = await service.backendFor(...of);
        const compute = { ...backend.adapter.kinds.compute!, list, ids: list };
        return { ...backend, adapter: { ...backend.adapter, kinds: { ...backend.adapter.kinds, compute } } };
      },
    }));
    try {
      const reply = await denied.send('GET', '/compute/');
      expect([reply.status, reply.body]).toEqual([403, 'The provider does not permit this.\n']);
      const [, entry] = warn.mock.calls.at(-1) as unknown as [string, { error: Error; requestId: string }];
      expect([entry.error.message, entry.requestId]).toEqual(['encoded: secret', reply.headers['x-request-id']]);
    } finally {
      await denied.stop();
    }
  });

  test('an unreachable cloud is 503', async () => {
    const away = await startEndpoint({
      cloud: { fail: { 'compute.ids': { failure: 'unavailable' }, 'compute.list': { failure: 'unavailable' } } },
    });
    try {
      for (const mediaType of ANSWERS) {
        expect((await away.send('GET', '/compute/', { headers: { Accept: mediaType } })).status).toBe(503);
      }
    } finally {
      await away.stop();
    }
  });
});

describe('An event that no gateway sends', () => {
  const context = { getRemainingTimeInMillis: () => 29_000 };
  const handler = occiHandler(() => Promise.reject(new Error('the settings are wrong: secret'))) as unknown as (
    event: unknown,
    context: unknown,
  ) => Promise<{ statusCode: number; body: string; headers: Record<string, string> }>;

  test.each([
    {},
    { headers: null },
    { rawPath: 1 },
    { requestContext: {} },
    { headers: { accept: 'application/occi+json' } },
  ])('%j is answered all the same', async (event) => {
    const { statusCode, body, headers } = await handler(event, context);
    expect([statusCode, headers.Server]).toEqual([500, expect.stringContaining('OCCI/1.2')]);
    expect(body).not.toContain('secret');
    expect(headers['X-Request-Id']).toBeDefined();
  });
});
