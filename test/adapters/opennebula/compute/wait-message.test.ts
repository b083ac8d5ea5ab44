/**
 * SCHED_MESSAGE and ERROR are oned's, in the user template (7.4 writes them by itself, 6.x had mm_sched write the first):
 * each is the message of the state that it explains, and never the user's.
 */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Endpoint, type Reply, startEndpoint } from '../../../endpoint.ts';
import { type OpenNebula, startOpenNebula } from '../../../oned/index.ts';

const KIND = 'Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"';
const headers = (more: Readonly<Record<string, string>> = {}) => ({
  Authorization: `Basic ${Buffer.from('alice:password').toString('base64')}`,
  'Content-Type': 'text/plain',
  ...more,
});

/** As SchedulerManagerDriver.cc of 7.4 writes it: ctime, a colon, and the sentence. */
const NO_HOST = 'Cannot dispatch VM: No hosts enabled to run VMs';
const waits = (date: string) => `${date}: ${NO_HOST}`;

let one: OpenNebula;
let endpoint: Endpoint;
beforeEach(async () => {
  one = await startOpenNebula({ step: 1, version: '7.4.0' });
  const settings = { endpoint: one.endpoint, defaultOsTemplate: 0 };
  endpoint = await startEndpoint({
    settings: { adapter: { name: 'opennebula', site: 'test', settings }, auth: ['basic'] },
  });
});
afterEach(async () => {
  await endpoint.stop();
  await one.close();
});

/** A machine that no host takes, with the message that 7.4 leaves. */
async function pending() {
  one.site.steps.hold();
  const made = await endpoint.send('POST', '/compute/', { headers: headers(), body: KIND });
  const vm = one.site.vms.must(one.site.vms.next - 1);
  vm.userTemplate.set('SCHED_MESSAGE', waits('Sat Nov  1 08:53:37 2026'));
  vm.touch();
  return { vm, path: new URL(made.headers.location!).pathname };
}

const get = (path: string, accept = 'application/occi+json'): Promise<Reply> =>
  endpoint.send('GET', path, { headers: headers({ Accept: accept }) });

test.each(['text/plain', 'application/occi+json'])(
  'a machine that waits for a host says why, in %s, without the date',
  async (accept) => {
    const { path } = await pending();
    const { body } = await get(path, accept);
    expect(body).toContain(`PENDING: waits for a host: ${NO_HOST}`);
    expect(body).not.toMatch(/SCHED_MESSAGE|2026/);
    expect(body.split(NO_HOST)).toHaveLength(2);
  },
);

test.each([
  // SchedulerManager.cc passes on what the scheduler logs as an error.
  ['Cannot dispatch VM to any Host. Check VM log for detailed reasons.', 'Cannot dispatch VM to any Host.'],
  // VirtualMachine::set_template_error_message cuts what is long.
  [`Cannot dispatch VM: ${'x'.repeat(80)}... see more details in VM log`, `Cannot dispatch VM: ${'x'.repeat(80)}...`],
])('%s does not send users to a log that they do not have', async (message, told) => {
  const { vm, path } = await pending();
  vm.userTemplate.set('SCHED_MESSAGE', `Sat Nov 21 18:53:37 2026: ${message}`);
  vm.touch();
  const { body } = await get(path, 'text/plain');
  expect(body).toContain(`occi.compute.state.message="PENDING: waits for a host: ${told}"`);
});

test('the scheduler looking again, with another date, changes no entity tag', async () => {
  const { vm, path } = await pending();
  const { etag } = (await get(path)).headers;
  vm.userTemplate.set('SCHED_MESSAGE', waits('Mon Nov  2 10:00:00 2026'));
  vm.touch();
  expect((await get(path)).headers.etag).toBe(etag);
});

test.each(['HOLD', 'RUNNING', 'POWEROFF', 'BOOT_FAILURE'])(
  'in %s it explains nothing, and is not shown',
  async (state) => {
    const { vm, path } = await pending();
    one.put(vm.id, state);
    expect((await get(path)).body).not.toContain(NO_HOST);
  },
);

test('ERROR is shown in a state of failure, and not when the machine runs again', async () => {
  const { vm, path } = await pending();
  one.put(vm.id, 'BOOT_FAILURE', 'Sat Nov 21 18:53:37 2026: Error deploying virtual machine');
  expect((await get(path)).body).toContain('BOOT_FAILURE: it could not be started: Error deploying virtual machine');
  one.put(vm.id, 'RUNNING');
  expect((await get(path)).body).not.toContain('Error deploying');
});

test('no change of ours writes either back, and oned can take them away', async () => {
  const { vm, path } = await pending();
  vm.userTemplate.set('ERROR', 'Sat Nov 21 18:53:37 2026: something');
  vm.touch();
  const attribute = (value: string) => `${KIND}\nX-OCCI-Attribute: occi.core.title="${value}"`;
  for (const [method, body] of [
    ['PUT', `${attribute('new')}\nX-OCCI-Attribute: occi.core.summary="s"`],
    ['POST', `${attribute('newer')}\nX-OCCI-Attribute: occi.compute.cores=2`],
  ] as const) {
    // What was read before oned took it away must not come back with the change.
    expect((await endpoint.send(method, path, { headers: headers(), body })).status).toBe(200);
    vm.userTemplate.remove('SCHED_MESSAGE');
    vm.userTemplate.remove('ERROR');
    vm.touch();
    expect((await endpoint.send(method, path, { headers: headers(), body })).status).toBe(200);
    expect([vm.userTemplate.has('SCHED_MESSAGE'), vm.userTemplate.has('ERROR')]).toEqual([false, false]);
  }
});

test('a machine that is saved leaves neither in its template', async () => {
  const { vm, path } = await pending();
  one.put(vm.id, 'POWEROFF', 'Sat Nov 21 18:53:37 2026: something');
  const scheme = 'http://schemas.ogf.org/occi/infrastructure/compute/action#';
  const body = `Category: save; scheme="${scheme}"; class="action"`;
  const saved = await endpoint.send('POST', `${path}?action=save`, { headers: headers(), body });
  expect([saved.status, saved.body]).toEqual([200, expect.stringContaining('os_tpl')]);
  const template = one.site.templates.ascending().at(-1)!;
  expect([template.template.has('SCHED_MESSAGE'), template.template.has('ERROR')]).toEqual([false, false]);
});

test('a machine that a host takes at last says nothing more of it', async () => {
  const { vm, path } = await pending();
  one.site.steps.settle();
  expect([vm.stateName, vm.userTemplate.has('SCHED_MESSAGE')]).toEqual(['RUNNING', false]);
  expect((await get(path)).body).not.toContain(NO_HOST);
});
