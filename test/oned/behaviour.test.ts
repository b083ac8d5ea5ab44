import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { call, requestBody } from './caller.ts';
import { type OpenNebula, startOpenNebula } from './index.ts';

let one: OpenNebula;
beforeEach(async () => {
  one = await startOpenNebula();
});
afterEach(() => one.close());

const ALICE = 'alice:password';
const BARE = '<VM><CPU>1</CPU><MEMORY>64</MEMORY></VM>';
const NIC = '<T><NIC><NETWORK_ID>0</NETWORK_ID></NIC></T>';
const said = async (method: string, ...params: (string | number | boolean)[]) =>
  call(one.endpoint, method, ALICE, ...params);

test('a machine comes to run by itself, a step at a time', async () => {
  one.site.steps.hold();
  await said('one.vm.allocate', BARE, false);
  const states = ['PENDING', 'PROLOG', 'BOOT', 'RUNNING'];
  const seen = new Set<string>();
  for (let step = 0; step < 10; step += 1) {
    seen.add(one.site.vms.must(0).stateName);
    one.site.steps.advance();
  }
  expect([...seen]).toEqual(states);
});

test('of two attachments at once the second is refused, and a failed one leaves no trace', async () => {
  one.fill(1);
  one.site.steps.hold();
  expect(await said('one.vm.attachnic', 0, NIC)).toEqual([true, 0, 0]);
  expect((await said('one.vm.attachnic', 0, NIC))[1]).toContain('wrong state HOTPLUG_NIC');
  one.site.failNext('attachNic');
  one.site.steps.settle();
  expect([one.site.vms.must(0).stateName, one.site.vms.must(0).nics()]).toEqual(['RUNNING', []]);
  expect(one.site.networks.must(0).used).toBe(0);
});

test('an id of a NIC is given again when the last has gone', async () => {
  one.fill(1, { state: 'POWEROFF' });
  const ids = async () => {
    await said('one.vm.attachnic', 0, NIC);
    return one.site.vms
      .must(0)
      .nics()
      .map((nic) => nic.get('NIC_ID'));
  };
  expect([await ids(), await ids()]).toEqual([['0'], ['0', '1']]);
  await said('one.vm.detachnic', 0, 1);
  expect(await ids()).toEqual(['0', '1']);
});

test('a NIC keeps the name that it was given, unless oned could have given it', async () => {
  one.fill(1, { state: 'POWEROFF' });
  const nic = (name: string) => `<T><NIC><NETWORK_ID>0</NETWORK_ID><NAME>${name}</NAME></NIC></T>`;
  for (const name of ['lan0', 'NIC0', 'NIC7_ALIAS1', 'NIC', 'nic5']) await said('one.vm.attachnic', 0, nic(name));
  await said('one.vm.attachnic', 0, NIC);
  const names = one.site.vms.must(0).nics();
  expect(names.map((one) => one.get('NAME'))).toEqual(['lan0', '_NIC0', '_NIC7_ALIAS1', 'NIC', 'nic5', 'NIC5']);
  const auto = '<T><NIC><NAME>any</NAME><NETWORK_MODE>auto</NETWORK_MODE></NIC></T>';
  const alias = '<T><NIC_ALIAS><NETWORK_ID>1</NETWORK_ID><PARENT>lan0</PARENT></NIC_ALIAS></T>';
  for (const more of [auto, alias]) await said('one.vm.attachnic', 0, more);
  const all = one.site.vms.must(0).allNics();
  expect(all.slice(-2).map((one) => one.get('NAME'))).toEqual(['any', 'NIC0_ALIAS7']);
});

test('a request for a disk or a NIC ends a record when it is accepted, and what goes on keeps its action', async () => {
  one.fill(1);
  one.site.steps.hold();
  const actions = () => one.site.vms.must(0).history.map(({ action }) => action);
  await said('one.vm.attach', 0, '<T><DISK><IMAGE_ID>2</IMAGE_ID></DISK></T>');
  expect(actions()).toEqual([21, 0]);
  one.site.steps.settle();
  one.site.failNext('detachDisk');
  await said('one.vm.detach', 0, 0);
  expect(actions()).toEqual([21, 22, 0]);
  one.site.steps.settle();
  expect([actions(), one.site.vms.must(0).disks().length]).toEqual([[21, 22, 0], 1]);
  await said('one.vm.action', 'poweroff-hard', 0);
  one.site.steps.settle();
  await said('one.vm.attachnic', 0, NIC);
  await said('one.vm.detachnic', 0, 0);
  expect(actions()).toEqual([21, 22, 23, 24, 20]);
});

test('a new size ends a record too, a disk that is saved does not', async () => {
  one.fill(1);
  one.site.steps.hold();
  const actions = () => one.site.vms.must(0).history.map(({ action }) => action);
  await said('one.vm.resize', 0, '<T><MEMORY>128</MEMORY></T>', true);
  expect([one.site.vms.must(0).stateName, actions()]).toEqual(['HOTPLUG_RESIZE', [35, 0]]);
  one.site.steps.settle();
  await said('one.vm.attach', 0, '<T><DISK><IMAGE_ID>2</IMAGE_ID></DISK></T>');
  one.site.steps.settle();
  await said('one.vm.disksaveas', 0, 0, 'copy', '', -1);
  one.site.steps.settle();
  expect(actions()).toEqual([35, 21, 0]);
});

test('an empty vector that is appended removes, and is not looked at', async () => {
  const rule = '<RULE><PROTOCOL>TCP</PROTOCOL><RULE_TYPE>inbound</RULE_TYPE></RULE>';
  const [, id] = await said('one.secgroup.allocate', `<T><NAME>web</NAME>${rule}<WHAT>x</WHAT></T>`);
  const names = () => one.site.securityGroups.must(Number(id)).template.names();
  expect(await said('one.secgroup.update', Number(id), 'RULE=[]', 0)).toContain(8192);
  expect(await said('one.secgroup.update', Number(id), 'RULE=[]', 1)).toContain(true);
  expect(names()).toEqual(['WHAT']);
  await said('one.secgroup.update', Number(id), 'RULE=[]\nRULE=[PROTOCOL="TCP",RULE_TYPE="inbound"]', 1);
  expect(names()).toEqual(['WHAT', 'RULE']);
});

test('a machine that was made without CONTEXT gets none', async () => {
  one.fill(1, { state: 'POWEROFF' });
  const context = '<T><CONTEXT><A>1</A></CONTEXT></T>';
  expect((await said('one.vm.updateconf', 0, context, 1))[1]).toContain('does not have context');
});

test('a refused create takes no address and no image', async () => {
  const wrong = '<T><NIC><NETWORK_ID>0</NETWORK_ID></NIC><NIC><NETWORK_ID>99</NETWORK_ID></NIC></T>';
  expect((await said('one.template.instantiate', 0, 'x', false, wrong, false))[0]).toBe(false);
  expect([one.site.networks.must(0).used, one.site.images.must(0).vms.size, one.site.vms.size]).toEqual([0, 0, 0]);
});

test('pages are newest first and end where the machines end', async () => {
  one.fill(5);
  const page = async (start: number, size: number) => {
    const [, pool] = await said('one.vmpool.info', -3, start, -size, -1);
    return [...String(pool).matchAll(/<VM><ID>(\d+)/g)].map(([, id]) => Number(id));
  };
  expect([await page(0, 2), await page(2, 2), await page(4, 2), await page(6, 2)]).toEqual([[4, 3], [2, 1], [0], []]);
});

test('calls within a multicall are counted one by one, and a refusal stands in its place', async () => {
  one.fill(1);
  const inner = (method: string, id: number) =>
    `<value><struct><member><name>methodName</name><value>${method}</value></member><member><name>params</name><value><array><data><value>${ALICE}</value><value><i4>${id}</i4></value></data></array></value></member></struct></value>`;
  const calls = [inner('one.vm.info', 0), inner('one.vm.info', 9), inner('one.nosuch', 0)].join('');
  const body = requestBody('system.multicall', ['']).replace(
    '<string></string>',
    `<array><data>${calls}</data></array>`,
  );
  const text = await (await fetch(one.endpoint, { method: 'POST', body })).text();
  expect([...text.matchAll(/<boolean>(\d)|<i4>(-506|1024)</g)].map(([, flag, code]) => flag ?? code)).toEqual([
    '1',
    '0',
    '1024',
    '-506',
  ]);
  expect([one.calls(), one.requests()]).toEqual([3, 1]);
});

test.each(['down', 'lost', 'cut'] as const)('a site that is %s gives no whole answer', async (kind) => {
  one.badDays.add({ kind }, { method: 'one.vm.allocate', times: 1 });
  await expect(said('one.vm.allocate', BARE, true)).rejects.toThrow();
  expect(one.site.vms.size).toBe(kind === 'down' ? 0 : 1);
  expect((await said('one.vm.allocate', BARE, true))[0]).toBe(true);
});

test('a site can be slow, silent, behind a proxy that fails, huge, and talk nonsense', async () => {
  const answered = async () =>
    (await fetch(one.endpoint, { method: 'POST', body: requestBody('one.system.version', [ALICE]) })).text();
  one.badDays.add({ kind: 'slow', milliseconds: 30 }, { times: 1 });
  one.badDays.add({ kind: 'html' }, { times: 1 });
  one.badDays.add({ kind: 'malformed' }, { times: 1 });
  one.badDays.add({ kind: 'nonsense', value: 'x' }, { times: 1 });
  one.badDays.add({ kind: 'huge', bytes: 3_000_000 }, { times: 1 });
  const started = performance.now();
  expect(await answered()).toContain('6.10.0.1');
  expect(performance.now() - started).toBeGreaterThan(25);
  expect(await answered()).toContain('Bad Gateway');
  expect(await answered()).not.toContain('</methodResponse>');
  expect(await answered()).toContain('<string>x</string>');
  expect((await answered()).length).toBeGreaterThan(3_000_000);
  one.badDays.add({ kind: 'silent' });
  const silent = fetch(one.endpoint, {
    method: 'POST',
    body: requestBody('one.system.version', [ALICE]),
    signal: AbortSignal.timeout(50),
  });
  await expect(silent).rejects.toThrow();
  one.badDays.end();
  expect(await answered()).toContain('6.10.0.1');
});
