/** GET of more machines than are shown as a whole: they are read and written page by page. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, type Reply, startEndpoint } from '../../endpoint.ts';
import { type OpenNebula, startOpenNebula } from '../../oned/index.ts';

const MACHINES = 2100;
const PAGE = 700;
/** The stand-in makes 15 MB of XML for each of these listings. */
const TIMEOUT_MS = 120_000;

let one: OpenNebula;
let endpoint: Endpoint;

const as = (headers: Readonly<Record<string, string>>) => ({
  headers: { ...headers, Authorization: `Basic ${Buffer.from('alice:password').toString('base64')}` },
});
const json = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  endpoint.send('GET', path, as({ Accept: 'application/occi+json', ...headers }));

const locations = async (): Promise<readonly string[]> => {
  const { body } = await endpoint.send('GET', '/compute/', as({ Accept: 'text/uri-list' }));
  return body
    .split(/\r?\n/)
    .filter(Boolean)
    .map((url) => new URL(url).pathname);
};

const pathsIn = ({ body }: Reply): readonly string[] =>
  JSON.parse(body).resources.map(({ id }: { id: string }) => id.replace('urn:uuid:', '/compute/'));

let listing: Reply;
let calls: readonly string[];

beforeAll(async () => {
  one = await startOpenNebula({ step: 1 });
  const settings = { endpoint: one.endpoint, page: PAGE };
  endpoint = await startEndpoint({
    settings: { adapter: { name: 'opennebula', site: 'test', settings }, auth: ['basic'] },
  });
  one.fill(MACHINES, { template: 'NAME = "machine #"\nCPU = "1"\nMEMORY = "2048"' });
  const before = one.methods.length;
  listing = await json('/compute/');
  calls = one.methods.slice(before);
}, TIMEOUT_MS);
afterAll(async () => {
  await endpoint.stop();
  await one.close();
});

describe('A listing of 2,100 machines in JSON', () => {
  test('has all of them, whole, in the order of the locations, with one call a page', async () => {
    expect(calls).toEqual(['one.user.info', ...Array(MACHINES / PAGE).fill('one.vmpool.infoextended')]);
    const paths = pathsIn(listing);
    expect(paths).toHaveLength(MACHINES);
    expect(paths).toEqual(await locations());
    const last = JSON.parse((await json(paths.at(-1)!)).body);
    expect(JSON.parse(listing.body).resources.at(-1)).toEqual(last);
  });

  test(
    'is 304 for who has it',
    async () => {
      const { etag } = listing.headers;
      const again = await json('/compute/', { 'If-None-Match': etag! });
      expect([again.status, again.headers.etag, again.body]).toEqual([304, etag, '']);
    },
    TIMEOUT_MS,
  );

  test(
    'has the tag that a change of the collection is compared with',
    async () => {
      const changed = await endpoint.send('POST', '/compute/?action=nonsense', {
        ...as({ 'Content-Type': 'text/plain', 'If-Match': listing.headers.etag! }),
        body: 'Category: nonsense; scheme="http://x#"; class="action"',
      });
      // The tag is right, the action is not.
      expect(changed.status).toBe(400);
    },
    TIMEOUT_MS,
  );

  test(
    'does not have one that was deleted, and has another tag then',
    async () => {
      const path = pathsIn(listing)[2]!;
      expect((await endpoint.send('DELETE', path, as({}))).status).toBe(200);
      const after = await json('/compute/');
      expect(pathsIn(after)).toEqual(pathsIn(listing).filter((one) => one !== path));
      expect(after.headers.etag).not.toBe(listing.headers.etag);
    },
    TIMEOUT_MS,
  );
});
