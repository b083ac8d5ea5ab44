/** While one service is down, kinds that need it are 503 and the others go on. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PREFIX } from '../../../lib/mapping/rows.ts';
import type { KindTerm } from '../../../lib/occi/kinds/index.ts';
import { partitionsOf } from '../../../lib/table/partition-keys.ts';
import { PROJECTS } from '../../openstack/seed.ts';
import { type Alice, CIRROS, startAlice } from './alice.ts';

const INFRASTRUCTURE = 'http://schemas.ogf.org/occi/infrastructure#';
const SERVICES = ['compute', 'network', 'volume', 'image'] as const;
type Service = (typeof SERVICES)[number];

/** What a listing of each kind needs. */
const NEEDS: { readonly [K in KindTerm]: readonly Service[] } = {
  compute: ['compute'],
  storage: ['volume'],
  network: ['network'],
  securitygroup: ['network'],
  ipreservation: ['network'],
  networkinterface: ['compute', 'network'],
  storagelink: ['compute', 'volume'],
  securitygrouplink: ['compute', 'network'],
};
/** Attributes that a create needs. */
const CREATES = { storage: ['X-OCCI-Attribute: occi.storage.size=1'], network: [], securitygroup: [] } as const;

let alice: Alice;
beforeEach(async () => {
  alice = await startAlice();
});
afterEach(() => alice.stop());

const json = { accept: 'application/occi+json' };

const list = async (kind: KindTerm) => (await alice.endpoint.send('GET', `/${kind}/`, { headers: json })).status;

const create = (kind: string, lines: readonly string[] = []) =>
  alice.endpoint.send('POST', `/${kind}/`, {
    headers: { 'content-type': 'text/plain', accept: 'text/plain' },
    body: [`Category: ${kind}; scheme="${INFRASTRUCTURE}"; class="kind"`, ...lines].join('\n'),
  });

async function startMachine(): Promise<string> {
  const network = (await create('network')).headers.location!;
  const rel = `rel="${INFRASTRUCTURE}network"; category="${INFRASTRUCTURE}networkinterface"`;
  const { headers } = await create('compute', [`Link: <${new URL(network).pathname}>; ${rel}`]);
  await alice.cloud.site.steps.settle();
  return new URL(headers.location!).pathname;
}

const machineAt = async (path: string) =>
  JSON.parse((await alice.endpoint.send('GET', path, { headers: json })).body) as {
    readonly attributes: { readonly 'occi.compute.state.message'?: string };
    readonly links?: readonly unknown[];
  };

describe.each(SERVICES)('While %s is down', (service) => {
  test.each([
    ['to a process that knows nothing yet', false],
    ['to one that has read the catalogue', true],
  ])('discovery and the other kinds are there, %s', async (_, isWarm) => {
    if (isWarm) await alice.endpoint.send('GET', '/-/');
    await alice.cloud.stop(service);
    expect((await alice.endpoint.send('GET', '/-/')).status).toBe(200);
    for (const [kind, needs] of Object.entries(NEEDS) as [KindTerm, readonly Service[]][])
      expect([kind, await list(kind)]).toEqual([kind, needs.includes(service) ? 503 : 200]);
    for (const [kind, lines] of Object.entries(CREATES) as [keyof typeof CREATES, readonly string[]][])
      expect([kind, (await create(kind, lines)).status]).toEqual([kind, NEEDS[kind].includes(service) ? 503 : 201]);
  });
});

test.each([
  ['network', 'Its networkinterfaces and securitygrouplinks cannot be read at the moment.', 0],
  ['volume', 'Its storagelinks cannot be read at the moment.', 2],
] as const)('A machine says which of its links are missing while %s is down', async (service, says, links) => {
  const path = await startMachine();
  const before = await machineAt(path);
  expect([before.attributes['occi.compute.state.message'], before.links?.length]).toEqual([undefined, 2]);
  await alice.cloud.stop(service);
  const { resources } = JSON.parse((await alice.endpoint.send('GET', '/compute/', { headers: json })).body);
  expect(resources[0].attributes['occi.compute.state.message']).toBe(says);
  expect(resources[0].links ?? []).toHaveLength(links);
  if (service === 'network') expect(await machineAt(path)).toEqual(resources[0]);
  await alice.cloud.resume(service);
  expect(await machineAt(path)).toEqual(before);
});

/** What the table has of entities that are not deleted. */
async function rows(): Promise<readonly string[]> {
  const pk = partitionsOf('openstack', 'test').tenant(PROJECTS.alpha);
  const { table } = alice.endpoint;
  const pages = await Promise.all([PREFIX.mapping, PREFIX.annotation, PREFIX.alias].map((one) => table.query(pk, one)));
  return pages.flatMap(({ items }) => items.filter(({ deleted }) => deleted !== true).map(({ sk }) => sk));
}

test('A machine that is deleted while the network service is down leaves no row of its links', async () => {
  const tag = 'tag; scheme="http://example.org/mine#"; class="mixin"';
  const body = `Category: ${tag}; location="/mine/"`;
  const text = { 'content-type': 'text/plain' };
  expect((await alice.endpoint.send('POST', '/-/', { headers: text, body })).status).toBe(200);
  await startMachine();
  const before = await rows();
  const path = await startMachine();
  const [link] = (await machineAt(path)).links as readonly { readonly id: string }[];
  const tagged = `X-OCCI-Location: /networkinterface/${link!.id.replace('urn:uuid:', '')}`;
  expect((await alice.endpoint.send('POST', '/mine/', { headers: text, body: tagged })).status).toBe(200);
  await alice.cloud.stop('network');
  expect((await alice.endpoint.send('DELETE', path)).status).toBe(200);
  // Its network stays.
  const after = await rows();
  expect(after.filter((row) => !before.includes(row))).toHaveLength(1);
  expect(before.filter((row) => !after.includes(row))).toEqual([]);
});

test('A template that the catalogue lacks while its service is down is 503, not unknown', async () => {
  await alice.cloud.stop('image');
  const template = `Category: ${CIRROS}; scheme="http://schemas.openstack.org/template/os#"; class="mixin"`;
  const { status, headers, body } = await create('compute', [template]);
  expect([status, headers['retry-after']]).toEqual([503, '15']);
  expect(body).toContain('a part of the cloud does not answer');
});

test.each([
  ['kind', `Category: compuet; scheme="${INFRASTRUCTURE}"; class="kind"`, `did you mean ${INFRASTRUCTURE}compute?`],
  ['mixin of nobody', 'Category: nothing; scheme="http://example.org/tags#"; class="mixin"', 'is not known here'],
  [
    'size',
    'Category: huge; scheme="http://schemas.openstack.org/template/resource#"; class="mixin"',
    'is not known here',
  ],
])('An unknown %s is as unknown as ever while the images cannot be read', async (_, line, says) => {
  await alice.cloud.stop('image');
  const { status, body } = await create('compute', [line]);
  expect([status, body]).toEqual([400, expect.stringContaining(says)]);
});
