/**
 * oned deletes no machine in PROLOG, BOOT or HOTPLUG. A DELETE succeeds all the same, the machine is gone for its user at
 * once, and in the end it is gone in OpenNebula, whoever looks or does not look.
 */
import { afterEach, expect, test } from '@jest/globals';
import { memoryTable } from '../../../../lib/table/memory.ts';
import { type Endpoint, type Reply, startEndpoint } from '../../../endpoint.ts';
import { type OpenNebula, type StandInOptions, startOpenNebula } from '../../../oned/index.ts';
import { runScheduled } from '../../../oned/schedule.ts';

const KIND = (term: string) => `Category: ${term}; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"`;
const ACTION = (term: string) =>
  `Category: ${term}; scheme="http://schemas.ogf.org/occi/infrastructure/compute/action#"; class="action"`;
const as = (user: string, more: Readonly<Record<string, string>> = {}) => ({
  Authorization: `Basic ${Buffer.from(`${user}:password`).toString('base64')}`,
  ...more,
});
const pathOf = ({ headers }: Reply): string => new URL(headers.location!).pathname;

const running: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

/** A site in which nothing moves by itself, and whose scheduler looks only when it is told to. */
async function heldSite(options: StandInOptions = {}): Promise<OpenNebula> {
  const one = await startOpenNebula({ step: 1, managerTimer: Number.POSITIVE_INFINITY, ...options });
  running.push({ stop: () => one.close() });
  one.site.steps.hold();
  return one;
}

/** A container in front of it; each has a table of its own unless one is given. */
async function container(one: OpenNebula, settings: object = {}, table = memoryTable()): Promise<Endpoint> {
  const adapter = { endpoint: one.endpoint, defaultOsTemplate: 0, network: { vnMad: 'dummy', bridge: 'br0' } };
  const endpoint = await startEndpoint({
    table,
    settings: {
      adapter: { name: 'opennebula', site: 'test', settings: { ...adapter, ...settings } },
      auth: ['basic'],
    },
  });
  running.push(endpoint);
  return endpoint;
}

/** A machine of alice that has come as far as this state. */
async function machineIn(one: OpenNebula, endpoint: Endpoint, state: string, links = '') {
  const body = `${KIND('compute')}${links}`;
  const made = await endpoint.send('POST', '/compute/', {
    headers: as('alice', { 'Content-Type': 'text/plain' }),
    body,
  });
  expect(made.status).toBe(201);
  const vm = one.site.vms.must(one.site.vms.next - 1);
  for (let steps = 0; vm.stateName !== state && steps < 50; steps += 1) one.site.steps.advance(vm);
  expect(vm.stateName).toBe(state);
  return { vm, path: pathOf(made) };
}

const get = (endpoint: Endpoint, path: string, accept = 'text/plain', user = 'alice') =>
  endpoint.send('GET', path, { headers: as(user, { Accept: accept }) });
const del = (endpoint: Endpoint, path: string, user = 'alice') => endpoint.send('DELETE', path, { headers: as(user) });
const terminations = ({ site }: OpenNebula) => site.vms.ascending().map(({ stateName }) => stateName);
const callsSince = ({ methods }: OpenNebula, from: number) => methods.slice(from);

/** The machine is gone for its user: by itself, in every form of every listing, with its links. */
async function expectGone(endpoint: Endpoint, path: string, links: readonly string[] = []): Promise<void> {
  for (const one of [path, ...links]) expect([one, (await get(endpoint, one)).status]).toEqual([one, 404]);
  for (const listing of ['/compute/', '/networkinterface/', '/storagelink/', '/']) {
    for (const accept of ['text/uri-list', 'text/plain', 'application/occi+json']) {
      const { status, body } = await get(endpoint, listing, accept);
      expect([listing, status]).toEqual([listing, 200]);
      for (const one of [path, ...links]) expect(body).not.toContain(one);
    }
  }
}

test.each(['PROLOG', 'BOOT'])('in %s: it is gone at once, and oned deletes it though nobody looks', async (state) => {
  const one = await heldSite();
  const endpoint = await container(one);
  const { vm, path } = await machineIn(one, endpoint, state);
  const before = one.methods.length;
  expect((await del(endpoint, path)).status).toBe(200);
  expect(callsSince(one, before)).toEqual(['one.vm.info', 'one.vm.info', 'one.vm.schedadd', 'one.vm.update']);
  expect(vm.stateName).toBe(state);
  await expectGone(endpoint, path);

  runScheduled(one.site);
  expect(vm.stateName).toBe(state);
  one.site.steps.settle();
  expect(vm.stateName).toBe('RUNNING');
  runScheduled(one.site);
  one.site.steps.settle();
  expect(vm.stateName).toBe('DONE');
  expect(one.site.schedule.actions).toEqual([]);
});

test('in time: a site whose states last, with its own timer', async () => {
  const one = await heldSite({ step: 1, managerTimer: 5, lasting: { PROLOG: 40, BOOT: 40 } });
  const endpoint = await container(one);
  one.site.steps.release();
  const body = KIND('compute');
  const made = await endpoint.send('POST', '/compute/', {
    headers: as('alice', { 'Content-Type': 'text/plain' }),
    body,
  });
  const path = pathOf(made);
  expect((await del(endpoint, path)).status).toBe(200);
  const vm = one.site.vms.must(0);
  // The stand-in moves when it is called; the calls are about something else.
  while (vm.stateName !== 'DONE') expect((await get(endpoint, '/storage/')).status).toBe(200);
  await expectGone(endpoint, path);
});

const LOOKS: readonly (readonly [string, (endpoint: Endpoint, path: string) => Promise<Reply>])[] = [
  ['a GET of it', (endpoint, path) => get(endpoint, path)],
  ['a second DELETE of it', (endpoint, path) => del(endpoint, path)],
  ['a listing of locations', (endpoint) => get(endpoint, '/compute/', 'text/uri-list')],
  ['a listing', (endpoint) => get(endpoint, '/compute/', 'application/occi+json')],
  ['a listing of links', (endpoint) => get(endpoint, '/storagelink/')],
];

test.each(LOOKS)('where nothing is scheduled, %s in another container carries it out', async (_, look) => {
  const one = await heldSite({ without: ['one.vm.schedadd'] });
  const { vm, path } = await machineIn(one, await container(one), 'BOOT');
  expect((await del(await container(one), path)).status).toBe(200);
  await look(await container(one), path);
  expect(vm.stateName).toBe('BOOT');
  one.site.steps.settle();
  expect(vm.stateName).toBe('RUNNING');
  await look(await container(one), path);
  one.site.steps.settle();
  expect(vm.stateName).toBe('DONE');
});

test('a container that has lost its table shows it no more than another', async () => {
  const one = await heldSite();
  const { path } = await machineIn(one, await container(one), 'PROLOG');
  expect((await del(await container(one), path)).status).toBe(200);
  await expectGone(await container(one), path);
  one.site.steps.settle();
  await expectGone(await container(one), path);
});

test('a second DELETE is 404, and schedules nothing again', async () => {
  const one = await heldSite();
  const table = memoryTable();
  const endpoint = await container(one, {}, table);
  const { vm, path } = await machineIn(one, endpoint, 'BOOT');
  expect((await del(endpoint, path)).status).toBe(200);
  for (const again of [endpoint, await container(one)]) expect((await del(again, path)).status).toBe(404);
  expect(one.site.schedule.of(vm.id)).toHaveLength(1);
});

test('a process that dies between the wish and its answer: the next DELETE succeeds, or finds it gone', async () => {
  for (const [method, status] of [
    ['one.vm.schedadd', 200],
    ['one.vm.update', 404],
  ] as const) {
    const one = await heldSite();
    const endpoint = await container(one);
    const { vm, path } = await machineIn(one, endpoint, 'BOOT');
    one.badDays.add({ kind: 'lost' }, { method, times: 1 });
    expect((await del(endpoint, path)).status).toBeGreaterThanOrEqual(500);
    expect([method, (await del(endpoint, path)).status]).toEqual([method, status]);
    expect(one.site.schedule.of(vm.id)).toHaveLength(1);
    await expectGone(endpoint, path);
    one.site.steps.settle();
    runScheduled(one.site);
    one.site.steps.settle();
    expect(vm.stateName).toBe('DONE');
  }
});

test.each([
  ['PROLOG', 'prolog', 'PROLOG_FAILURE'],
  ['BOOT', 'deploy', 'BOOT_FAILURE'],
] as const)('a machine that fails in %s is deleted too', async (state, driver, failure) => {
  const one = await heldSite();
  const endpoint = await container(one);
  const { vm, path } = await machineIn(one, endpoint, state);
  expect((await del(endpoint, path)).status).toBe(200);
  one.site.failNext(driver);
  one.site.steps.settle();
  expect(vm.stateName).toBe(failure);
  await expectGone(endpoint, path);
  one.site.steps.settle();
  expect(vm.stateName).toBe('DONE');
});

test.each(['HOTPLUG_NIC', 'SAVE_SUSPEND', 'EPILOG', 'CLEANUP_DELETE', 'MIGRATE', 'BACKUP'])(
  'in %s the wish is kept as well',
  async (state) => {
    const one = await heldSite();
    const endpoint = await container(one);
    const { vm, path } = await machineIn(one, endpoint, 'RUNNING');
    one.put(vm.id, state);
    expect((await del(endpoint, path)).status).toBe(200);
    await expectGone(endpoint, path);
    one.put(vm.id, 'RUNNING');
    runScheduled(one.site);
    one.site.steps.settle();
    expect(vm.stateName).toBe('DONE');
  },
);

test('a collection with all its links, whose machine boots, is deleted by one request', async () => {
  const one = await heldSite();
  const endpoint = await container(one);
  const link = '\nLink: </network/>; rel="http://schemas.ogf.org/occi/infrastructure#network"';
  const networks = (await get(endpoint, '/network/', 'text/uri-list')).body.split(/\r?\n/);
  const { path } = await machineIn(one, endpoint, 'PROLOG', link.replace('/network/', new URL(networks[0]!).pathname));
  const { body } = await get(endpoint, path);
  const links = [...body.matchAll(/self="([^"]+)"/g)].map(([, self]) => self!);
  expect(links.length).toBeGreaterThan(0);
  const { status, body: said } = await del(endpoint, '/?all=true');
  // The published networks and images stay and are skipped.
  expect([status, said]).toEqual([200, expect.anything()]);
  await expectGone(endpoint, path, links);
});

test('another user who sees the machine does not carry it out, and cannot delete it', async () => {
  const one = await heldSite({ without: ['one.vm.schedadd'] });
  const endpoint = await container(one, { filter: 'all' });
  const { vm, path } = await machineIn(one, endpoint, 'BOOT');
  vm.permissions = [1, 1, 0, 1, 0, 0, 1, 0, 0];
  vm.touch();
  expect((await del(endpoint, path, 'bob')).status).toBe(403);
  expect(vm.userTemplate.text('LABELS')).toBeUndefined();
  expect((await del(endpoint, path)).status).toBe(200);
  one.site.steps.settle();
  const before = one.methods.length;
  for (const accept of ['text/uri-list', 'application/occi+json']) await get(endpoint, '/compute/', accept, 'bob');
  expect((await get(endpoint, path, 'text/plain', 'bob')).status).toBe(404);
  expect(callsSince(one, before)).not.toContain('one.vm.action');
  expect(vm.stateName).toBe('RUNNING');
});

test('one listing carries out three of many', async () => {
  const one = await heldSite({ without: ['one.vm.schedadd'] });
  const endpoint = await container(one);
  const machines = [];
  for (let count = 0; count < 7; count += 1) machines.push(await machineIn(one, endpoint, 'BOOT'));
  for (const { path } of machines) expect((await del(endpoint, path)).status).toBe(200);
  one.site.steps.settle();
  const actions: number[] = [];
  for (let looks = 0; looks < 4; looks += 1) {
    const before = one.methods.length;
    expect((await get(endpoint, '/compute/', 'text/uri-list')).body).toBe('');
    actions.push(callsSince(one, before).filter((method) => method === 'one.vm.action').length);
  }
  expect(actions).toEqual([3, 3, 1, 0]);
});

test('a create with an Idempotency-Key is not found again by its key, and makes no second machine', async () => {
  const one = await heldSite();
  const endpoint = await container(one);
  const request = {
    headers: as('alice', { 'Content-Type': 'text/plain', 'Idempotency-Key': 'k1' }),
    body: KIND('compute'),
  };
  const made = await endpoint.send('POST', '/compute/', request);
  const path = pathOf(made);
  expect((await del(endpoint, path)).status).toBe(200);
  const again = await endpoint.send('POST', '/compute/', request);
  expect([again.status, pathOf(again)]).toEqual([201, path]);
  expect((await get(endpoint, path)).status).toBe(404);
  expect(one.site.vms.ascending()).toHaveLength(1);
});

test('a machine whose label is that of another stays: labels are inherited from VM templates', async () => {
  const one = await heldSite();
  const endpoint = await container(one);
  const { vm, path } = await machineIn(one, endpoint, 'RUNNING');
  vm.userTemplate.set('LABELS', 'web,occi-deleted-999');
  vm.touch();
  expect((await get(endpoint, path)).status).toBe(200);
  expect((await get(endpoint, '/compute/', 'text/uri-list')).body).toContain(path);
});

test('the labels that it has are kept, since an administrator may look for them', async () => {
  const one = await heldSite();
  const endpoint = await container(one);
  const { vm, path } = await machineIn(one, endpoint, 'BOOT');
  vm.userTemplate.set('LABELS', 'web, blue');
  vm.touch();
  await del(endpoint, path);
  expect(vm.userTemplate.text('LABELS')).toBe(`web,blue,occi-deleted-${vm.id}`);
  expect(vm.userTemplate.text('OCCI_TOKEN')).toBeDefined();
});

test('a machine that is locked in OpenNebula is not deleted, and keeps no wish', async () => {
  const one = await heldSite();
  const endpoint = await container(one);
  const { vm, path } = await machineIn(one, endpoint, 'BOOT');
  vm.lock = { level: 1, owner: vm.uid, time: 0 };
  vm.touch();
  expect((await del(endpoint, path)).status).toBe(403);
  expect(one.site.schedule.actions).toEqual([]);
  expect((await get(endpoint, path)).status).toBe(200);
});

test('what pOCCI does, without a pause: create, start, delete', async () => {
  const one = await heldSite();
  const endpoint = await container(one);
  const { vm, path } = await machineIn(one, endpoint, 'BOOT');
  const headers = as('alice', { 'Content-Type': 'text/plain' });
  const started = await endpoint.send('POST', `${path}?action=start`, { headers, body: ACTION('start') });
  expect([started.status, started.headers['retry-after']]).toEqual([409, '5']);
  expect(started.body).toContain('start does not apply while the compute is in the state BOOT');
  expect((await del(endpoint, path)).status).toBe(200);
  await expectGone(endpoint, path);
  one.site.steps.settle();
  runScheduled(one.site);
  one.site.steps.settle();
  expect(terminations(one)).toEqual(['DONE']);
  expect(vm.stateName).toBe('DONE');
});

test.each([
  ['PROLOG', '15'],
  ['BOOT', '5'],
  ['SAVE_SUSPEND', '15'],
  ['BACKUP', '60'],
  ['PENDING', '15'],
  ['POWEROFF', undefined],
])('an action that does not apply in %s is 409, with the time after which to try again: %s', async (state, seconds) => {
  const one = await heldSite();
  const endpoint = await container(one);
  const { vm, path } = await machineIn(one, endpoint, 'RUNNING');
  one.put(vm.id, state);
  const headers = as('alice', { 'Content-Type': 'text/plain' });
  const { status, headers: got } = await endpoint.send('POST', `${path}?action=stop`, {
    headers,
    body: ACTION('stop'),
  });
  expect([status, got['retry-after']]).toEqual([409, seconds]);
});

test('its storage, its network and its securitygroup are in use until it is gone, and the answer says how long', async () => {
  const one = await heldSite();
  const endpoint = await container(one);
  const headers = as('alice', { 'Content-Type': 'text/plain' });
  one.site.anyoneMakesNetworks = true;
  const paths: string[] = [];
  for (const [term, more] of [
    ['storage', 'X-OCCI-Attribute: occi.storage.size=1'],
    [
      'network',
      'Category: ipnetwork; scheme="http://schemas.ogf.org/occi/infrastructure/network#"; class="mixin"\nX-OCCI-Attribute: occi.network.address="10.77.0.0/24"',
    ],
  ] as const) {
    const body = `${KIND(term)}\n${more}`;
    const made = await endpoint.send('POST', `/${term}/`, { headers, body });
    expect([term, made.status, made.body]).toEqual([term, 201, expect.anything()]);
    paths.push(pathOf(made));
  }
  one.site.steps.settle();
  const rel = (term: string) => `rel="http://schemas.ogf.org/occi/infrastructure#${term}"`;
  const links = `\nLink: <${paths[0]}>; ${rel('storage')}\nLink: <${paths[1]}>; ${rel('network')}`;
  const { vm, path } = await machineIn(one, endpoint, 'PROLOG', links);
  const used = async () => {
    const replies = [];
    for (const path of paths) replies.push(await del(endpoint, path));
    return replies.map(({ status, headers: got, body }) => [status, got['retry-after'], /being deleted/.test(body)]);
  };
  expect(await used()).toEqual([
    [409, undefined, false],
    [409, undefined, false],
  ]);
  await del(endpoint, path);
  expect(await used()).toEqual([
    [409, '15', true],
    [409, '15', true],
  ]);
  one.site.steps.settle();
  runScheduled(one.site);
  one.site.steps.settle();
  expect(vm.stateName).toBe('DONE');
  expect((await used()).map(([status]) => status)).toEqual([200, 200]);
});

test('a listing by pages has no page that is empty or short because of it', async () => {
  const one = await heldSite();
  const endpoint = await container(one);
  const { path: first } = await machineIn(one, endpoint, 'RUNNING');
  const { path: second } = await machineIn(one, endpoint, 'RUNNING');
  const { path: newest } = await machineIn(one, endpoint, 'BOOT');
  expect((await del(endpoint, newest)).status).toBe(200);
  // Its table does not say that the machine was deleted, as ours does no more when a boot takes long.
  const other = await container(one);
  const shown = async (page: number, number: number, accept: string) => {
    const { body } = await get(other, `/compute/?page=${page}&number=${number}`, accept);
    const bareId = (path: string) => path.replace('/compute/', '');
    return [newest, second, first].filter((path) => body.includes(bareId(path)));
  };
  for (const accept of ['text/uri-list', 'application/occi+json']) {
    expect(await shown(1, 1, accept)).toEqual([second]);
    expect(await shown(1, 2, accept)).toEqual([second, first]);
  }
});
