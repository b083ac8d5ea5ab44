/** Bytes that are no text, and more of anything than there should be: 4xx, and soon. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Call, type Endpoint, type Reply, startEndpoint } from '../endpoint.ts';
import { category, INFRASTRUCTURE, list, make, plain } from '../lib/operations/payloads.ts';
import { processorTime } from '../processor-time.ts';
import { expectRefusal } from './refusal.ts';

let endpoint: Endpoint;
let web: string;
beforeAll(async () => {
  endpoint = await startEndpoint();
  web = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'web' } });
});
afterAll(() => endpoint.stop());

const COMPUTE = `${INFRASTRUCTURE}compute`;
const USER_DATA = `Category: ${category('http://schemas.openstack.org/compute/instance#user_data', 'mixin')}`;
const KIND = `Category: ${category(COMPUTE, 'kind')}`;

/** A refusal after which nothing was made. */
async function refused(reply: Reply, status: number | readonly number[], says?: RegExp): Promise<void> {
  expectRefusal(reply, status, says);
  expect(await list(endpoint, '/compute/')).toEqual([web]);
}

const send = (path: string, call: Call, method = 'POST') => endpoint.send(method, path, call);
const jsonBody = (body: string | Buffer): Call => ({
  headers: { 'Content-Type': 'application/occi+json', Accept: 'application/occi+json' },
  body,
});
const of = (members: Record<string, unknown>) => jsonBody(JSON.stringify({ kind: COMPUTE, ...members }));

describe('In bytes', () => {
  test.each([
    [
      'text/plain',
      Buffer.concat([
        Buffer.from(`${KIND}\r\nX-OCCI-Attribute: occi.core.title="`),
        Buffer.from([0xff, 0xfe]),
        Buffer.from('"'),
      ]),
    ],
    ['text/plain', Buffer.concat([Buffer.from(KIND), Buffer.from([0xc3])])],
    [
      'application/occi+json',
      Buffer.concat([Buffer.from(`{"kind":"${COMPUTE}","title":"`), Buffer.from([0x80]), Buffer.from('"}')]),
    ],
    ['application/json', Buffer.from([0xed, 0xa0, 0x80])],
    ['text/plain', Buffer.from(KIND, 'utf16le')],
  ])('%s that is not UTF-8', async (mediaType, body) => {
    await refused(await send('/compute/', { headers: { 'Content-Type': mediaType }, body }), 400);
  });

  test('a header that is not UTF-8', async () => {
    const headers = {
      Category: category(COMPUTE, 'kind'),
      'X-OCCI-Attribute': 'occi.core.title="\u00ff\u00fe"',
      'Content-Type': 'text/occi',
    };
    await refused(await send('/compute/', { headers }), 400, /header.*UTF-8/i);
  });

  test.each(['text/plain', 'application/occi+json', 'application/json'])(
    '%s over our limit is 413, in OCCI',
    async (mediaType) => {
      const body =
        mediaType === 'text/plain'
          ? `${KIND}\r\n${'x'.repeat(1_048_576)}`
          : JSON.stringify({ kind: COMPUTE, title: 'x'.repeat(1_048_576) });
      await refused(await send('/compute/', { headers: { 'Content-Type': mediaType }, body }), 413, /1048576/);
      await refused(
        await send('/compute/', { headers: { 'Content-Type': mediaType }, body: Buffer.alloc(1_048_577, 0xe9) }),
        413,
      );
      await refused(
        await send('/compute/', { headers: { 'Content-Type': mediaType, Accept: 'application/occi+json' }, body }),
        413,
      );
    },
  );

  test('just under the limit is read', async () => {
    const body = `${KIND}\r\nX-OCCI-Attribute: occi.core.title="${'x'.repeat(1_048_400)}"`;
    await refused(
      await send('/compute/', { headers: { 'Content-Type': 'text/plain' }, body }),
      400,
      /occi\.core\.title/,
    );
  });
});

describe('In numbers', () => {
  test('10,000 attributes are refused for what they are, at once', async () => {
    const names = Array.from({ length: 10_000 }, (_, n) => `org.example.a${n}`);
    const spent = processorTime();
    await refused(
      await send('/compute/', plain(KIND, ...names.map((name) => `X-OCCI-Attribute: ${name}="x"`))),
      400,
      /org\.example/,
    );
    await refused(
      await send('/compute/', plain(KIND, `X-OCCI-Attribute: ${names.map((name) => `${name}="x"`).join(',')}`)),
      400,
    );
    await refused(
      await send('/compute/', of({ attributes: Object.fromEntries(names.map((name) => [name, 'x'])) })),
      400,
      /org\.example/,
    );
    expect(spent()).toBeLessThan(3000);
  });

  test('10,000 categories, links and locations too', async () => {
    const many = (line: (n: number) => string) => plain(KIND, ...Array.from({ length: 10_000 }, (_, n) => line(n)));
    const spent = processorTime();
    await refused(
      await send(
        '/compute/',
        many((n) => `Category: a${n}; scheme="http://example.org/#"; class="mixin"`),
      ),
      400,
    );
    await refused(
      await send(
        '/compute/',
        many((n) => `Link: </storage/${n}>; rel="${INFRASTRUCTURE}storage"`),
      ),
      413,
    );
    await refused(
      await send(
        '/compute/',
        plain(...Array.from({ length: 10_000 }, (_, n) => `X-OCCI-Location: /compute/${n}`)),
        'DELETE',
      ),
      400,
    );
    expect(spent()).toBeLessThan(6000);
  });

  test('what could take a parser quadratic time does not', async () => {
    const long = 60_000;
    const spent = processorTime();
    for (const body of [
      `${KIND}; ${';'.repeat(long)}x`,
      `${KIND}; title="${'\\"'.repeat(long)}`,
      `Category:${' '.repeat(long)}x`,
      `Category: ${'a, '.repeat(long)}`,
      `X-OCCI-Attribute: ${'a="b",'.repeat(long / 2)}a`,
      `Link: ${'<'.repeat(long)}`,
      `Link: <${'/'.repeat(long)}>; rel="${'a '.repeat(long)}"`,
      '\r\n'.repeat(long),
      `${KIND}\r\nX-OCCI-Attribute: occi.compute.userdata="${'A='.repeat(long)}"`,
      `${KIND}\r\n${USER_DATA}\r\nX-OCCI-Attribute: org.openstack.compute.user_data="${' '.repeat(long)}!"`,
      `${KIND}\r\n${USER_DATA}\r\nX-OCCI-Attribute: org.openstack.compute.user_data="${'A='.repeat(long)}"`,
      `${KIND}\r\nX-OCCI-Attribute: occi.compute.cores="${'9'.repeat(long)}x"`,
    ]) {
      await refused(await send('/compute/', { headers: { 'Content-Type': 'text/plain' }, body }), [400, 413]);
    }
    expect(spent()).toBeLessThan(6000);
  });
});
