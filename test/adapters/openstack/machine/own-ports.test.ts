/** Ports that a process waits for until Nova lets go of them: a look deletes those that are free, and no others. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { connect, settings } from '../../../../adapters/openstack/index.ts';
import type { Adapter, Native } from '../../../../lib/adapter/contract.ts';
import { MIXINS } from '../../../../lib/occi/mixins/index.ts';
import { memoryTable } from '../../../../lib/table/memory.ts';
import { fails } from '../../../contract/adapter.ts';
import { type OpenStack, startOpenStack } from '../../../openstack/index.ts';
import { CIRROS } from '../alice.ts';

const EMPTY = { attributes: {}, mixins: [], links: [] } as const;
const NOBODYS = '11111111-2222-4333-8444-555555555555';
const MINUTE_MS = 60_000;

let cloud: OpenStack;
/** Another request of the same process. */
let request: (user?: string) => Adapter;
let machine: Native<'compute'>;

/** A process of `user`, and a machine on a network of its own. */
async function begin(user: string, options: { readonly boundPortsDeletable?: boolean } = {}): Promise<void> {
  cloud = await startOpenStack({ step: 1, ...options });
  const configured = { endpoint: cloud.endpoint, defaultOsTemplate: CIRROS };
  const process = connect({ settings: settings.parse(configured), site: 'test', table: memoryTable(), local: true });
  const caller = { name: user, credentials: `${user}:${user}-secret` };
  request = () => process({ caller, deadline: Date.now() + 20_000 });
  const { kinds } = request();
  const range = { 'occi.network.address': '10.6.0.0/24', 'occi.network.gateway': '10.6.0.1' };
  const wanted = { ...EMPTY, kind: 'network' as const, attributes: range, mixins: [MIXINS.ipnetwork] };
  const target = { kind: 'network' as const, id: (await kinds.network!.create!(wanted, 'net')).id };
  const links = [{ ...EMPTY, kind: 'networkinterface' as const, target }];
  machine = await kinds.compute!.create!({ ...EMPTY, kind: 'compute', links }, 'machine');
  cloud.site.steps.settle();
}

/** Looks for what is gone: that is when a process sweeps. */
const look = () => fails(request().kinds.compute!.get(NOBODYS), 'notFound');
/** The calls of the sweep in it. */
const lookCalls = async () => (await cloud.callsOf(look)).filter((line) => /ports(\?id=|\/)/.test(line));
const detach = () => request().kinds.networkinterface!.remove!(machine.links![0]!.id!);
const ports = () => cloud.site.between.ports.ofServer(machine.id).length;

afterEach(async () => {
  jest.restoreAllMocks();
  await cloud.close();
});

describe.each([
  ['a member of 2026.2', 'alice', {}],
  ['a member of an older release, who may delete ports of servers,', 'alice', { boundPortsDeletable: true }],
  ['an administrator', 'admin', {}],
] as const)('The interface of %s', (_name, user, options) => {
  beforeEach(() => begin(user, options));

  test('stays when Nova accepts its detach and fails', async () => {
    cloud.site.failNext('detachPort');
    await detach();
    await look();
    cloud.site.steps.settle();
    await look();
    expect(ports()).toBe(1);
    const link = await request().kinds.networkinterface!.get(machine.links![0]!.id!);
    expect(link.attributes['occi.networkinterface.state']).toBe('active');
  });

  test('stays until Nova lets go of it, and its port goes then', async () => {
    cloud.site.steps.hold();
    await detach();
    await look();
    expect(ports()).toBe(1);
    cloud.site.steps.release();
    cloud.site.steps.settle();
    expect(await lookCalls()).toEqual([
      expect.stringMatching(/^network GET \/v2.0\/ports\?id=/),
      expect.stringMatching(/^network DELETE \/v2.0\/ports\//),
    ]);
    expect(await lookCalls()).toEqual([]);
  });

  test('stays when somebody attaches its port again between the look at it and its delete', async () => {
    await detach();
    cloud.site.steps.settle();
    const again = (path: string): boolean => {
      const [, id] = /\/ports\/([0-9a-f-]+)$/.exec(path) ?? [];
      if (id !== undefined) cloud.site.between.ports.bind(id, machine.id, 'nova');
      return false;
    };
    cloud.badDays.add({ kind: 'down' }, { method: 'DELETE', path: { test: again } as unknown as RegExp });
    await look();
    expect(ports()).toBe(1);
  });
});

test('A process asks for a port that Nova keeps for ten minutes, and then no more', async () => {
  await begin('alice');
  cloud.site.failNext('detachPort');
  await detach();
  cloud.site.steps.settle();
  const now = Date.now();
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => now + 9 * MINUTE_MS);
  expect(await lookCalls()).toEqual([expect.stringMatching(/^network GET \/v2.0\/ports\?id=/)]);
  clock.mockImplementation(() => now + 11 * MINUTE_MS);
  expect(await lookCalls()).toEqual([]);
});
