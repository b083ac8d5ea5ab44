/** A request for all that there is reads machines once, though four kinds are made of them. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { list } from '../../../lib/operations/payloads.ts';
import { asked, lan } from '../../../openstack/nova/scenes/stage.ts';
import { Stage } from '../../../openstack/stage.ts';
import { type Alice, startAlice } from '../alice.ts';

let alice: Alice;
let stage: Stage;
beforeEach(async () => {
  alice = await startAlice({ quotas: false }, { page: 10 });
  stage = new Stage(alice.cloud);
  await lan(stage);
});
afterEach(() => alice.stop());

const start = async (count: number): Promise<void> => {
  await asked(stage, { name: 'many', min_count: count, max_count: count });
  await alice.cloud.site.steps.settle();
};

/** Calls by their service and path, without those of the catalogue and of other kinds. */
async function callsOf(path: string, accept: string): Promise<Record<string, number>> {
  const calls = await alice.cloud.callsOf(async () => {
    const { status } = await alice.endpoint.send('GET', path, { headers: { accept } });
    expect(status).toBe(200);
  });
  const names = calls
    .map((line) => line.replace(/\?.*/, '').replace(/ GET .*\/(?=(servers|volumes|ports|floatingips)\b)/, ' '))
    .filter((name) => /^compute servers|^volume volumes|^network (ports|floatingips)$/.test(name));
  return Object.fromEntries(
    [...new Set(names)].sort().map((name) => [name, names.filter((one) => one === name).length]),
  );
}

const JSON_TYPE = 'application/occi+json';
const machines = (pages: number) => ({
  'compute servers/detail': pages,
  'network floatingips': 1,
  'network ports': 1,
  'volume volumes/detail': 1,
});

/** What kinds of their own read besides. */
const OWN = { 'network floatingips': 1, 'volume volumes/detail': 1 } as const;

const plus = (one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(one).map(([name, calls]) => [name, calls + (other[name] ?? 0)]));

test.each([
  [1, 1],
  [25, 3],
])('of %i machines', async (count, pages) => {
  await start(count);
  expect(await callsOf('/compute/', JSON_TYPE)).toEqual(machines(pages));
  // By then the process knows the machines, and asks for what is being built and what has changed: all of them just now.
  const known = machines(1 + pages);
  expect(await callsOf('/', JSON_TYPE)).toEqual(plus(known, OWN));
  expect(await callsOf('/link/', JSON_TYPE)).toEqual(known);
  expect(await callsOf('/link/', 'text/uri-list')).toEqual(known);
});

test.each([
  ['/', JSON_TYPE, OWN],
  ['/link/', JSON_TYPE, {}],
  ['/link/', 'text/plain', {}],
])('GET %s as %s reads each page of a process that knows nothing once', async (path, accept, own) => {
  await start(25);
  expect(await callsOf(path, accept)).toEqual(plus(machines(3), own));
});

test('finds what was made since it listed the same', async () => {
  await start(25);
  expect(await list(alice.endpoint, '/compute/')).toHaveLength(25);
  await start(1);
  expect(await list(alice.endpoint, '/compute/')).toHaveLength(26);
  expect(await list(alice.endpoint, '/networkinterface/')).toHaveLength(26);
});
