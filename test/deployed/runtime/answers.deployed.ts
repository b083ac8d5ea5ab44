/** The functions of the package in AWS's runtime interface emulator: events of a gateway in, answers out. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type OpenNebula, startOpenNebula } from '../../oned/index.ts';
import { type Functions, startFunctions } from './functions.ts';

/** What Lambda hands over at most: 6 MiB, as the emulator counts. */
const LAMBDA_LIMIT_BYTES = 6 * 1024 * 1024;
const STORAGE = 'http://schemas.ogf.org/occi/infrastructure#storage';
const JSON_TYPE = 'application/occi+json';

const storage = (attributes: object = {}) => ({
  headers: { 'content-type': JSON_TYPE },
  body: JSON.stringify({ kind: STORAGE, attributes: { 'occi.storage.size': 1, ...attributes } }),
});
const pathOf = ({ headers: { Location = '' } }: { readonly headers: Readonly<Record<string, string>> }): string =>
  new URL(Location).pathname;

describe('the embedded cloud', () => {
  let functions: Functions;

  beforeAll(async () => {
    functions = await startFunctions({
      settings: {
        adapter: { name: 'dummy', site: 'test', settings: {} },
        auth: [{ gateway: { from: 'jwt', everybody: true } }],
        limits: { perTenant: { cores: 1000 } },
      },
      parameters: { authorizer: 'jwt', jwtIssuer: 'https://idp.example.org', jwtAudience: 'occi' },
    });
  }, 120_000);

  afterAll(() => functions?.stop());

  test('an entity is made, read and deleted; only the first event waits for the start', async () => {
    const made = await functions.send('POST', '/storage/', storage());
    expect(made.statusCode).toBe(201);
    const path = pathOf(made);
    const shown = await functions.send('GET', path, { headers: { accept: JSON_TYPE } });
    expect([shown.statusCode, JSON.parse(shown.body).attributes['occi.storage.size']]).toEqual([200, 1]);
    expect((await functions.send('DELETE', path)).statusCode).toBe(200);
    expect((await functions.send('GET', path)).statusCode).toBe(404);
    expect(functions.log('storage').match(/Init Duration/g)).toHaveLength(1);
  }, 60_000);

  test.each([
    ['discovery', '/-/', 200],
    ['compute', '/compute/', 200],
    ['network', '/network/', 200],
    ['links', '/storagelink/', 200],
    ['account', '/.well-known/quota', 200],
    ['identity', '/v3', 404],
    ['paths', '/', 200],
  ])(
    '%s answers GET %s with %i',
    async (name, path, status) => {
      expect((await functions.send('GET', path)).statusCode).toBe(status);
      expect(functions.log(name)).toContain('Init Duration');
    },
    60_000,
  );

  test('a listing over what Lambda hands over comes in pages that are under it', async () => {
    // A quote is four bytes of the payload, which is JSON in JSON.
    const summary = { 'occi.core.summary': '"'.repeat(4096) };
    const count = Math.ceil(LAMBDA_LIMIT_BYTES / (4096 * 4)) + 8;
    const wanted = new Set<string>();
    for (let left = count; left > 0; left--)
      wanted.add(pathOf(await functions.send('POST', '/storage/', storage(summary))));
    const seen = new Set<string>();
    const sizes: number[] = [];
    for (let path: string | undefined = '/storage/'; path; ) {
      const { statusCode, headers, body } = await functions.send('GET', path, { headers: { accept: JSON_TYPE } });
      expect(statusCode).toBe(200);
      sizes.push(Buffer.byteLength(JSON.stringify({ statusCode, headers, body })));
      for (const { id } of JSON.parse(body).resources) seen.add(`/storage/${id.replace('urn:uuid:', '')}`);
      const [, next] = /<([^>]+)>; *rel="?next/.exec(headers.Link ?? '') ?? [];
      path = next && new URL(next).pathname + new URL(next).search;
    }
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(LAMBDA_LIMIT_BYTES);
    expect(seen).toEqual(wanted);
  }, 240_000);
});

describe('OpenNebula', () => {
  /** Less than one native call may take: what ends the request is its own deadline, a second earlier. */
  const TIMEOUT_SECONDS = 8;
  let one: OpenNebula;
  let functions: Functions;

  beforeAll(async () => {
    one = await startOpenNebula({ step: 0 });
    const settings = { endpoint: one.endpoint, defaultOsTemplate: 0 };
    functions = await startFunctions(
      { settings: { adapter: { name: 'opennebula', site: 'test', settings }, auth: ['basic'] } },
      { timeoutSeconds: TIMEOUT_SECONDS },
    );
  }, 120_000);

  afterAll(async () => {
    await functions?.stop();
    await one?.close();
  });

  const headers = { authorization: `Basic ${btoa('alice:password')}` };

  test('a cloud that does not answer is 504 before Lambda ends the function, which serves the next event', async () => {
    expect((await functions.send('GET', '/storage/', { headers })).statusCode).toBe(200);
    one.badDays.add({ kind: 'silent' }, { times: 1 });
    expect((await functions.send('GET', '/storage/', { headers })).statusCode).toBe(504);
    expect((await functions.send('GET', '/storage/', { headers })).statusCode).toBe(200);
    const log = functions.log('storage');
    expect(log.match(/Init Duration/g)).toHaveLength(1);
    expect(log).not.toMatch(/Task timed out|Unhandled/);
  }, 90_000);
});
