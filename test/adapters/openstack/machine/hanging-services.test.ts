/** While Neutron takes calls and never answers: what a compute can do without is not waited for as long as a call may take. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { newShelves } from '../../../../adapters/openstack/catalogue/shelf.ts';
import type { Cloud } from '../../../../adapters/openstack/cloud.ts';
import { compute } from '../../../../adapters/openstack/compute/compute.ts';
import { server } from '../../../../adapters/openstack/native/server.ts';
import { Tokens } from '../../../../lib/adapter/tokens.ts';
import { OcciError } from '../../../../lib/errors.ts';

/** What a call gets by default: `timeout` of the settings. */
const TIMEOUT_MS = 20_000;
const ID = '11111111-1111-4111-8111-111111111111';
const PROJECT = 'alpha';

let nowMs: number;
beforeEach(() => {
  nowMs = 1_800_000_000_000;
  jest.spyOn(Date, 'now').mockImplementation(() => nowMs);
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** Nova answers at once, Neutron never does. */
function hanging() {
  const addresses = { net: [{ version: 4, addr: '203.0.113.7', 'OS-EXT-IPS:type': 'floating' }] };
  const native = server.parse({
    id: ID,
    status: 'ACTIVE',
    tenant_id: PROJECT,
    created: '2026-01-01T00:00:00Z',
    addresses,
    metadata: { 'occi.ports.0': '33333333-3333-4333-8333-333333333333' },
  });
  const answers: Readonly<Record<string, unknown>> = {
    'GET servers/{}': { server: native },
    'GET flavors/detail': { flavors: [], flavors_links: [] },
    'GET os-availability-zone': { availabilityZoneInfo: [] },
    'DELETE servers/{}': undefined,
  };
  const sent: string[] = [];
  const call = async (
    ...[service, method, path, , { end = nowMs + TIMEOUT_MS } = {}]: Parameters<Cloud['client']['call']>
  ) => {
    const name = `${method} ${path.name}`;
    sent.push(name);
    if (service === 'compute') return { status: 200, headers: {}, value: answers[name] };
    await Promise.resolve();
    nowMs = Math.max(nowMs, end);
    throw new OcciError('timedOut', 'The cloud did not answer in time.');
  };
  const read = async (...[service, path, shape, options]: Parameters<Cloud['client']['read']>) =>
    (await call(service, 'GET', path, shape, options)).value;
  const session = {
    userId: 'alice',
    projectId: PROJECT,
    roles: [],
    endpoints: { compute: '', network: '' },
  };
  const cloud = {
    client: { call, read },
    session: async () => session,
    shelves: newShelves(),
    tokens: new Tokens(),
    settings: { page: 500 },
  } as unknown as Cloud;
  return { kind: compute(cloud), sent };
}

test('a compute is shown after 5 seconds, without the links that cannot be read', async () => {
  const { kind } = hanging();
  const started = nowMs;
  const { attributes, links } = await kind.get(ID);
  expect(attributes['occi.compute.state.message']).toBe(
    'Its networkinterfaces and securitygrouplinks cannot be read at the moment.',
  );
  expect([links, nowMs - started]).toEqual([[], 5000]);
});

test('a compute that is read and deleted is gone within 11 seconds', async () => {
  const { kind, sent } = hanging();
  const started = nowMs;
  await kind.get(ID);
  await kind.remove!(ID);
  expect(sent.at(-1)).toBe('DELETE servers/{}');
  expect(nowMs - started).toBe(11_000);
});
