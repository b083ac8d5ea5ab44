/** What real clients expect of headers, theirs and ours, by the rows of the table of expectations. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import { accepting, kindLine } from './payloads.ts';
import { mediaTypeOf, ROCCI } from './rocci.ts';
import { INFRASTRUCTURE } from './seen.ts';

describe('expectations of headers', () => {
  let endpoint: Endpoint;

  beforeAll(async () => {
    endpoint = await startEndpoint();
  });
  afterAll(() => endpoint.stop());

  test.each(['text/plain', 'text/occi', 'application/occi+json', 'application/json'])(
    'CLIENT-22: rOCCI-cli understands every answer in %s, errors too',
    async (mediaType) => {
      const headers = { ...ROCCI, Accept: mediaType };
      const send = (method: string, path: string, body?: string) =>
        endpoint.send(method, path, {
          headers: { ...headers, ...(body !== undefined && { 'Content-Type': 'text/plain' }) },
          ...(body !== undefined && { body }),
        });
      const answers = [
        await send('GET', '/-/'),
        await send('GET', '/compute/nothing'),
        await send('POST', '/compute/', 'no line of OCCI'),
        await send('PUT', '/-/', kindLine('compute')),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 404, 400, 405]);
      expect(answers.map(mediaTypeOf)).toEqual(Array(4).fill(mediaType));
    },
  );

  test.each(['OCCI/1.1', 'rOCCI-core/4.3.6 OCCI/1.1 ruby', 'OCCI/1.2'])('CLIENT-23: %s is served', async (agent) => {
    expect((await endpoint.send('GET', '/-/', { headers: { 'User-Agent': agent } })).status).toBe(200);
  });
});

describe('expectations of header sizes', () => {
  /** Node's default limit of header bytes. */
  const NODE_LIMIT = 16_384;
  let endpoint: Endpoint;

  beforeAll(async () => {
    endpoint = await startEndpoint({ maxHeaderSize: NODE_LIMIT });
    const resources = Array.from({ length: 1000 }, () => ({ kind: `${INFRASTRUCTURE}compute` }));
    const made = await endpoint.send('POST', '/compute/', {
      headers: { 'Content-Type': 'application/occi+json', Accept: 'text/uri-list' },
      body: JSON.stringify({ resources }),
    });
    expect(made.status).toBe(201);
  });
  afterAll(() => endpoint.stop());

  test('CLIENT-30: a Node client with its default limit can discover in text/occi', async () => {
    const discovered = await endpoint.send('GET', '/-/', accepting('text/occi'));
    expect(discovered.status).toBe(200);
    expect(discovered.rawHeaders.join('').length).toBeLessThan(16_000);
  });

  test('CLIENT-30: a listing too large for headers is refused whole, and its pages are given', async () => {
    const refused = await endpoint.send('GET', '/compute/', accepting('text/occi'));
    expect([refused.status, refused.body]).toEqual([406, expect.stringContaining('text/plain')]);
    const page = await endpoint.send('GET', '/compute/?page=2&number=100', accepting('text/occi'));
    expect(page.headers['x-occi-location']!.split(', ')).toHaveLength(100);
  });
});
