/** Whatever comes, the answer is no 500, in a media type that we serve, with a request id; and the server goes on. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Endpoint, type Reply, startEndpoint } from '../endpoint.ts';
import { CRTP, entity, INFRASTRUCTURE, make, RENDERINGS } from '../lib/operations/payloads.ts';
import { inHeader, mutated, piece, validWrites } from './mutations.ts';

let endpoint: Endpoint;
let web: string;
let disk: string;
beforeAll(async () => {
  endpoint = await startEndpoint();
  web = await make(endpoint, { kind: 'compute' });
  disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
});
afterAll(() => endpoint.stop());

const RUNS = 300;
const SERVED = /^(text\/(plain|occi|occi\+plain|uri-list)|application\/(occi\+json|json))(;|$)/;
/** What the gateway refuses by itself bears no mark of ours: heads too long, paths that cannot be decoded. */
const fromGateway = ({ status, headers }: Reply) => [400, 431].includes(status) && headers.server === undefined;

function sound(reply: Reply): void {
  if (fromGateway(reply)) return;
  expect(reply.status === 501 || reply.status < 500 ? 'fine' : `${reply.status} ${reply.body}`).toBe('fine');
  expect(reply.headers['content-type']).toMatch(SERVED);
  expect(reply.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(reply.headers.server).toContain('OCCI/1.2');
  if (reply.headers['content-type']!.includes('json') && reply.body !== '') JSON.parse(reply.body);
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'] as const;
const method = fc.constantFrom(...METHODS);
const accept = fc.constantFrom(...RENDERINGS, 'text/uri-list', 'application/json', '*/*', 'text/html');

const valid = () => validWrites(web, disk);
const anyOf = fc.nat({ max: RENDERINGS.length * 12 - 1 });

test('bodies that were valid before they were changed', async () => {
  const property = fc.asyncProperty(
    anyOf.chain((n) => {
      const [how, path, call] = valid()[n]!;
      return fc.record({
        how: fc.constant(how),
        path: fc.constant(path),
        call: fc.constant(call),
        body: mutated(String(call.body ?? '')),
        answer: accept,
      });
    }),
    async ({ how, path, call, body, answer }) => {
      sound(await endpoint.send(how, path, { headers: { ...call.headers, Accept: answer }, body: Buffer.from(body) }));
    },
  );
  await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: 8000 });
}, 15_000);

test('headers that were valid before they were changed', async () => {
  const property = fc.asyncProperty(
    anyOf,
    fc.string({ maxLength: 3 }),
    fc.infiniteStream(mutated('')),
    accept,
    fc.nat(),
    async (n, more, _, answer, seed) => {
      const [how, path, call] = valid()[n]!;
      const headers = Object.fromEntries(
        Object.entries({ ...call.headers, Accept: answer }).map(([name, value]) => [
          name,
          inHeader(fc.sample(mutated(String(value)), { numRuns: 1, seed })[0]! + more),
        ]),
      );
      sound(await endpoint.send(how, path, { ...call, headers }));
    },
  );
  await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: 8000 });
}, 15_000);

test('bodies of any bytes, whatever they claim to be', async () => {
  const type = fc.oneof(
    fc.constantFrom(...RENDERINGS, 'application/json', 'text/occi+plain', 'text/uri-list', ''),
    fc.string({ maxLength: 10 }).map(inHeader),
  );
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc.array(piece, { maxLength: 30 }).map((all) => Buffer.from(all.join(''))),
  );
  const property = fc.asyncProperty(
    fc.constantFrom('POST', 'PUT', 'DELETE', 'GET'),
    fc.constantFrom('/compute/', '/', '/-/', '/compute/any', '/mixin/os_tpl/', '/storagelink/'),
    type,
    body,
    async (how, path, contentType, bytes) => {
      sound(
        await endpoint.send(how, path, { headers: contentType ? { 'Content-Type': contentType } : {}, body: bytes }),
      );
    },
  );
  await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: 8000 });
}, 15_000);

test('paths and queries of any kind, with every method', async () => {
  const segment = fc.oneof(
    fc.string({ maxLength: 8 }),
    piece,
    fc.constantFrom(
      'compute',
      '-',
      'mixin',
      'os_tpl',
      '.well-known',
      'org',
      'ogf',
      'occi',
      '',
      '.',
      '..',
      'constructor',
    ),
  );
  const path = fc.array(segment, { maxLength: 5 }).map((all) => `/${all.join('/')}`);
  const query = fc.array(
    fc.tuple(
      fc.constantFrom('page', 'number', 'action', '__proto__', ''),
      fc.oneof(fc.string({ maxLength: 6 }), fc.integer().map(String)),
    ),
    { maxLength: 3 },
  );
  const encoded = (text: string) =>
    [...Buffer.from(text)]
      .map((byte) =>
        /[A-Za-z0-9/._~-]/.test(String.fromCharCode(byte))
          ? String.fromCharCode(byte)
          : `%${byte.toString(16).padStart(2, '0')}`,
      )
      .join('');
  const property = fc.asyncProperty(method, path, query, accept, async (how, target, pairs, answer) => {
    const search = pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
    const call = how === 'POST' || how === 'PUT' ? entity('text/plain', { kind: 'compute' }) : {};
    sound(
      await endpoint.send(how, `${encoded(target)}?${search}`, {
        ...call,
        headers: { ...call.headers, Accept: answer },
      }),
    );
  });
  await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: 8000 });
}, 15_000);

test('JSON of any shape under the names that mean something', async () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  const members = fc.dictionary(
    fc.constantFrom(
      'kind',
      'mixins',
      'attributes',
      'links',
      'id',
      'title',
      'summary',
      'source',
      'target',
      'actions',
      'action',
      'resources',
      'kinds',
      'rel',
      'location',
      '__proto__',
    ),
    fc.oneof(
      value,
      fc.constant(`${INFRASTRUCTURE}compute`),
      fc.constant([`${CRTP}small`]),
      fc.array(
        fc.dictionary(
          fc.constantFrom('kind', 'target', 'attributes', 'term', 'scheme', 'location', 'id'),
          fc.oneof(value, fc.constant(`${INFRASTRUCTURE}storagelink`)),
        ),
        { maxLength: 2 },
      ),
    ),
  );
  const property = fc.asyncProperty(
    members,
    fc.constantFrom<[string, string]>(
      ['POST', '/compute/'],
      ['PUT', '/compute/any'],
      ['POST', '/'],
      ['POST', '/-/'],
      ['DELETE', '/-/'],
      ['POST', '/mixin/os_tpl/'],
      ['PUT', '/mixin/os_tpl/'],
      ['POST', '/compute/?action=stop'],
    ),
    async (object, [how, path]) => {
      sound(
        await endpoint.send(how, path, {
          headers: { 'Content-Type': 'application/occi+json' },
          body: JSON.stringify({ kind: `${INFRASTRUCTURE}compute`, ...object }),
        }),
      );
    },
  );
  await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: 8000 });
}, 15_000);

test('after all that the endpoint still answers', async () => {
  for (const path of ['/', '/-/', '/compute/', '/mixin/os_tpl/']) {
    for (const mediaType of RENDERINGS)
      expect((await endpoint.send('GET', path, { headers: { Accept: mediaType } })).status).toBeLessThan(407);
  }
});
