/**
 * Answers that are lost: OpenStack has carried a call out, and the connection ends without a word. Each call of each
 * create and delete that changes something loses its answer once; the same request again completes it, and nothing is
 * there twice.
 */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect, settings } from '../../../adapters/openstack/index.ts';
import type { Adapter, Draft, NativeEnd } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import type { KindTerm } from '../../../lib/occi/kinds/index.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import { type OpenStack, startOpenStack } from '../../openstack/index.ts';
import { inventoryOf } from '../../openstack/inventory.ts';
import { PUBLIC_NETWORK } from '../../openstack/neutron/seed.ts';

const IMAGE = '7ee45757-09e6-46e6-9bc8-847da7c611f0';
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f somebody';
/** More calls than any create or delete makes. */
const MOST_CALLS = 20;

let cloud: OpenStack;

beforeEach(async () => {
  cloud = await startOpenStack({ step: 1, quotas: false, backups: true });
});
afterEach(() => cloud.close());

/** The adapter in a new process. */
async function newProcess(): Promise<Adapter> {
  const configured = { endpoint: cloud.endpoint, defaultOsTemplate: IMAGE, externalNetwork: PUBLIC_NETWORK };
  const request = connect({
    settings: settings.parse(configured),
    site: 'test',
    table: memoryTable(),
    local: true,
  });
  const caller = { name: 'alice', credentials: 'alice:alice-secret' };
  const adapter = request({ caller, deadline: Date.now() + 20_000 });
  await adapter.identify();
  return adapter;
}

const settle = (): void => cloud.site.steps.settle();

let made = 0;

/** Makes an entity without any trouble, and gives its id. */
async function create(kind: KindTerm, more: Partial<Draft> = {}, token = `made ${++made}`): Promise<string> {
  const { kinds } = await newProcess();
  const draft = { kind, attributes: {}, mixins: [], links: [], ...more } as Draft;
  const { id } = await kinds[kind]!.create!(draft as never, token);
  settle();
  return id;
}

const NETWORK = {
  attributes: { 'occi.network.address': '10.77.0.0/24', 'occi.network.gateway': '10.77.0.1' },
  mixins: [MIXINS.ipnetwork],
} as const;
const RULES = [
  { type: 'inbound', protocol: 'tcp', port: '22', range: '0.0.0.0/0' },
  { type: 'outbound', protocol: 'udp', port: '53', range: '10.0.0.0/8' },
] as const;

const link = (kind: Draft['kind'], target: NativeEnd) => ({ kind, attributes: {}, mixins: [], target }) as never;
const network = async (): Promise<NativeEnd> => ({ kind: 'network', id: await create('network', NETWORK) });
const storage = async (): Promise<NativeEnd> => ({ kind: 'storage', id: await create('storage', STORAGE) });
const STORAGE = { attributes: { 'occi.storage.size': 1 } } as const;

/** A compute with an interface. */
const linkedCompute = async (): Promise<NativeEnd> => ({
  kind: 'compute',
  id: await create('compute', { links: [link('networkinterface', await network())] }),
});

/** What is made of each kind, after what it needs. */
const DRAFTS: Readonly<Record<KindTerm, () => Promise<Partial<Draft>>>> = {
  compute: async () => ({
    attributes: { 'occi.core.title': 'web', 'occi.credentials.ssh.publickey': KEY },
    mixins: [MIXINS.ssh_key],
    links: [link('networkinterface', await network()), link('storagelink', await storage())],
  }),
  storage: async () => STORAGE,
  network: async () => NETWORK,
  securitygroup: async () => ({ attributes: { 'occi.securitygroup.rules': RULES } }),
  ipreservation: async () => ({}),
  networkinterface: async () => ({ source: await linkedCompute(), target: await network() }),
  storagelink: async () => ({ source: await linkedCompute(), target: await storage() }),
  securitygrouplink: async () => ({
    source: await linkedCompute(),
    target: { kind: 'securitygroup', id: await create('securitygroup') },
  }),
};

/** Loses the answer of the n-th call from now on that changes something; that call, or undefined if there was none. */
async function losing(at: number, work: () => Promise<unknown>) {
  const before = cloud.log.length;
  let changes = 0;
  let lost = false;
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const isLost = (path: string): boolean => !path.endsWith('/auth/tokens') && changes++ === at;
    const test = (path: string): boolean => {
      const isNow = isLost(path);
      lost ||= isNow;
      return isNow;
    };
    cloud.badDays.add({ kind: 'lost' }, { method, path: { test } as unknown as RegExp });
  }
  const failure = await work().then(
    () => undefined,
    (error: unknown) => error,
  );
  cloud.badDays.end();
  const calls = cloud.log.slice(before).filter(({ method }) => method !== 'GET');
  return { failure, lost, calls };
}

/** True if what may be there is not denied, which would let a client give up what it pays for. */
const isOpen = (failure: unknown): boolean => failure instanceof OcciError && failure.unknownOutcome;

/** Calls that would make a second one, sent twice. Metadata that is set again is what it was. */
const repeated = (calls: readonly { readonly method: string; readonly path: string; readonly body: string }[]) => {
  const texts = calls.filter(({ method }) => method === 'POST').map((call) => `${call.path} ${call.body}`);
  return texts.filter((text, index) => texts.indexOf(text) !== index && !/^\S+\/(?:auth\/tokens|metadata) /.test(text));
};

describe.each(Object.entries(DRAFTS) as [KindTerm, () => Promise<Partial<Draft>>][])('%s', (kind, draftOf) => {
  test('is made once, whichever answer of its create is lost', async () => {
    const draft = await draftOf();
    const before = await inventoryOf(cloud);
    const whole = await create(kind, draft);
    const after = await inventoryOf(cloud);
    const remove = async (id: string) => {
      const { kinds } = await newProcess();
      await kinds[kind]!.remove!(id);
      settle();
      await kinds[kind]!.get(id).catch(() => {});
    };
    await remove(whole);
    expect(await inventoryOf(cloud)).toEqual(before);
    let isLost = true;
    for (let at = 0; isLost; at++) {
      expect(at).toBeLessThan(MOST_CALLS);
      const token = `token ${at}`;
      const { failure, lost, calls } = await losing(at, () => create(kind, draft, token));
      isLost = lost;
      expect([at, repeated(calls)]).toEqual([at, []]);
      if (failure !== undefined) expect([at, isOpen(failure), failure]).toEqual([at, true, failure]);
      settle();
      const { kinds } = await newProcess();
      const found = await kinds[kind]!.findByToken!(token);
      const id = found?.id ?? (await create(kind, draft, token));
      settle();
      expect([at, await inventoryOf(cloud)]).toEqual([at, after]);
      await remove(id);
      expect([at, await inventoryOf(cloud)]).toEqual([at, before]);
    }
  }, 120_000);

  test('is gone, whichever answer of its delete is lost', async () => {
    const draft = await draftOf();
    const before = await inventoryOf(cloud);
    let isLost = true;
    for (let at = 0; isLost; at++) {
      expect(at).toBeLessThan(MOST_CALLS);
      const id = await create(kind, draft, `token ${at}`);
      const { failure, lost } = await losing(at, async () => (await newProcess()).kinds[kind]!.remove!(id));
      isLost = lost;
      if (failure !== undefined && !isFailure(failure, 'notFound'))
        expect([at, isOpen(failure), failure]).toEqual([at, true, failure]);
      settle();
      const { kinds } = await newProcess();
      const again = await kinds[kind]!.remove!(id).catch((error: unknown) => error);
      if (again !== undefined) expect([at, isFailure(again, 'notFound'), again]).toEqual([at, true, again]);
      settle();
      await kinds[kind]!.get(id).catch(() => {});
      // What the first process would have deleted later is another's when it is old.
      cloud.site.passTime(660_000);
      const other = (await newProcess()).kinds.compute!.remove!(randomUUID());
      await expect(other).rejects.toMatchObject({ failure: 'notFound' });
      expect([at, await inventoryOf(cloud)]).toEqual([at, before]);
    }
  }, 120_000);
});

/** What actions make anew: the kind that has the action, what they make as `inventoryOf` counts it. */
const COPIES = [
  ['compute', 'save', 'images'],
  ['storage', 'snapshot', 'snapshots'],
  ['storage', 'backup', 'backups'],
] as const;

describe.each(COPIES)('of %s, %s', (kind, action, copies) => {
  test('whose answer is lost is sent once, and what it made is not denied', async () => {
    const id = await create(kind, kind === 'storage' ? STORAGE : {});
    const { kinds } = await newProcess();
    await kinds[kind]!.get(id);
    const before = await inventoryOf(cloud);
    const { failure, calls } = await losing(0, () => kinds[kind]!.act!(id, action as never, {}));
    expect([isOpen(failure), failure]).toEqual([true, failure]);
    expect(calls).toHaveLength(1);
    settle();
    expect(await inventoryOf(cloud)).toEqual({ ...before, [copies]: before[copies]! + 1 });
  });

  test('with a useless answer is as one without', async () => {
    const id = await create(kind, kind === 'storage' ? STORAGE : {});
    const { kinds } = await newProcess();
    await kinds[kind]!.get(id);
    const answers = [
      { status: 502, body: '<html>Bad Gateway</html>' },
      { status: 202, body: '<html>OK</html>' },
    ];
    for (const answer of answers) {
      cloud.badDays.add({ kind: 'answerAfter', answer }, { method: 'POST', path: /action|snap|backup/ });
      const failure = await kinds[kind]!.act!(id, action as never, {}).catch((error: unknown) => error);
      cloud.badDays.end();
      settle();
      expect([answer.status, isOpen(failure), failure]).toEqual([answer.status, true, failure]);
    }
  });
});

test('a save whose answer does not name the image may have made it', async () => {
  const id = await create('compute');
  cloud.badDays.add({ kind: 'answerAfter', answer: { status: 202 } }, { method: 'POST', path: '/action' });
  const failure = await (await newProcess()).kinds.compute!.act!(id, 'save', {}).catch((error: unknown) => error);
  expect([isOpen(failure), failure]).toEqual([true, failure]);
});
