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

/** A create, a delete or a detach makes more calls than that, and fewer than this. */
const FEWEST_CALLS = 3;
const MOST_CALLS = 40;
/** From when on a port that no server has is left over, in milliseconds of Neutron's clock, and a minute more. */
const MUCH_LATER_MS = 660_000;
const TOKEN = '3f2a9d0c-6d5e-4d0b-9b57-0d8f3a1c2e4b';
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f somebody';

let cloud: OpenStack;

beforeEach(async () => {
  cloud = await startOpenStack({ step: 1 });
});
afterEach(async () => {
  await endDead();
  await cloud.close();
});

/** What dead processes are still about. */
const dead: Promise<unknown>[] = [];

/** Ends what they wait for: their connections break, and what they send again is refused. */
async function endDead(): Promise<void> {
  cloud.badDays.end();
  cloud.badDays.add({ kind: 'answer', answer: { status: 400 } });
  for (const service of ['identity', 'compute', 'network', 'volume', 'image'] as const) {
    await cloud.stop(service);
    await cloud.resume(service);
  }
  await Promise.allSettled(dead.splice(0));
}

/** The adapter in a new process. */
async function newProcess(): Promise<Adapter> {
  const configured = settings.parse({ endpoint: cloud.endpoint });
  const request = connect({ settings: configured, site: 'test', table: memoryTable(), local: true });
  const credentials = 'alice:alice-secret';
  await request({ caller: { name: 'alice', credentials }, deadline: Date.now() + 20_000 }).identify();
  return request({ caller: { name: 'alice', credentials }, deadline: Date.now() + 20_000 });
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

type Work = (adapter: Adapter) => Promise<unknown>;

/** Runs the work of a process that dies as its next call after so many arrives; true if it came to its end before. */
async function dyingAfter(calls: number, work: Work): Promise<boolean> {
  const { tokens: issued } = cloud.site.people;
  const others = new Set(issued.keys());
  const adapter = await newProcess();
  const tokens = new Set([...issued.keys()].filter((token) => !others.has(token)));
  // What a dead process still sends is never carried out.
  const death = new Promise<false>((dies) => {
    cloud.badDays.add({ kind: 'silent', onCall: () => dies(false) }, { tokens, after: calls });
  });
  const life = work(adapter);
  dead.push(life);
  return await Promise.race([life.then(() => true), death]);
}

/** A story of a process for each call after which it can die, up to one that comes to its end. */
async function forEachDeath(story: (calls: number, dying: (work: Work) => Promise<void>) => Promise<void>) {
  let hasEnded = false;
  let calls = 0;
  for (; !hasEnded; calls++) {
    expect(calls).toBeLessThan(MOST_CALLS);
    await story(calls, async (work) => {
      hasEnded = await dyingAfter(calls, work);
    });
  }
  expect(calls).toBeGreaterThan(FEWEST_CALLS);
}

describe('a create that is cut off after any call', () => {
  test('is completed once by another process, and leaves nothing when its machine is deleted', async () => {
    const network = await makeNetwork(await newProcess());
    const draft = await draftOf(await newProcess(), network);
    const before = await inventory();
    await forEachDeath(async (calls, dying) => {
      await dying((adapter) => adapter.kinds.compute!.create!(draft, TOKEN));
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
    });
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
    await forEachDeath(async (calls, dying) => {
      const { id } = await (await newProcess()).kinds.compute!.create!(draft, `${TOKEN}-${calls}`);
      settle();
      await dying((adapter) => adapter.kinds.compute!.remove!(id));
      settle();
      await removedOrGone((await newProcess()).kinds.compute!.remove!(id));
      settle();
      cloud.site.passTime(MUCH_LATER_MS);
      await removedOrGone((await newProcess()).kinds.compute!.remove!(id));
      expect([calls, await inventory()]).toEqual([calls, before]);
    });
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
    await forEachDeath(async (calls, dying) => {
      const attach = async (token: string) => {
        const { networkinterface } = (await newProcess()).kinds;
        const wanted = { kind: 'networkinterface', attributes: {}, mixins: [], links: [], ...link } as const;
        return (await networkinterface!.create!(wanted, token)).id;
      };
      const first = await attach(`first-${calls}`);
      settle();
      await dying((adapter) => adapter.kinds.networkinterface!.remove!(first));
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
    });
  }, 120_000);
});
