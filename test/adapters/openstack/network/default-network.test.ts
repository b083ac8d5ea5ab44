/** Networks of computes that are linked to none, by the setting `defaultNetwork`. */
import { afterEach, expect, test } from '@jest/globals';
import { connect, settings } from '../../../../adapters/openstack/index.ts';
import type { Adapter, LinkDraft, Native } from '../../../../lib/adapter/contract.ts';
import { memoryTable } from '../../../../lib/table/memory.ts';
import { EMPTY, end } from '../../../contract/adapter/drafts.ts';
import { fails } from '../../../contract/adapter.ts';
import { type OpenStack, type StandInOptions, startOpenStack } from '../../../openstack/index.ts';
import { CIRROS } from '../alice.ts';

let cloud: OpenStack;
afterEach(() => cloud.close());

const start = async (options: StandInOptions = {}) => {
  cloud = await startOpenStack({ step: 2, ...options });
};

const adapterOf = (more: object = {}, user = 'alice'): Adapter =>
  connect({
    settings: settings.parse({ endpoint: cloud.endpoint, defaultOsTemplate: CIRROS, ...more }),
    site: 'test',
    table: memoryTable(),
    local: true,
  })({ caller: { name: user, credentials: `${user}:${user}-secret` }, deadline: Date.now() + 60_000 });

const makeNetwork = (title: string, user = 'alice') =>
  adapterOf({}, user).kinds.network!.create!(
    { kind: 'network', ...EMPTY, attributes: { 'occi.core.title': title } },
    `network ${title}`,
  );

const create = (more: object = {}, links: readonly LinkDraft[] = [], token = 'token') =>
  adapterOf(more).kinds.compute!.create!({ kind: 'compute', ...EMPTY, links }, token);

const targets = ({ links = [] }: Native<'compute'>) =>
  links.filter(({ kind }) => kind === 'networkinterface').map(({ target }) => target?.id);

/** The link of a compute as soon as it runs: what Nova gave it, not what was asked for. */
async function targetsOfRunning({ id }: Native<'compute'>) {
  const end = Date.now() + 5000;
  for (;;) {
    const now = await adapterOf().kinds.compute!.get(id);
    if (now.attributes['occi.compute.state'] === 'active' || Date.now() > end) return targets(now);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const linkTo = (target: Native): LinkDraft => ({ kind: 'networkinterface', ...EMPTY, target: end(target) });

test('without the setting it has none, though the project has a network', async () => {
  await start();
  await makeNetwork('one');
  expect(await targetsOfRunning(await create())).toEqual([]);
});

test('it is on the network of the setting, whose port goes with it', async () => {
  await start();
  const [one] = [await makeNetwork('one'), await makeNetwork('other')];
  const made = await create({ defaultNetwork: one.id });
  expect(targets(made)).toEqual([one.id]);
  expect(await targetsOfRunning(made)).toEqual([one.id]);
  const adapter = adapterOf();
  await adapter.kinds.compute!.remove!(made.id);
  await adapter.kinds.network!.remove!(one.id);
});

test('it is on the only network of the project', async () => {
  await start();
  await makeNetwork('of a stranger', 'bob');
  const one = await makeNetwork('one');
  expect(await targetsOfRunning(await create({ defaultNetwork: 'only' }))).toEqual([one.id]);
});

test('it has none where the project has none', async () => {
  await start();
  expect(await targetsOfRunning(await create({ defaultNetwork: 'only' }))).toEqual([]);
});

test('it is refused where the project has several, which the answer names', async () => {
  await start();
  const [one] = [await makeNetwork('front'), await makeNetwork('back')];
  const message = await fails(create({ defaultNetwork: 'only' }), 'conflict');
  expect(message).toMatch(/several networks.*\((front, back|back, front)\)\.$/);
  expect(cloud.nova.servers.size).toBe(0);
  expect(targets(await create({ defaultNetwork: 'only' }, [linkTo(one)]))).toEqual([one.id]);
});

test('a repeated create finds what the first one has made, though the project has got another network', async () => {
  await start();
  await makeNetwork('front');
  const made = await create({ defaultNetwork: 'only' });
  await makeNetwork('back');
  expect((await create({ defaultNetwork: 'only' })).id).toBe(made.id);
});

test('it may have a securitygroup and a reserved address there', async () => {
  await start();
  const external = (await adapterOf().kinds.network!.list({})).items.find(({ published }) => published)!.id;
  const joined = await adapterOf({ externalNetwork: external }).kinds.network!.create!(
    { kind: 'network', ...EMPTY },
    'n',
  );
  const reserved = await adapterOf().kinds.ipreservation!.create!({ kind: 'ipreservation', ...EMPTY }, 'a');
  const made = await create({ defaultNetwork: 'only' }, [linkTo(reserved)]);
  expect(targets(made).toSorted()).toEqual([joined.id, reserved.id].toSorted());
  expect(await fails(create({}, [linkTo(reserved)], 'another'), 'invalid')).toContain('without a networkinterface');
});

test('a network of the setting that the project may not use is not the fault of the request', async () => {
  await start();
  const foreign = await makeNetwork('of a stranger', 'bob');
  expect(await fails(create({ defaultNetwork: foreign.id }), 'conflict')).toContain('by default');
  const external = (await adapterOf().kinds.network!.list({})).items.find(({ published }) => published)!.id;
  expect(await fails(create({ defaultNetwork: external }), 'conflict')).toContain('by default');
});

test('what else is refused is the fault of the request: a reader is told of his role, a group is named', async () => {
  await start();
  const { id } = await makeNetwork('own');
  const reader = adapterOf({ defaultNetwork: id }, 'rita').kinds.compute!;
  expect(await fails(reader.create!({ kind: 'compute', ...EMPTY, links: [] }, 'token'), 'forbidden')).toContain('role');
  const group = { kind: 'securitygroup' as const, id: '11111111-1111-4111-8111-111111111111' };
  const link: LinkDraft = { kind: 'securitygrouplink', ...EMPTY, target: group };
  expect(await fails(create({ defaultNetwork: id }, [link]), 'invalid')).toContain('securitygroup');
});

test('after a lost answer there is one compute with one port', async () => {
  await start();
  const one = await makeNetwork('one');
  cloud.badDays.add({ kind: 'lost' }, { service: 'network', method: 'POST', path: '/ports', times: 1 });
  await expect(create({ defaultNetwork: one.id })).rejects.toMatchObject({ unknownOutcome: true });
  const made = await create({ defaultNetwork: one.id });
  await targetsOfRunning(made);
  const response = await fetch(`${cloud.site.origins.network}/v2.0/ports?network_id=${one.id}&fields=device_id`, {
    headers: { 'x-auth-token': cloud.token('alice') },
  });
  const { ports } = (await response.json()) as { ports: { device_id: string }[] };
  expect(ports.filter(({ device_id: device }) => device === made.id)).toHaveLength(1);
  expect(ports.filter(({ device_id: device }) => device === '')).toHaveLength(0);
});

test('a Nova that cannot be told so is never let to choose a network by itself', async () => {
  await start({ microversions: { compute: '2.36' } });
  expect(await targetsOfRunning(await create())).toEqual([]);
  await adapterOf().kinds.compute!.remove!(cloud.nova.servers.keys().next().value!);
  const one = await makeNetwork('front');
  const asked = adapterOf().kinds.compute!.create!({ kind: 'compute', ...EMPTY }, 'another');
  expect(await fails(asked, 'conflict')).toMatch(/^This release .* \(front\)\.$/);
  expect(targets(await create({}, [linkTo(one)]))).toEqual([one.id]);
});
