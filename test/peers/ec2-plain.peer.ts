/**
 * The endpoint in front of an emulator as it is: what a developer looks at by hand (`npm start -- --adapter ec2
 * --endpoint …`).
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import { make, pathOf } from '../lib/operations/payloads.ts';
import { prepare } from './ec2-site.ts';
import { startMoto } from './moto.mjs';

let endpoint: Endpoint;
let stop = () => {};

beforeAll(async () => {
  const known = process.env.MOTO_ENDPOINT;
  const own = known ? undefined : await startMoto();
  stop = () => own?.stop();
  const { settings } = await prepare({ endpoint: known ?? own!.endpoint });
  endpoint = await startEndpoint({ settings: { adapter: { name: 'ec2', site: 'plain', settings } } });
}, 60_000);
afterAll(async () => {
  await endpoint?.stop();
  stop();
});

const listed = async (path: string) =>
  (await endpoint.send('GET', path, { headers: { Accept: 'text/uri-list' } })).body
    .split('\n')
    .filter(Boolean)
    .map(pathOf);

test('a machine with a storage lives its whole life', async () => {
  const machine = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'web' } });
  const shown = await endpoint.send('GET', machine);
  expect([shown.status, shown.body]).toEqual([200, expect.stringContaining('occi.compute.state="active"')]);
  // The root volume is a part of the machine.
  expect(await listed('/storagelink/')).toEqual([]);
  const storage = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 2 } });
  const link = await make(endpoint, {
    kind: 'storagelink',
    attributes: { 'occi.core.source': machine, 'occi.core.target': storage },
  });
  expect(await listed('/storagelink/')).toEqual([link]);
  for (const path of [link, machine, storage]) {
    expect((await endpoint.send('DELETE', path)).status).toBe(200);
    expect((await endpoint.send('GET', path)).status).toBe(404);
  }
});
