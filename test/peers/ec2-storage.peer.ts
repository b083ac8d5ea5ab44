/** Storage and its links on EC2, where several processes work on one account and answers are lost. */
import { CreateVolumeCommand, DescribeInstancesCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connect, settings } from '../../adapters/ec2/index.ts';
import { zoneMixin } from '../../adapters/ec2/mixins.ts';
import type { Adapter, Draft, KindAdapter, LinkDraft, Native } from '../../lib/adapter/contract.ts';
import type { KindTerm } from '../../lib/occi/kinds/index.ts';
import type { Attributes } from '../../lib/occi/types.ts';
import { memoryTable } from '../../lib/table/memory.ts';
import { fails } from '../contract/adapter.ts';
import type { Ec2Proxy } from '../ec2-proxy/index.ts';
import { startEc2 } from './ec2.ts';
import { ec2Client, prepare, type Site, ZONE } from './ec2-site.ts';

const DEVICE = 'occi.storagelink.deviceid';
const STATE = 'occi.storagelink.state';

let proxy: Ec2Proxy;
let site: Site;

beforeAll(async () => {
  proxy = await startEc2();
  site = await prepare(proxy);
}, 60_000);
afterAll(() => proxy?.stop());
beforeEach(() => {
  proxy.faults.end();
  Object.assign(proxy.settings, { pending: 0, creating: 0, attaching: 0, detaching: 0, modifying: 0, shuttingDown: 0 });
});

/** A process of its own: it remembers nothing that another has done. */
function processOf(name = 'anne', change: Readonly<Record<string, unknown>> = {}): Adapter {
  const environment = { settings: settings.parse({ ...site.settings, encrypted: false, ...change }), site: 'test' };
  const adapter = connect({ ...environment, table: memoryTable(), local: true });
  return adapter({ caller: { name }, deadline: Date.now() + 600_000 });
}

function of<K extends KindTerm>(adapter: Adapter, term: K) {
  const kind = adapter.kinds[term] as unknown as KindAdapter<K>;
  return { ...kind, create: kind.create!, update: kind.update!, remove: kind.remove!, findByToken: kind.findByToken! };
}

let made = 0;
const token = () => `storage-${process.pid}-${made++}`;

const make = <K extends KindTerm>(adapter: Adapter, kind: K, change: Partial<Draft> = {}, under = token()) =>
  of(adapter, kind).create({ kind, attributes: {}, mixins: [], links: [], ...change } as never, under);

const disk = (adapter: Adapter, change: Partial<Draft> = {}) =>
  make(adapter, 'storage', { attributes: { 'occi.storage.size': 1 }, ...change });

const between = ({ id: source }: Native, { id: target }: Native, attributes: Attributes = {}): Partial<Draft> => ({
  attributes,
  source: { kind: 'compute', id: source },
  target: { kind: 'storage', id: target },
});

const inline = ({ id }: Native, attributes: Attributes = {}): LinkDraft =>
  ({ kind: 'storagelink', attributes, mixins: [], target: { kind: 'storage', id } }) as LinkDraft;

const devicesOf = (links: readonly Native[]) => links.map(({ attributes }) => (attributes as Attributes)[DEVICE]);
const storagelinks = ({ links = [] }: Native) => links.filter(({ kind }) => kind === 'storagelink');

/** A look at a machine after its launch: it runs then. */
async function running(adapter: Adapter, change: Partial<Draft> = {}) {
  const { id } = await make(adapter, 'compute', change);
  return of(adapter, 'compute').get(id);
}

/** Native calls of what is done, in order. */
async function callsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = proxy.calls();
  await work();
  return proxy.actions().slice(before);
}

const linkTags = async ({ id }: Native): Promise<unknown[]> => {
  const client = ec2Client(proxy);
  const { Reservations } = await client.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  client.destroy();
  return (Reservations![0]!.Instances![0]!.Tags ?? []).filter(({ Key }) => Key?.startsWith('occi:link'));
};

describe('Links to one machine that are made at once', () => {
  test('by two processes have devices of their own', async () => {
    const both = [processOf(), processOf()];
    const machine = await running(both[0]!);
    const disks = await Promise.all([...Array(8)].map(() => disk(both[0]!)));
    const links = await Promise.all(disks.map((one, at) => make(both[at % 2]!, 'storagelink', between(machine, one))));
    expect(new Set(devicesOf(links)).size).toBe(8);
    const { links: shown = [] } = await of(both[1]!, 'compute').get(machine.id);
    const present = shown.filter(({ kind }) => kind === 'storagelink');
    expect(present.map(({ id }) => id).sort()).toEqual(links.map(({ id }) => id).sort());
    expect(present.every(({ attributes }) => (attributes as Attributes)[STATE] === 'active')).toBe(true);
  });

  test('while it starts have them too, and are attached once by all who look', async () => {
    proxy.settings.pending = 60_000;
    const both = [processOf(), processOf()];
    const disks = await Promise.all([...Array(6)].map(() => disk(both[0]!)));
    const machine = await make(both[0]!, 'compute', { links: [inline(disks[0]!), inline(disks[1]!)] });
    const later = await Promise.all(
      disks.slice(2).map((one, at) => make(both[at % 2]!, 'storagelink', between(machine, one))),
    );
    const links = [...storagelinks(machine), ...later];
    expect(links.every(({ attributes }) => (attributes as Attributes)[STATE] === 'waiting')).toBe(true);
    expect(new Set(devicesOf(links)).size).toBe(6);
    expect(await linkTags(machine)).toHaveLength(6);
    proxy.later(61_000);
    const looks = await Promise.all([0, 1, 2, 3].map((at) => of(both[at % 2]!, 'compute').get(machine.id)));
    for (const look of looks)
      expect(
        storagelinks(look)
          .map(({ id }) => id)
          .sort(),
      ).toEqual(links.map(({ id }) => id).sort());
    const now = await of(both[0]!, 'compute').get(machine.id);
    expect(storagelinks(now).every(({ attributes }) => (attributes as Attributes)[STATE] === 'active')).toBe(true);
    expect(await linkTags(machine)).toEqual([]);
    expect(await callsOf(() => of(both[0]!, 'storagelink').get(links[0]!.id))).toEqual(['DescribeInstances']);
  }, 20_000);
});

describe('A link', () => {
  test('costs as many calls as it says', async () => {
    const adapter = processOf();
    const machine = await running(adapter);
    const one = await disk(adapter);
    const { create, get, remove, findByToken, list } = of(adapter, 'storagelink');
    const under = token();
    const draft = { kind: 'storagelink', mixins: [], links: [], ...between(machine, one) } as never;
    const asMade = await callsOf(() => create(draft, under));
    expect(asMade.slice(2)).toEqual(['CreateTags', 'AttachVolume']);
    const id = `${machine.id}:sdf:${one.id}`;
    expect(await callsOf(() => get(id))).toEqual(['DescribeInstances']);
    expect(await callsOf(() => list({}))).toEqual(['DescribeInstances']);
    expect(await callsOf(() => findByToken(under))).toEqual(['DescribeVolumes', 'DescribeInstances']);
    expect(await callsOf(() => remove(id))).toEqual(['DescribeInstances', 'DetachVolume']);
    expect(await findByToken(under)).toBeUndefined();
  });

  test('whose answer is lost is made once, and found by another process', async () => {
    const adapter = processOf();
    const machine = await running(adapter);
    const one = await disk(adapter);
    const under = token();
    proxy.faults.add({ kind: 'lost' }, { action: 'AttachVolume', times: 1 });
    const link = await make(adapter, 'storagelink', between(machine, one), under);
    expect((await of(processOf(), 'storagelink').findByToken(under))?.id).toBe(link.id);
    expect((await make(processOf(), 'storagelink', between(machine, one), under)).id).toBe(link.id);
    expect(await fails(make(processOf(), 'storagelink', between(machine, one)), 'conflict')).toContain('already');
  });

  test('is there until the machine has let go of the disk, and the storage is in use so long', async () => {
    const adapter = processOf();
    const machine = await running(adapter);
    const one = await disk(adapter);
    const link = await make(adapter, 'storagelink', between(machine, one, { [DEVICE]: '/dev/sdm' }));
    expect(link.id).toContain(':sdm:');
    proxy.settings.detaching = 60_000;
    await of(adapter, 'storagelink').remove(link.id);
    expect((await of(adapter, 'storagelink').get(link.id)).attributes[STATE]).toBe('waiting');
    await fails(of(adapter, 'storage').remove(one.id), 'conflict');
    proxy.later(61_000);
    await fails(of(adapter, 'storagelink').get(link.id), 'notFound');
    await of(adapter, 'storage').remove(one.id);
    await fails(of(adapter, 'storage').get(one.id), 'notFound');
  });

  test('cannot cross zones', async () => {
    const adapter = processOf();
    const machine = await running(adapter);
    const elsewhere = await disk(adapter, { mixins: [zoneMixin('us-east-1b')] });
    const sentence = await fails(make(adapter, 'storagelink', between(machine, elsewhere)), 'conflict');
    expect(sentence).toContain(ZONE);
    expect(sentence).toContain('us-east-1b');
    const here = await disk(adapter);
    const links = [inline(here), inline(elsewhere)];
    expect(await fails(make(adapter, 'compute', { links }), 'conflict')).toMatch(/us-east-1[ab].*us-east-1[ab]/);
  });

  test('reaches nothing of another tenant in the same account', async () => {
    const [anne, bert] = [processOf('anne'), processOf('bert')];
    const [machine, theirs] = [await running(anne), await disk(bert)];
    expect(await fails(make(anne, 'storagelink', between(machine, theirs)), 'invalid')).toContain('storage');
    expect(await fails(make(anne, 'compute', { links: [inline(theirs)] }), 'invalid')).toContain('storage');
    expect(await fails(make(bert, 'storagelink', between(machine, theirs)), 'invalid')).toContain('compute');
  });

  test('that waits for a storage that is deleted meanwhile says so, and can be deleted', async () => {
    proxy.settings.pending = 60_000;
    const adapter = processOf();
    const one = await disk(adapter);
    const machine = await make(adapter, 'compute', { links: [inline(one)] });
    await of(adapter, 'storage').remove(one.id);
    proxy.later(61_000);
    const [link] = storagelinks(await of(adapter, 'compute').get(machine.id));
    expect(link!.attributes).toMatchObject({
      [STATE]: 'error',
      [`${STATE}.message`]: expect.stringContaining('deleted'),
    });
    expect(await callsOf(() => of(adapter, 'storagelink').get(link!.id))).toEqual(['DescribeInstances']);
    await of(adapter, 'storagelink').remove(link!.id);
    await fails(of(adapter, 'storagelink').get(link!.id), 'notFound');
  });

  test('that is deleted before the machine runs is never attached', async () => {
    proxy.settings.pending = 60_000;
    const adapter = processOf();
    const one = await disk(adapter);
    const machine = await make(adapter, 'compute', { links: [inline(one)] });
    await of(adapter, 'storagelink').remove(storagelinks(machine)[0]!.id);
    proxy.later(61_000);
    expect(storagelinks(await of(adapter, 'compute').get(machine.id))).toEqual([]);
    await of(adapter, 'storage').remove(one.id);
  });
});

describe('Storage', () => {
  const volumesOf = async (under: string) => {
    const client = ec2Client(proxy);
    const { Volumes = [] } = await client.send(
      new DescribeVolumesCommand({ Filters: [{ Name: 'tag:occi:token', Values: [under] }] }),
    );
    client.destroy();
    return Volumes;
  };

  test('is made once of a token, whatever is lost and however many ask', async () => {
    const under = token();
    const draft = { attributes: { 'occi.storage.size': 1 } };
    proxy.faults.add({ kind: 'lost' }, { action: 'CreateVolume', times: 2 });
    const all = await Promise.all([...Array(30)].map(() => make(processOf(), 'storage', draft, under)));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(await volumesOf(under)).toHaveLength(1);
    expect((await of(processOf(), 'storage').findByToken(under))?.id).toBe(all[0]!.id);
  });

  test('is nothing that was launched with a machine', async () => {
    const adapter = processOf('carla');
    const machine = await running(adapter);
    expect((await of(adapter, 'storage').list({})).items).toEqual([]);
    expect(storagelinks(machine)).toEqual([]);
  });

  test('costs as many calls as it says', async () => {
    const adapter = processOf();
    const { get, list, update, remove, act } = of(adapter, 'storage');
    let id = '';
    expect(await callsOf(async () => ({ id } = await disk(adapter)))).toEqual(['CreateVolume']);
    expect(await callsOf(() => get(id))).toEqual(['DescribeVolumes']);
    expect(await callsOf(() => list({}))).toEqual(['DescribeVolumes']);
    expect(await callsOf(() => act!(id, 'snapshot', {}))).toEqual(['DescribeVolumes', 'CreateSnapshot']);
    const change = {
      set: { 'occi.core.title': 'more', 'occi.storage.size': 3 },
      unset: [],
      addMixins: [],
      removeMixins: [],
    };
    expect(await callsOf(() => update(id, change as never))).toEqual(['DescribeVolumes', 'ModifyVolume', 'CreateTags']);
    expect((await get(id)).attributes).toMatchObject({ 'occi.core.title': 'more', 'occi.storage.size': 3 });
    for (const size of [4, 5, 6]) await act!(id, 'resize', { size });
    await expect(act!(id, 'resize', { size: 7 })).rejects.toMatchObject({
      failure: 'conflict',
      message: expect.stringContaining('four times in 24 hours'),
      headers: { 'Retry-After': expect.stringMatching(/^86[34]\d\d$/) },
    });
    expect(await callsOf(() => remove(id))).toEqual(['DescribeVolumes', 'DeleteVolume']);
  });

  test('that others made in the account is the tenant’s only where the account is', async () => {
    const client = ec2Client(proxy);
    const { VolumeId } = await client.send(new CreateVolumeCommand({ AvailabilityZone: ZONE, Size: 2 }));
    client.destroy();
    await fails(of(processOf(), 'storage').get(VolumeId!), 'notFound');
    expect((await of(processOf('anne', { tenancy: 'single' }), 'storage').get(VolumeId!)).id).toBe(VolumeId);
  });

  test('that is not visible yet is not mistaken for a deleted one', async () => {
    const adapter = processOf();
    const under = token();
    proxy.settings.unseen = 60_000;
    const { id } = await make(adapter, 'storage', { attributes: { 'occi.storage.size': 1 } }, under);
    proxy.settings.unseen = 0;
    await fails(of(adapter, 'storage').remove(id), 'notFound');
    proxy.later(61_000);
    expect((await of(adapter, 'storage').get(id)).id).toBe(id);
  });
});
