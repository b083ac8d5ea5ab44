/** What is accepted in a rendering can be shown in it: every octet of a header field, every character of a body. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Call, type Endpoint, type Reply, startEndpoint } from '../endpoint.ts';
import {
  category,
  entity,
  INFRASTRUCTURE,
  type MediaType,
  make,
  pathOf,
  RENDERINGS,
} from '../lib/operations/payloads.ts';

let endpoint: Endpoint;
let network: string;
beforeAll(async () => {
  endpoint = await startEndpoint();
  network = await make(endpoint, { kind: 'network' });
});
afterAll(() => endpoint.stop());

const COMPUTE = category(`${INFRASTRUCTURE}compute`, 'kind');

/** A request written octet for octet; the answer as Latin-1, one character for each octet. */
async function exchange(...lines: readonly Buffer[]): Promise<string> {
  const { port, host } = new URL(endpoint.url);
  const socket = connect(Number(port), '127.0.0.1');
  const head = Buffer.from(`Host: ${host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  socket.end(Buffer.concat([...lines.flatMap((line) => [line, Buffer.from('\r\n')]), head]));
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}

const line = (text: string) => Buffer.from(text, 'latin1');
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);

/** Creates a machine by header fields; its title has the octets in the middle. */
const create = (octets: Buffer) =>
  exchange(
    line('POST /compute/ HTTP/1.1'),
    line('Content-Type: text/occi'),
    line('Accept: text/occi'),
    line(`Category: ${COMPUTE}`),
    Buffer.concat([line('X-OCCI-Attribute: occi.core.title="a'), octets, line('b"')]),
  );

/** The octets that a GET in text/occi shows of the title. */
async function shownOf(created: string): Promise<Buffer> {
  const location = /^Location: (.*)\r$/im.exec(created)![1]!;
  const shown = await exchange(line(`GET ${pathOf(location)} HTTP/1.1`), line('Accept: text/occi'));
  expect(statusOf(shown)).toBe(200);
  return line(/occi\.core\.title="a(.*?)b"(?:,|\r)/.exec(shown)![1]!);
}

describe('in a header field', () => {
  test('each octet is shown as it was sent, or refused (RFC 9110 §5.5)', async () => {
    const refused: number[] = [];
    for (let octet = 0; octet <= 0xff; octet++) {
      const escaped = octet === 0x22 || octet === 0x5c ? [0x5c, octet] : [octet];
      const created = await create(Buffer.from(escaped));
      if (statusOf(created) === 201) expect([octet, [...(await shownOf(created))]]).toEqual([octet, escaped]);
      else refused.push(octet);
      if (statusOf(created) !== 201) expect([octet, statusOf(created)]).toEqual([octet, 400]);
    }
    // Control characters, and octets that are no UTF-8 on their own.
    const isControl = (octet: number) => octet === 0x7f || (octet < 0x20 && octet !== 0x09);
    expect(refused).toEqual([...Array(256).keys()].filter((octet) => isControl(octet) || octet > 0x7f));
  });

  test.each(['é', 'ÿ', 'Ж', '語', '\u{1f4be}', '\u00a0', '\u2028', '\ufeff'])(
    '%j is shown as its UTF-8',
    async (text) => {
      const octets = Buffer.from(text);
      expect([...(await shownOf(await create(octets)))]).toEqual([...octets]);
    },
  );

  test.each(['\u0080', '\u0085', '\u009f'])('%j is refused: it is a control character', async (text) => {
    const refused = await create(Buffer.from(text));
    expect([statusOf(refused), refused]).toEqual([400, expect.stringMatching(/U\+00[89][0-9A-F]/)]);
  });
});

/** Header fields carry the octets of UTF-8; Node has one character for each. */
const asOctets = (call: Call): Call => ({
  ...call,
  headers: Object.fromEntries(
    Object.entries(call.headers ?? {}).map(([name, value]) => [name, Buffer.from(String(value)).toString('latin1')]),
  ),
});
const asText = (value: string) => Buffer.from(value, 'latin1').toString();

/** All that an answer says, whichever of headers and body says it. */
const contentOf = ({ headers, body }: Reply) =>
  ['category', 'link', 'x-occi-attribute'].map((name) => asText(headers[name] ?? '')).join('\n') + body;

const send = (method: string, path: string, call: Call) => endpoint.send(method, path, asOctets(call));

/** How a text stands within its quotes. */
const inQuotes = (text: string, mediaType: MediaType) =>
  mediaType === 'application/occi+json' ? JSON.stringify(text) : `"${text.replace(/["\\]/g, '\\$&')}"`;

/** What a user can write anything in, on a new machine. `$` is the text; the shown value is the last of the pair. */
const PLACES: Readonly<Record<string, (text: string) => Parameters<typeof entity>[1]>> = {
  title: (text) => ({ attributes: { 'occi.core.title': text } }),
  summary: (text) => ({ attributes: { 'occi.core.summary': text } }),
  'a string attribute': (text) => ({ attributes: { 'occi.compute.hostname': text } }),
  'user data': (text) => ({
    mixins: ['http://schemas.ogf.org/occi/infrastructure/compute#user_data'],
    attributes: { 'occi.compute.userdata': text },
  }),
  'the comment of a key': (text) => ({
    mixins: ['http://schemas.ogf.org/occi/infrastructure/credentials#ssh_key'],
    attributes: { 'occi.credentials.ssh.publickey': `ssh-rsa AAAA ${text}` },
  }),
  'the title of a link': (text) => ({
    links: [{ target: network, kind: 'networkinterface', attributes: { 'occi.core.title': text } }],
  }),
};

/** Any text that is accepted (ADR-5), often of characters that mean something to a rendering. */
const words = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc
      .array(fc.constantFrom('\t', ' ', '"', '\\', ',', ';', '=', '<', 'é', '\u{1f4be}', '\u2028'))
      .map((all) => all.join('')),
  )
  .map((text) => text.replace(/(?!\t)[\p{Cc}\p{Cs}\ufffd]/gu, ''));

describe.each(RENDERINGS)('written in %s', (written) => {
  test.each(Object.entries(PLACES))('%s is shown in every rendering as it was sent', async (_place, wanted) => {
    await fc.assert(
      fc.asyncProperty(words, async (text) => {
        const whole = { kind: 'compute', ...wanted(text) };
        const created = await send('POST', '/compute/', entity(written, whole));
        expect([created.status, created.body]).toEqual([201, created.body]);
        const path = pathOf(created.headers.location!);
        const [value] = Object.values(whole.links?.[0]?.attributes ?? whole.attributes!) as string[];
        for (const accept of RENDERINGS) {
          const shown = await endpoint.send('GET', path, { headers: { Accept: accept } });
          expect([accept, shown.status]).toEqual([accept, 200]);
          expect(contentOf(shown)).toContain(inQuotes(value!, accept));
        }
        await endpoint.send('DELETE', path);
      }),
      { numRuns: 15 },
    );
  });

  test('the title of a mixin is shown in every rendering as it was sent', async () => {
    let next = 0;
    await fc.assert(
      fc.asyncProperty(words, async (title) => {
        const term = `m${next++}`;
        const scheme = `http://example.org/${written.replace(/\W/g, '-')}#`;
        const location = `/of-mine/${written.replace(/\W/g, '-')}/${term}/`;
        const line = `${term}; scheme="${scheme}"; class="mixin"; title=${inQuotes(title, 'text/plain')}; location="${location}"`;
        const headers = { 'Content-Type': written };
        const calls = {
          'text/plain': { headers, body: `Category: ${line}\n` },
          'text/occi': { headers: { ...headers, Category: line } },
          'application/occi+json': { headers, body: JSON.stringify({ mixins: [{ term, scheme, title, location }] }) },
        } as const;
        const made = await send('POST', '/-/', calls[written]);
        expect([made.status, made.body]).toEqual([200, made.body]);
        for (const accept of RENDERINGS) {
          const filter = { Category: `${term}; scheme="${scheme}"`, Accept: accept };
          const shown = await endpoint.send('GET', '/-/', { headers: filter });
          expect(contentOf(shown)).toContain(inQuotes(title, accept));
        }
        await send('DELETE', '/-/', { headers: { Category: `${term}; scheme="${scheme}"; class="mixin"` } });
      }),
      { numRuns: 15 },
    );
  });

  test('the rules of a security group are shown in every rendering as they were sent', async () => {
    await fc.assert(
      fc.asyncProperty(
        words.map((text) => [...text].slice(0, 20).join('')),
        async (port) => {
          const rules = [{ type: 'inbound', protocol: 'tcp', port }];
          const wanted = { kind: 'securitygroup', attributes: { 'occi.securitygroup.rules': rules } };
          const created = await send('POST', '/securitygroup/', entity(written, wanted));
          expect([created.status, created.body]).toEqual([201, created.body]);
          const path = pathOf(created.headers.location!);
          for (const accept of RENDERINGS) {
            const shown = await endpoint.send('GET', path, { headers: { Accept: accept } });
            const json = JSON.stringify(rules);
            expect(contentOf(shown)).toContain(accept === 'application/occi+json' ? json : inQuotes(json, accept));
          }
          await endpoint.send('DELETE', path);
        },
      ),
      { numRuns: 15 },
    );
  });
});
