/** External networks, of which members have addresses and on which they have no ports. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, settings } from '../../../../adapters/openstack/index.ts';
import type { Adapter, Native } from '../../../../lib/adapter/contract.ts';
import { memoryTable } from '../../../../lib/table/memory.ts';
import { EMPTY, end } from '../../../contract/adapter/drafts.ts';
import { fails } from '../../../contract/adapter.ts';
import { type OpenStack, startOpenStack } from '../../../openstack/index.ts';
import { CIRROS } from '../alice.ts';

let cloud: OpenStack;
let external: Native<'network'>;
let own: Native<'network'>;

const adapterOf = (user = 'alice'): Adapter =>
  connect({
    settings: settings.parse({ endpoint: cloud.endpoint, defaultOsTemplate: CIRROS }),
    site: 'test',
    table: memoryTable(),
    local: true,
  })({ caller: { name: user, credentials: `${user}:${user}-secret` }, deadline: Date.now() + 60_000 });

beforeAll(async () => {
  cloud = await startOpenStack({ step: 2 });
  external = (await adapterOf().kinds.network!.list({})).items.find(({ published }) => published)!;
  own = await adapterOf().kinds.network!.create!({ kind: 'network', ...EMPTY }, 'own');
});
afterAll(() => cloud.close());

const INSTEAD =
  'The network is external: link the new compute to a network of the project, and to this one when it is there.';

const create = (network: Native, user = 'alice') =>
  adapterOf(user).kinds.compute!.create!(
    { kind: 'compute', ...EMPTY, links: [{ kind: 'networkinterface', ...EMPTY, target: end(network) }] },
    `compute of ${user} on ${network.id}`,
  );

test('is shown as external, other than a network of the project', () => {
  const message = 'occi.network.state.message';
  expect(external.attributes[message]).toContain('external');
  expect(own.attributes[message]).toBeUndefined();
});

test('a new compute that is linked to it is refused with what to do', async () => {
  expect(await fails(create(external), 'forbidden')).toBe(INSTEAD);
  expect(cloud.nova.servers.size).toBe(0);
});

test('a reader learns that it is his role that is in the way', async () => {
  expect(await fails(create(own, 'rita'), 'forbidden')).toContain('role');
});
