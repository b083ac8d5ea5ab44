/**
 * What the adapter does twice with what EC2 does once: answers that are lost, and things that EC2 does not show as they
 * are yet.
 */
import {
  DescribeAddressesCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { REPEATS } from '../../adapters/ec2/api/repeats.ts';
import { connect, settings } from '../../adapters/ec2/index.ts';
import type { Adapter, Draft, KindAdapter, Native } from '../../lib/adapter/contract.ts';
import type { KindTerm } from '../../lib/occi/kinds/index.ts';
import { memoryTable } from '../../lib/table/memory.ts';
import type { Ec2Proxy } from '../ec2-proxy/index.ts';
import { startEndpoint } from '../endpoint.ts';
import { startEc2 } from './ec2.ts';
import { ec2Client, prepare, type Site } from './ec2-site.ts';

let proxy: Ec2Proxy;
let client: EC2Client;
let site: Site;

beforeAll(async () => {
  proxy = await startEc2();
  site = await prepare(proxy);
  client = ec2Client(proxy);
}, 60_000);
afterEach(() => {
  proxy.faults.end();
  Object.assign(proxy.settings, { unseen: 0, untagged: 0 });
});
afterAll(async () => {
  client?.destroy();
  await proxy?.stop();
});

/** A process of its own, with as many attempts as the adapter has by default. */
const processOf = (): Adapter => {
  const environment = { settings: settings.parse({ ...site.settings, encrypted: false }), site: 'test' };
  return connect({ ...environment, table: memoryTable(), local: true })({
    caller: { name: 'anne' },
    deadline: Date.now() + 600_000,
  });
};

const of = (term: KindTerm, adapter = processOf()) => {
  const kind = adapter.kinds[term] as unknown as KindAdapter;
  return { ...kind, create: kind.create!, act: kind.act!, remove: kind.remove!, findByToken: kind.findByToken! };
};

let made = 0;
const token = () => `lost-${process.pid}-${made++}`;

const ATTRIBUTES: { readonly [K in KindTerm]?: object } = {
  storage: { 'occi.storage.size': 1 },
  securitygroup: { 'occi.securitygroup.rules': [] },
};
const draft = (kind: KindTerm, more: Partial<Draft> = {}) =>
  ({ kind, attributes: ATTRIBUTES[kind] ?? {}, mixins: [], links: [], ...more }) as Draft;
const make = (kind: KindTerm, more?: Partial<Draft>, under = token()): Promise<Native> =>
  of(kind).create(draft(kind, more), under);
const between = (source: Native, target: Native): Partial<Draft> => ({
  source: { kind: 'compute', id: source.id },
  target: { kind: target.kind, id: target.id } as never,
});

const owned = [{ Name: 'tag:occi:tenant', Values: ['anne'] }];
const snapshots = async () => (await client.send(new DescribeSnapshotsCommand({ Filters: owned }))).Snapshots!.length;
const images = async () => (await client.send(new DescribeImagesCommand({ Filters: owned }))).Images!.length;

/** Everything that must be carried out once, as a client brings it about. */
const ONCE: Readonly<Record<string, () => Promise<() => Promise<unknown>>>> = {
  AllocateAddress: async () => () => make('ipreservation'),
  CreateImage: async () => {
    const { id } = await make('compute');
    return () => of('compute').act(id, 'save' as never, { name: 'golden' });
  },
  CreateSnapshot: async () => {
    const { id } = await make('storage');
    return () => of('storage').act(id, 'backup' as never, {});
  },
  DetachNetworkInterface: async () => {
    const [machine, network] = [await make('compute'), await make('network')];
    const link = await make('networkinterface', between(machine, network));
    return () => of('networkinterface').remove(link.id);
  },
  DetachVolume: async () => {
    const [machine, disk] = [await make('compute'), await make('storage')];
    await of('compute').get(machine.id);
    const link = await make('storagelink', between(machine, disk));
    return () => of('storagelink').remove(link.id);
  },
  ModifyVolume: async () => {
    const { id } = await make('storage');
    return () => of('storage').act(id, 'resize' as never, { size: 2 });
  },
  RebootInstances: async () => {
    const { id } = await make('compute');
    await of('compute').get(id);
    return () => of('compute').act(id, 'restart' as never, { method: 'graceful' });
  },
};

describe('A lost answer', () => {
  test('is tried for everything that must be carried out once', () => {
    const once = Object.entries(REPEATS).flatMap(([name, repeat]) => (repeat === 'once' ? [name] : []));
    expect(Object.keys(ONCE).sort()).toEqual(once.sort());
  });

  test.each(Object.keys(ONCE))('of %s leaves one, and is reported as unknown', async (name) => {
    const work = await ONCE[name]!();
    const before = { snapshots: await snapshots(), images: await images() };
    const calls = proxy.calls(name);
    proxy.faults.add({ kind: 'lost' }, { action: name, times: 1 });
    await expect(work()).rejects.toMatchObject({ failure: 'unavailable', unknownOutcome: true });
    expect(proxy.calls(name)).toBe(calls + 1);
    expect((await images()) - before.images).toBe(name === 'CreateImage' ? 1 : 0);
    if (name !== 'CreateImage') {
      expect((await snapshots()) - before.snapshots).toBe(name === 'CreateSnapshot' ? 1 : 0);
    }
  });

  test('of a reservation is found by its token: one address however often it is repeated', async () => {
    const under = token();
    proxy.faults.add({ kind: 'lost' }, { action: 'AllocateAddress', times: 1 });
    await expect(make('ipreservation', {}, under)).rejects.toMatchObject({ unknownOutcome: true });
    const found = await of('ipreservation').findByToken(under);
    expect((await make('ipreservation', {}, under)).id).toBe(found!.id);
    const { Addresses } = await client.send(
      new DescribeAddressesCommand({ Filters: [{ Name: 'tag:occi:token', Values: [under] }] }),
    );
    expect(Addresses).toHaveLength(1);
  });

  test.each([
    ['network', 'CreateSubnet'],
    ['securitygroup', 'CreateSecurityGroup'],
    ['storage', 'CreateVolume'],
    ['compute', 'RunInstances'],
  ] as const)('of a create of %s is asked for again, and one is made', async (kind, action) => {
    const before = (await of(kind).ids({})).items.length;
    proxy.faults.add({ kind: 'lost' }, { action, times: 1 });
    const { id } = await make(kind);
    const { items } = await of(kind).ids({});
    expect([items.length, items.includes(id)]).toEqual([before + 1, true]);
  });

  test.each([
    ['storage', 'DeleteVolume'],
    ['network', 'DeleteSubnet'],
    ['ipreservation', 'ReleaseAddress'],
    ['securitygroup', 'DeleteSecurityGroup'],
  ] as const)('of a delete of %s is a delete', async (kind, action) => {
    const { id } = await make(kind);
    proxy.faults.add({ kind: 'lost' }, { action, times: 1 });
    await of(kind).remove(id);
    expect((await of(kind).ids({})).items).not.toContain(id);
  });
});

describe('What EC2 shows without its tags', () => {
  test.each(['compute', 'storage', 'network', 'ipreservation', 'securitygroup'] as const)(
    '(%s) is not there, and may be unseen',
    async (kind) => {
      proxy.settings.untagged = 60_000;
      const { id } = await make(kind);
      proxy.settings.untagged = 0;
      await expect(of(kind).get(id)).rejects.toMatchObject({ failure: 'notFound', unseen: true });
      expect((await of(kind).ids({})).items).not.toContain(id);
      proxy.later(60_000);
      expect((await of(kind).get(id)).id).toBe(id);
    },
  );

  test('is on its way, not lost', async () => {
    const endpoint = await startEndpoint({
      table: memoryTable(),
      settings: { adapter: { name: 'ec2', site: 'test', settings: { ...site.settings, encrypted: false } } },
    });
    try {
      proxy.settings.untagged = 60_000;
      const reply = await endpoint.send('POST', '/storage/', {
        headers: { 'Content-Type': 'text/plain' },
        body: [
          'Category: storage; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"',
          'X-OCCI-Attribute: occi.storage.size=1',
        ].join('\n'),
      });
      expect([reply.status, reply.body]).toEqual([201, expect.anything()]);
      const { pathname } = new URL(reply.headers.location!);
      expect((await endpoint.send('GET', pathname)).body).toContain('occi.storage.state="waiting"');
      expect((await endpoint.send('DELETE', pathname)).status).toBe(503);
      proxy.later(60_000);
      expect((await endpoint.send('GET', pathname)).body).toContain('occi.storage.state="online"');
    } finally {
      await endpoint.stop();
    }
  });
});
