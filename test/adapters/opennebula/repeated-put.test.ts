/** A PUT can be repeated: omitting a value that oned assigned itself does not remove it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { entity, pathOf, type Wanted } from '../../lib/operations/payloads.ts';
import { type OpenNebula, startOpenNebula } from '../../oned/index.ts';

const IP_NETWORK = 'http://schemas.ogf.org/occi/infrastructure/network#ipnetwork';
const MAC = 'occi.networkinterface.mac';
const JSON_TYPE = 'application/occi+json';

let one: OpenNebula;
let endpoint: Endpoint;

beforeAll(async () => {
  one = await startOpenNebula({ step: 1 });
  one.site.anyoneMakesNetworks = true;
  const settings = { endpoint: one.endpoint, defaultOsTemplate: 0, network: { vnMad: 'dummy', bridge: 'br0' } };
  endpoint = await startEndpoint({
    settings: { adapter: { name: 'opennebula', site: 'test', settings }, auth: ['basic'] },
  });
});
afterAll(async () => {
  await endpoint.stop();
  await one.close();
});

const Authorization = `Basic ${Buffer.from('alice:password').toString('base64')}`;

async function send(method: string, path: string, wanted?: Wanted) {
  const { headers = {}, body } = wanted ? entity('text/plain', wanted) : {};
  const reply = await endpoint.send(method, path, {
    headers: { Accept: JSON_TYPE, ...headers, Authorization },
    ...(body !== undefined && { body }),
  });
  one.site.steps.settle();
  return reply;
}

const make = async (wanted: Wanted & { readonly kind: string }) =>
  pathOf((await send('POST', `/${wanted.kind}/`, wanted)).headers.location!);

test('an interface keeps its MAC address when the PUT that made it is repeated', async () => {
  const attributes = { 'occi.network.address': '10.77.0.0/24', 'occi.network.gateway': '10.77.0.1' };
  const target = await make({ kind: 'network', mixins: [IP_NETWORK], attributes });
  const source = await make({ kind: 'compute' });
  const ends = { 'occi.core.source': source, 'occi.core.target': target };
  const link = { kind: 'networkinterface', attributes: ends };
  const statuses = [
    (await send('PUT', '/networkinterface/chosen', link)).status,
    (await send('PUT', '/networkinterface/chosen', link)).status,
  ];
  expect(statuses).toEqual([201, 200]);
  const { attributes: shown } = JSON.parse((await send('GET', '/networkinterface/chosen')).body);
  expect(shown[MAC]).toMatch(/^[0-9a-f:]{17}$/);
});

test('another MAC address is 501: oned changes none', async () => {
  const { status, body } = await send('POST', '/networkinterface/chosen', {
    kind: 'networkinterface',
    attributes: { [MAC]: '02:00:0a:4d:00:63' },
  });
  expect([status, body]).toEqual([501, expect.stringContaining(MAC)]);
});
