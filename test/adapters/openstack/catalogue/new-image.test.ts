/** An image that is uploaded at Glance can be used at once, though the catalogue of the project is kept. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { imageMixinId } from '../../../../adapters/openstack/mixins.ts';
import { entity, read } from '../../../lib/operations/payloads.ts';
import { Stage } from '../../../openstack/stage.ts';
import { type Alice, startAlice } from '../alice.ts';

let alice: Alice;
let passed = 0;
beforeEach(async () => {
  const now = Date.now.bind(Date);
  jest.spyOn(Date, 'now').mockImplementation(() => now() + passed);
  alice = await startAlice();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await alice.stop();
});

const catalogueCalls = (calls: readonly string[]): readonly string[] =>
  calls.filter((call) => /GET \/v2(\.1)?\/(images|flavors)/.test(call)).map((call) => call.split('?')[0]!);

test('An image is made by Glance and named in a create: one reading more, and none for the next', async () => {
  expect((await alice.endpoint.send('GET', '/-/')).status).toBe(200);
  const stage = new Stage(alice.cloud);
  const body = { name: 'fresh', disk_format: 'raw', container_format: 'bare' };
  const { id } = await stage.call<{ id: string }>('alice', 'image', 'POST', '/v2/images', { body });
  const headers = { 'content-type': 'application/octet-stream' };
  await stage.call('alice', 'image', 'PUT', `/v2/images/${id}/file`, { body: 'x', headers });
  passed = 60_000;
  const create = () =>
    alice.endpoint.send('POST', '/compute/', entity('text/plain', { kind: 'compute', mixins: [imageMixinId(id)] }));
  let made = '';
  const calls = await alice.cloud.callsOf(async () => {
    const reply = await create();
    expect([reply.status, reply.body]).toEqual([201, expect.any(String)]);
    made = new URL(reply.headers.location!).pathname;
  });
  expect(catalogueCalls(calls)).toEqual(['image GET /v2/images', 'compute GET /v2.1/flavors/detail']);
  expect((await read(alice.endpoint, made)).mixins).toContain(imageMixinId(id));
  const next = await alice.cloud.callsOf(async () => {
    expect((await create()).status).toBe(201);
  });
  expect(catalogueCalls(next)).toEqual([]);
});
