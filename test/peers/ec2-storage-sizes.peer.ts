/** The endpoint in front of EC2, whose volumes have whole GiB: what is asked for is rounded up everywhere alike. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Ec2Proxy } from '../ec2-proxy/index.ts';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import { action, attribute, send, storage, usage } from '../lib/quota/containers.ts';
import { startEc2 } from './ec2.ts';
import { prepare } from './ec2-site.ts';

let proxy: Ec2Proxy;
let endpoint: Endpoint;
beforeAll(async () => {
  proxy = await startEc2();
  const { settings } = await prepare(proxy);
  const adapter = { name: 'ec2', site: 'test', settings };
  endpoint = await startEndpoint({ settings: { adapter, limits: { perTenant: { storage: 3 } } } });
}, 60_000);
afterAll(async () => {
  await endpoint?.stop();
  await proxy?.stop();
});

/** What a request changes in EC2. */
async function changesBy(request: () => Promise<unknown>): Promise<readonly string[]> {
  const before = proxy.actions().length;
  await request();
  return proxy
    .actions()
    .slice(before)
    .filter((call) => !call.startsWith('Describe'));
}

const PATH = '/storage/half';
const get = () => endpoint.send('GET', PATH);
const used = async () => (await usage(endpoint)).storage.used;
const put = async (gib: number) => (await send(endpoint, 'PUT', PATH, storage(gib))).status;
const post = async (gib: number) => (await send(endpoint, 'POST', PATH, attribute(`occi.storage.size=${gib}`))).status;
const resize = async (gib: number) =>
  (await send(endpoint, 'POST', `${PATH}?action=resize`, action('resize', 'storage', attribute(`size=${gib}`)))).status;

test('A storage of 1.5 GiB has 2 and counts as 2', async () => {
  expect(await put(1.5)).toBe(201);
  expect((await get()).body).toContain('occi.storage.size=2.0');
  expect(await used()).toBe(2);
});

test('The same request again changes nothing, nor does one for the size that it has', async () => {
  const { etag } = (await get()).headers;
  const changes = await changesBy(async () => {
    expect([await put(1.5), await put(2), await post(1.1), await resize(1.2)]).toEqual([200, 200, 200, 200]);
  });
  expect(changes).toEqual([]);
  expect((await get()).headers.etag).toBe(etag);
  expect(await used()).toBe(2);
});

test('It grows by whole GiB, within the quota, and never shrinks', async () => {
  const more = await send(endpoint, 'POST', '/storage/', storage(1.1));
  expect([more.status, more.body]).toEqual([403, expect.stringContaining('2 are used and the request needs 2')]);
  expect(await resize(3.1)).toBe(403);
  expect(await post(2.1)).toBe(200);
  expect((await get()).body).toContain('occi.storage.size=3.0');
  expect(await used()).toBe(3);
  expect([await post(1.9), await put(2), await resize(2)]).toEqual([409, 409, 409]);
  expect(await used()).toBe(3);
});
