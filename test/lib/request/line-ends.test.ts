/** Every line of a text answer ends in LF, the last too: `while read` loses a line without one. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, type Reply, startEndpoint } from '../../endpoint.ts';
import { action, collection, entity, INFRASTRUCTURE, json, list, make, pathOf, plain } from '../operations/payloads.ts';

const TEXTS = ['text/plain', 'text/occi', 'text/uri-list'] as const;
const STOP = `${INFRASTRUCTURE.replace('#', '/compute/action#')}stop`;

let endpoint: Endpoint;
let web: string;
beforeAll(async () => {
  endpoint = await startEndpoint();
  web = await make(endpoint, { kind: 'compute' });
  await make(endpoint, { kind: 'compute' });
});
afterAll(() => endpoint.stop());

const send = (method: string, path: string, accept: string, more: Readonly<Record<string, string>> = {}) =>
  endpoint.send(method, path, { headers: { Accept: accept, ...more } });

/** What `while IFS= read -r line` gets of a text: what no LF ends is lost. */
const linesRead = (text: string): readonly string[] => text.split('\n').slice(0, -1);

function expectLines({ body, headers, bytes }: Reply): void {
  expect(body).toMatch(/^([^\r\n]+\n)+$/);
  expect(headers['content-length']).toBe(String(bytes.length));
}

describe.each(TEXTS)('In %s', (mediaType) => {
  test.each(['/compute/', '/network/', '/', '/mixin/os_tpl/', '/compute/?page=1&number=1'])(
    'the listing of %s is lines',
    async (path) => {
      const reply = await send('GET', path, mediaType);
      expect(reply.status).toBe(200);
      expectLines(reply);
      if (mediaType === 'text/occi') expect(reply.body).toBe('OK\n');
      else expect(linesRead(reply.body)).toHaveLength((await list(endpoint, path)).length);
    },
  );

  test('an empty listing has no lines', async () => {
    const { status, body } = await send('GET', '/storage/', mediaType);
    expect([status, body]).toEqual([200, mediaType === 'text/occi' ? 'OK\n' : '']);
  });

  test.each([
    ['GET', '/nothing'],
    ['GET', '/compute/x'],
    ['PATCH', '/compute/'],
    ['POST', '/compute/'],
    ['DELETE', '/compute/'],
    ['GET', '/compute/?page=x'],
  ])('the error of %s %s is a line', async (method, path) => {
    const reply = await send(method, path, mediaType);
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expectLines(reply);
    expect(reply.headers['x-occi-error'] ?? reply.body.trimEnd()).toBe(reply.body.trimEnd());
  });

  test('HEAD tells of the same answer as GET', async () => {
    for (const path of ['/compute/', '/nothing', '/storage/']) {
      const [got, head] = [await send('GET', path, mediaType), await send('HEAD', path, mediaType)];
      expect([head.status, head.body, head.headers['content-type']]).toEqual([
        got.status,
        '',
        got.headers['content-type'],
      ]);
      if (head.headers['content-length'] !== undefined)
        expect(head.headers['content-length']).toBe(got.headers['content-length']);
    }
  });
});

describe('In text/plain and text/occi', () => {
  test.each(['text/plain', 'text/occi'] as const)(
    'entities, discovery and what is done are lines, in %s',
    async (mediaType) => {
      const spare = await make(endpoint, { kind: 'compute' });
      for (const reply of [
        await send('GET', web, mediaType),
        await send('GET', '/-/', mediaType),
        await endpoint.send('POST', web, entity(mediaType, { attributes: { 'occi.core.title': 'a' } })),
        await endpoint.send('POST', `${spare}?action=stop`, action(mediaType, STOP)),
        await send('DELETE', spare, mediaType),
        await send('OPTIONS', web, mediaType),
      ]) {
        expect([reply.status, reply.body]).toEqual([200, reply.body]);
        expectLines(reply);
      }
    },
  );
});

test('a create of one entity alone has no line end (IM), of several it has', async () => {
  const one = await endpoint.send('POST', '/compute/', entity('text/plain', { kind: 'compute' }));
  expect(one.body).toBe(`X-OCCI-Location: ${one.headers.location}`);
  const two = await endpoint.send(
    'POST',
    '/compute/',
    collection({ resources: [json({ kind: 'compute' }), json({ kind: 'compute' })] }, 'text/plain'),
  );
  expect(linesRead(two.body)).toHaveLength(2);
  const listed = await endpoint.send('POST', '/compute/', {
    ...entity('text/plain', { kind: 'compute' }),
    headers: { 'Content-Type': 'text/plain', Accept: 'text/uri-list' },
  });
  expect(listed.body).toBe(`${listed.headers.location}\n`);
  expect(await list(endpoint, '/compute/')).toContain(pathOf(listed.headers.location!));
});

test('a listing for a client that splits it at line ends has none at the end; its errors are lines', async () => {
  const headers = { 'User-Agent': 'python-requests/2.31.0' };
  const { body } = await send('GET', '/compute/', 'text/plain', headers);
  expect(body.split('\n').map((line) => pathOf(line.replace('X-OCCI-Location: ', '')))).toEqual(
    await list(endpoint, '/compute/'),
  );
  for (const [path, accept] of [
    ['/nothing', 'text/plain'],
    ['/compute/', 'text/uri-list'],
    [web, 'text/plain'],
  ] as const) {
    expectLines(await send('GET', path, accept, headers));
  }
});

test('a JSON answer is no text of lines', async () => {
  expect((await send('GET', web, 'application/occi+json')).body).toMatch(/\}$/);
  expect(
    (await endpoint.send('POST', '/compute/', { ...plain('x'), headers: { Accept: 'application/json' } })).body,
  ).toMatch(/\}$/);
});
