/**
 * A process that dies after any of its calls: from that call on OpenStack does not answer it. Another process, with the
 * token of the create that was cut off, completes it, and nothing is there twice or left over.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect, settings } from '../../../adapters/openstack/index.ts';
import type { Adapter, Draft } from '../../../lib/adapter/contract.ts';
import { isFailure } from '../../../lib/errors.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import { type OpenStack, startOpenStack } from '../../openstack/index.ts';
import { type Inventory, inventoryOf } from '../../openstack/inventory.ts';

/** More calls than a create or a delete makes. */
const MOST_CALLS = 40;
/** From when on a port that no server has is left over, in milliseconds of Neutron's clock, and a minute more. */
const MUCH_LATER_MS = 660_000;
/** How long a process whose cloud has gone silent goes on, in milliseconds. */
const DEAD_AFTER_MS = 600;
const TOKEN = '3f2a9d0c-6d5e-4d0b-9b57-0d8f3a1c2e4b';
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f somebody';

let cloud: OpenStack;

beforeEach(async () => {
  cloud = await startOpenStack({ step: 1 });
});
afterEach(() => cloud.close());

/** The adapter in a new process. */
async function newProcess(liveMs = 20_000): Promise<Adapter> {
  const configured = settings.parse({ endpoint: cloud.endpoint });
  const request = connect({ settings: configured, site: 'test', table: memoryTable(), local: true });
  const credentials = 'alice:alice-secret';
  await request({ caller: { name: 'alice', credentials }, deadline: Date.now() + 20_000 }).identify();
  return request({ caller: { name: 'alice', credentials }, deadline: Date.now() + liveMs });
}

const inventory = (): Promise<Inventory> => inventoryOf(cloud);

const makeNetwork = async (adapter: Adapter) => {
  const attributes = { 'occi.network.address': '10.77.0.0/24', 'occi.network.gateway': '10.77.0.1' };
  return (
    await adapter.kinds.network!.create!({ kind: 'network', attributes, mixins: [MIXINS.ipnetwork], links: [] }, 'n')
  ).id;
};

async function draftOf(adapter: Adapter, network: string): Promise<Draft<'compute'>> {
  const { mixins } = await adapter.catalogue();
  const image = mixins.find(({ title }) => title === 'cirros-tiny')!;
  const flavor = mixins.find(({ title }) => title === 'm1.tiny')!;
  return {
    kind: 'compute',
    attributes: { 'occi.core.title': 'web', 'occi.credentials.ssh.publickey': KEY },
    mixins: [image, flavor, MIXINS.ssh_key],
    links: [{ kind: 'networkinterface', attributes: {}, mixins: [], target: { kind: 'network', id: network } }],
  };
}

const settle = (): void => cloud.site.steps.settle();

/** Runs the work of a process that dies after so many calls; true if it came to its end before. */
async function dyingAfter(calls: number, work: (adapter: Adapter) => Promise<unknown>): Promise<boolean> {
  const adapter = await newProcess(DEAD_AFTER_MS);
  let made = 0;
  cloud.badDays.add({ kind: 'silent' }, { path: { test: () => made++ >= calls } as unknown as RegExp });
  try {
    await work(adapter);
    return true;
  } catch {
    return false;
  } finally {
    cloud.badDays.end();
  }
}

describe('a create that is cut off after any call', () => {
  test('is completed once by another process, and leaves nothing when its machine is deleted', async () => {
    const network = await makeNetwork(await newProcess());
    const draft = await draftOf(await newProcess(), network);
    const before = await inventory();
    let hasEnded = false;
    for (let calls = 0; !hasEnded; calls++) {
      expect(calls).toBeLessThan(MOST_CALLS);
      hasEnded = await dyingAfter(calls, (adapter) => adapter.kinds.compute!.create!(draft, TOKEN));
      const { compute } = (await newProcess()).kinds;
      const found = await compute!.findByToken!(TOKEN);
      const made = found ?? (await compute!.create!(draft, TOKEN));
      settle();
      const whole = await compute!.get(made.id);
      expect([calls, whole.links?.map(({ kind }) => kind)]).toEqual([
        calls,
        expect.arrayContaining(['networkinterface']),
      ]);
      expect([calls, await inventory()]).toEqual([
        calls,
        { ...before, computes: 1, keys: before.keys! + 1, ports: before.ports! + 1 },
      ]);
      const last = (await newProcess()).kinds.compute!;
      await last.remove!(made.id);
      settle();
      // Neutron lets go of the port when the server is gone: the look that says so takes it along.
      expect(isFailure(await last.get(made.id).catch((error: unknown) => error), 'notFound')).toBe(true);
      expect([calls, await inventory()]).toEqual([calls, before]);
    }
  }, 120_000);
});

/** What a removal throws, if it is not that there is nothing to remove. */
async function removedOrGone(removal: Promise<unknown>): Promise<void> {
  const failure = await removal.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!isFailure(failure, 'notFound')) expect(failure).toBeUndefined();
}

describe('a delete that is cut off after any call', () => {
  test('is completed by a repeated one, and leaves nothing', async () => {
    const network = await makeNetwork(await newProcess());
    const draft = await draftOf(await newProcess(), network);
    const before = await inventory();
    let hasEnded = false;
    for (let calls = 0; !hasEnded; calls++) {
      expect(calls).toBeLessThan(MOST_CALLS);
      const { id } = await (await newProcess()).kinds.compute!.create!(draft, `${TOKEN}-${calls}`);
      settle();
      hasEnded = await dyingAfter(calls, (adapter) => adapter.kinds.compute!.remove!(id));
      settle();
      await removedOrGone((await newProcess()).kinds.compute!.remove!(id));
      settle();
      cloud.site.passTime(MUCH_LATER_MS);
      await removedOrGone((await newProcess()).kinds.compute!.remove!(id));
      expect([calls, await inventory()]).toEqual([calls, before]);
    }
  }, 120_000);
});

describe('a detach that is cut off after any call', () => {
  test('is completed by a repeated one, and its port goes with what comes next', async () => {
    const network = await makeNetwork(await newProcess());
    const draft = await draftOf(await newProcess(), network);
    const { id } = await (await newProcess()).kinds.compute!.create!({ ...draft, links: [] }, TOKEN);
    settle();
    const link = { source: { kind: 'compute', id }, target: { kind: 'network', id: network } } as const;
    const before = await inventory();
    let hasEnded = false;
    for (let calls = 0; !hasEnded; calls++) {
      expect(calls).toBeLessThan(MOST_CALLS);
      const attach = async (token: string) => {
        const { networkinterface } = (await newProcess()).kinds;
        const wanted = { kind: 'networkinterface', attributes: {}, mixins: [], links: [], ...link } as const;
        return (await networkinterface!.create!(wanted, token)).id;
      };
      const first = await attach(`first-${calls}`);
      settle();
      hasEnded = await dyingAfter(calls, (adapter) => adapter.kinds.networkinterface!.remove!(first));
      settle();
      await removedOrGone((await newProcess()).kinds.networkinterface!.remove!(first));
      settle();
      cloud.site.passTime(MUCH_LATER_MS);
      const second = await attach(`second-${calls}`);
      expect([calls, await inventory()]).toEqual([calls, { ...before, ports: before.ports! + 1 }]);
      settle();
      const last = (await newProcess()).kinds.networkinterface!;
      await last.remove!(second);
      settle();
      await last.get(second).catch(() => {});
      expect([calls, await inventory()]).toEqual([calls, before]);
    }
  }, 120_000);
});
