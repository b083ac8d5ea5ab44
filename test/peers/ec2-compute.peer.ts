/** Computes of EC2, against moto behind our proxy: what is sent, what comes of it, and what is left when something breaks. */
import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  DescribeVolumesCommand,
  type EC2Client,
  ModifyInstanceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, settings } from '../../adapters/ec2/index.ts';
import { imageMixinId, regionMixinId, typeMixinId, zoneMixinId } from '../../adapters/ec2/mixins.ts';
import type { Draft, KindAdapter, Native } from '../../lib/adapter/contract.ts';
import { CRTP_TEMPLATES, MIXINS } from '../../lib/occi/mixins/index.ts';
import { type Mixin, typeId } from '../../lib/occi/types.ts';
import { memoryTable } from '../../lib/table/memory.ts';
import { changeOf, computeDraft, DATA, KEY, linkTo, mixinOf, publicKey } from '../adapters/ec2/compute-drafts.ts';
import { fails } from '../contract/adapter.ts';
import type { Ec2Proxy } from '../ec2-proxy/index.ts';
import { startEc2 } from './ec2.ts';
import { ec2Client, prepare, type Site, ZONE } from './ec2-site.ts';

let proxy: Ec2Proxy;
let client: EC2Client;
let site: Site;
/** The endpoint of most cases: a process that knows its types and its image already. */
let here: Container;

type Container = ReturnType<typeof container>;

/** A process of its own; what comes back is one request in it. */
function container(change: Readonly<Record<string, unknown>> = {}) {
  const configured = settings.parse({ ...site.settings, ...change });
  const adapter = connect({ settings: configured, site: 'test', table: memoryTable(), local: true });
  const request = (name = 'anne') => adapter({ caller: { name }, deadline: Date.now() + 20_000 });
  return {
    request,
    configured,
    compute: (name?: string) => request(name).kinds.compute as Required<KindAdapter<'compute'>>,
  };
}

let tokens = 0;
const newToken = () => `compute-${process.pid}-${++tokens}`;

const make = (change: Partial<Draft<'compute'>> = {}, of = here) =>
  of.compute().create(computeDraft(change), newToken());
const stateIn = ({ attributes }: Native<'compute'>) => attributes['occi.compute.state'];
const sentLast = (action: string) => proxy.sent(action).at(-1)!;

/** The EC2 calls of some work. */
async function callsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = proxy.calls();
  await work();
  return proxy.actions().slice(before);
}

async function describedAs(id: string) {
  const { Reservations } = await client.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations![0]!.Instances![0]!;
}

async function present(): Promise<string[]> {
  return [...(await here.compute().ids({})).items];
}

const keyPairs = async () => (await client.send(new DescribeKeyPairsCommand({}))).KeyPairs!.map((key) => key.KeyName!);

beforeAll(async () => {
  proxy = await startEc2();
  site = await prepare(proxy);
  client = ec2Client(proxy);
  here = container();
  const { id } = await make();
  await here.compute().remove(id);
}, 60_000);
afterEach(() => {
  proxy.faults.end();
  Object.assign(proxy.settings, { pending: 0, stopping: 0, unseen: 0 });
});
afterAll(async () => {
  client?.destroy();
  await proxy?.stop();
});

describe('A launch', () => {
  test('is one call with one machine, tagged from the beginning, and shows what was made', async () => {
    const token = newToken();
    let made: Native<'compute'> | undefined;
    const draft = computeDraft({ attributes: { 'occi.core.title': 'ÄÖ "a", b' } });
    const calls = await callsOf(async () => {
      made = await here.compute().create(draft, token);
    });
    expect(calls).toEqual(['RunInstances']);
    expect(sentLast('RunInstances')).toMatchObject({
      ClientToken: token,
      MinCount: '1',
      MaxCount: '1',
      ImageId: site.image,
      InstanceType: 't3.micro',
      SubnetId: site.subnet,
      'MetadataOptions.HttpTokens': 'required',
      'BlockDeviceMapping.1.DeviceName': '/dev/sda1',
      'BlockDeviceMapping.1.Ebs.Encrypted': 'true',
    });
    const { Tags } = await describedAs(made!.id);
    expect(Tags).toEqual(
      expect.arrayContaining([
        { Key: 'occi:token', Value: token },
        { Key: 'occi:tenant', Value: 'anne' },
        { Key: 'Name', Value: 'ÄÖ "a", b' },
      ]),
    );
    expect(made).toMatchObject({
      kind: 'compute',
      attributes: {
        'occi.core.title': 'ÄÖ "a", b',
        'occi.compute.architecture': 'x64',
        'occi.compute.cores': 2,
        'occi.compute.memory': 1,
        'occi.compute.state': 'waiting',
      },
      mixins: [imageMixinId(site.image), typeMixinId('t3.micro'), zoneMixinId(ZONE), regionMixinId(here.configured)],
    });
  });

  test('tags its volumes as the tenant’s and not as what the token stands for', async () => {
    const { id } = await make();
    const { BlockDeviceMappings } = await describedAs(id);
    const VolumeIds = BlockDeviceMappings!.map(({ Ebs }) => Ebs!.VolumeId!);
    const { Volumes } = await client.send(new DescribeVolumesCommand({ VolumeIds }));
    expect(Volumes!.map(({ Tags, Encrypted }) => [Tags, Encrypted])).toEqual([
      [[{ Key: 'occi:tenant', Value: 'anne' }], true],
    ]);
  });

  test('needs an image, of the request or of the settings', async () => {
    const without = container({ images: { ids: [site.image] } });
    expect(await fails(make({}, without), 'invalid')).toContain('os_tpl');
    const named = await make({ mixins: [mixinOf(imageMixinId(site.image))] }, without);
    expect(named.mixins).toContain(imageMixinId(site.image));
    const gone = mixinOf(imageMixinId('ami-00000000000000000'));
    expect(await fails(make({ mixins: [gone] }), 'invalid')).toContain('OS template');
  });

  test('hands over user data, as text and as base64', async () => {
    await make({ attributes: { [DATA]: '#!/bin/sh\necho ÄÖ\n' }, mixins: [MIXINS.user_data] });
    expect(Buffer.from(sentLast('RunInstances').UserData!, 'base64').toString()).toBe('#!/bin/sh\necho ÄÖ\n');
    const base64 = Buffer.from('#cloud-config\n').toString('base64');
    const made = await make({ attributes: { [DATA]: base64 }, mixins: [MIXINS.user_data] });
    expect(sentLast('RunInstances').UserData).toBe(base64);
    expect(made.mixins).toContain(typeId(MIXINS.user_data));
    const calls = proxy.calls();
    const long = { attributes: { [DATA]: '#'.repeat(16_385) }, mixins: [MIXINS.user_data] };
    expect(await fails(make(long), 'invalid')).toContain(DATA);
    expect(proxy.calls()).toBe(calls);
    await make({ attributes: { [DATA]: '#'.repeat(16_384) } });
  });

  test('is refused for an architecture that the image does not have', async () => {
    await make({ attributes: { 'occi.compute.architecture': 'x64' } });
    const other = make({ attributes: { 'occi.compute.architecture': 'x86' } });
    expect(await fails(other, 'conflict')).toContain('x64');
  });
});

describe('The size of a compute', () => {
  const crtp = (term: string): Mixin => CRTP_TEMPLATES.find((size) => size.term === term)!;

  test('is that of its template', async () => {
    const made = await make({ mixins: [mixinOf(typeMixinId('m6i.large'))] });
    expect(made.attributes).toMatchObject({ 'occi.compute.cores': 2, 'occi.compute.memory': 8 });
    expect(made.mixins).toContain(typeMixinId('m6i.large'));
    expect(await here.compute().get(made.id)).toMatchObject({ mixins: made.mixins });
  });

  test('is one of the profile, which it goes on to show', async () => {
    const made = await make({ mixins: [crtp('mem_medium')] });
    expect(sentLast('RunInstances').InstanceType).toBe('t3.large');
    expect(made.mixins).toContain(typeId(crtp('mem_medium')));
    expect(made.mixins).not.toContain(typeMixinId('t3.large'));
    expect((await container().compute().get(made.id)).mixins).toEqual(made.mixins);
  });

  test.each([
    [{ 'occi.compute.cores': 1 }, 't3.micro'],
    [{ 'occi.compute.memory': 1.5 }, 't3.small'],
    [{ 'occi.compute.cores': 3, 'occi.compute.memory': 2 }, 'm6i.xlarge'],
    [{ 'occi.compute.memory': 16 }, 'm6i.xlarge'],
    [{ 'occi.compute.cores': 2, 'occi.compute.memory': 8 }, 't3.large'],
  ])('is the smallest that has %j', async (attributes, type) => {
    await make({ attributes });
    expect(sentLast('RunInstances').InstanceType).toBe(type);
  });

  test('cannot be more than any has', async () => {
    const asked = make({ attributes: { 'occi.compute.cores': 64, 'occi.compute.memory': 2 } });
    const sentence = await fails(asked, 'invalid');
    expect(sentence).toContain('occi.compute.cores');
    expect(sentence).toContain('occi.compute.memory');
    expect(await fails(make({ attributes: { 'occi.compute.memory': 4096 } }), 'invalid')).not.toContain('cores');
  });
});

describe('A key', () => {
  const draftWith = (key: string) => ({ attributes: { [KEY]: key }, mixins: [MIXINS.ssh_key] });

  test('is imported once and goes with the last compute that has it', async () => {
    const key = publicKey(7);
    const before = await keyPairs();
    let one: Native<'compute'> | undefined;
    const first = await callsOf(async () => {
      one = await make(draftWith(key));
    });
    expect(first).toEqual(['ImportKeyPair', 'RunInstances']);
    const [name] = (await keyPairs()).filter((one) => !before.includes(one));
    expect(name).toMatch(/^occi-[0-9a-f]{64}$/);
    let second: Native<'compute'> | undefined;
    const calls = await callsOf(async () => {
      second = await make(draftWith(publicKey(7, 'ssh-ed25519', 'another comment')));
    });
    expect(calls).toEqual(['RunInstances']);
    expect(sentLast('RunInstances').KeyName).toBe(name);
    expect(second!.mixins).toContain(typeId(MIXINS.ssh_key));
    const third = await make(draftWith(key), container());
    const users = (await here.compute().list({})).items.filter(({ mixins }) => mixins.includes(typeId(MIXINS.ssh_key)));
    expect(users).toHaveLength(3);
    await here.compute().remove(second!.id);
    await here.compute().remove(third.id);
    expect(await keyPairs()).toContain(name);
    await here.compute().remove(one!.id);
    expect(await keyPairs()).not.toContain(name);
    // The process does not go on to believe that it is there.
    const again = await make(draftWith(key));
    await here.compute().remove(again.id);
    expect(await keyPairs()).toEqual(before);
  });

  test('that was deleted by another is imported again', async () => {
    const key = publicKey(8);
    const one = await make(draftWith(key));
    await container().compute().remove(one.id);
    const calls = await callsOf(() => make(draftWith(key)));
    expect(calls).toEqual(['RunInstances', 'ImportKeyPair', 'RunInstances']);
  });

  test('of two tenants is two key pairs', async () => {
    const before = (await keyPairs()).length;
    await here.compute('anne').create(computeDraft(draftWith(publicKey(9))), newToken());
    await here.compute('bob').create(computeDraft(draftWith(publicKey(9))), newToken());
    expect((await keyPairs()).length).toBe(before + 2);
  });

  test('is not left behind by a launch that fails', async () => {
    const before = await keyPairs();
    proxy.faults.add({ kind: 'error', code: 'InstanceLimitExceeded' }, { action: 'RunInstances' });
    await fails(make(draftWith(publicKey(10))), 'conflict');
    expect(await keyPairs()).toEqual(before);
  });

  test('that EC2 cannot take is named by its attribute', async () => {
    for (const key of [publicKey(1, 'ecdsa-sha2-nistp256'), 'ssh-rsa AAAA', 'ssh-dss AAAAB3NzaC1kc3M= me']) {
      expect(await fails(make(draftWith(key)), 'invalid')).toContain(KEY);
    }
  });
});

describe('The place of a compute', () => {
  const inZone = (zone: string) => mixinOf(zoneMixinId(zone));

  test('is the zone that is asked for', async () => {
    const free = container({ subnet: undefined, zone: undefined });
    const made = await make({ mixins: [inZone('us-east-1c')] }, free);
    expect(made.mixins).toContain(zoneMixinId('us-east-1c'));
    expect(sentLast('RunInstances')['Placement.AvailabilityZone']).toBe('us-east-1c');
    await make({}, free);
    expect(sentLast('RunInstances')['Placement.AvailabilityZone']).toBeUndefined();
  });

  test('cannot be two zones: the refusal names both', async () => {
    const asked = inZone('us-east-1b');
    const calls = proxy.calls('RunInstances');
    const withNetwork = { mixins: [asked], links: [linkTo('network', site.subnet)] };
    for (const draft of [withNetwork, { mixins: [asked] }]) {
      const sentence = await fails(make(draft), 'conflict');
      expect(sentence).toContain('us-east-1b');
      expect(sentence).toContain(ZONE);
    }
    const storage = here.request().kinds.storage!;
    const elsewhere = await storage.create!(
      { kind: 'storage', attributes: { 'occi.storage.size': 1 }, mixins: [asked], links: [] },
      newToken(),
    );
    const sentence = await fails(
      make({ links: [linkTo('network', site.subnet), linkTo('storage', elsewhere.id)] }),
      'conflict',
    );
    expect(sentence).toContain('us-east-1b');
    expect(sentence).toContain(ZONE);
    expect(proxy.calls('RunInstances')).toBe(calls);
  });

  test('is that of its storage', async () => {
    const free = container({ subnet: undefined, zone: 'us-east-1a' });
    const storage = await free.request().kinds.storage!.create!(
      { kind: 'storage', attributes: { 'occi.storage.size': 1 }, mixins: [inZone('us-east-1d')], links: [] },
      newToken(),
    );
    const made = await make({ links: [linkTo('storage', storage.id)] }, free);
    expect(made.mixins).toContain(zoneMixinId('us-east-1d'));
    expect(made.links?.[0]).toMatchObject({ kind: 'storagelink', target: { kind: 'storage', id: storage.id } });
  });
});

describe('A token', () => {
  test('makes one machine, in however many processes it is sent at once', async () => {
    const token = newToken();
    const processes = [here, container(), container()];
    const many = Array.from({ length: 30 }, (_, at) =>
      processes[at % 3]!.compute().create(computeDraft({ attributes: { 'occi.core.title': 'once' } }), token),
    );
    const made = await Promise.all(many);
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    const listed = (await here.compute().list({})).items;
    expect(listed.filter(({ attributes }) => attributes['occi.core.title'] === 'once')).toHaveLength(1);
  });

  test('finds the machine of an answer that was lost', async () => {
    const token = newToken();
    const before = await present();
    proxy.faults.add({ kind: 'lost' }, { action: 'RunInstances' });
    const error = await container({ attempts: 1 })
      .compute()
      .create(computeDraft(), token)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ failure: 'unavailable', unknownOutcome: true });
    proxy.faults.end();
    const [left, ...more] = (await present()).filter((id) => !before.includes(id));
    expect(more).toEqual([]);
    const again = container().compute();
    expect((await again.findByToken(token))?.id).toBe(left);
    expect((await again.create(computeDraft(), token)).id).toBe(left);
    expect((await present()).filter((id) => !before.includes(id))).toEqual([left]);
  });

  test('finds the machine when a default has changed since', async () => {
    const token = newToken();
    const { id } = await here.compute().create(computeDraft(), token);
    const changed = container({ defaultType: 't3.small' });
    expect((await changed.compute().create(computeDraft(), token)).id).toBe(id);
  });

  test('finds nothing of another tenant, and nothing that is gone', async () => {
    const token = newToken();
    const { id } = await here.compute().create(computeDraft(), token);
    expect(await container().compute('bob').findByToken(token)).toBeUndefined();
    await here.compute().remove(id);
    expect(await container().compute().findByToken(token)).toBeUndefined();
  });
});

describe('Reserved addresses of a launch', () => {
  const reserve = async () =>
    here.request().kinds.ipreservation!.create!(
      {
        kind: 'ipreservation',
        attributes: {},
        mixins: [mixinOf('http://schemas.ec2.aws.amazon.com/occi/infrastructure/floatingippool#amazon')],
        links: [],
      },
      newToken(),
    );
  const draftWith = (address: string) =>
    computeDraft({ links: [linkTo('network', site.subnet), linkTo('ipreservation', address)] });

  test('wait for it to run, and are shown in the order of the request', async () => {
    const { id } = await reserve();
    proxy.settings.pending = 60_000;
    let made: Native<'compute'> | undefined;
    const calls = await callsOf(async () => {
      made = await here.compute().create(draftWith(id), newToken());
    });
    // Nothing comes after the launch that could fail.
    expect(calls.at(-1)).toBe('RunInstances');
    expect(made!.links?.slice(0, 2).map(({ target }) => target)).toEqual([
      { kind: 'network', id: site.subnet },
      { kind: 'ipreservation', id },
    ]);
    const ofAddress = ({ links = [] }: Native) => links.find(({ target }) => target?.id === id)!;
    expect(ofAddress(made!).attributes['occi.networkinterface.state']).toBe('waiting');
    proxy.later(61_000);
    const got = await here.compute().get(made!.id);
    expect(ofAddress(got)).toMatchObject({
      id: ofAddress(made!).id,
      attributes: { 'occi.networkinterface.state': 'active' },
    });
  });

  test('that are not there are named before anything is made', async () => {
    const calls = await callsOf(() =>
      fails(here.compute().create(draftWith('eipalloc-00000000'), newToken()), 'invalid'),
    );
    expect(calls).not.toContain('RunInstances');
  });
});

describe('A change of a compute', () => {
  test('of its size waits for it to be inactive', async () => {
    const { id } = await make();
    const bigger = changeOf({ set: { 'occi.compute.cores': 4 } });
    expect(await fails(here.compute().update(id, bigger), 'conflict')).toContain('active');
    await here.compute().act(id, 'stop', {});
    const changed = await here.compute().update(id, bigger);
    expect(changed.attributes).toMatchObject({ 'occi.compute.cores': 4, 'occi.compute.memory': 16 });
    expect(await here.compute().get(id)).toEqual(changed);
    const back = await here
      .compute()
      .update(id, changeOf({ addMixins: [CRTP_TEMPLATES[0]], set: { 'occi.compute.cores': 1 } }));
    expect(back.mixins).toContain(typeId(CRTP_TEMPLATES[0]));
    expect(await here.compute().get(id)).toEqual(back);
    const own = await here.compute().update(id, changeOf({ addMixins: [mixinOf(typeMixinId('t3.micro'))] }));
    expect(own.mixins).toContain(typeMixinId('t3.micro'));
    expect(await here.compute().get(id)).toEqual(own);
  });

  test('to its current value is not a change', async () => {
    const key = publicKey(20);
    const made = await make({ attributes: { [KEY]: key }, mixins: [MIXINS.ssh_key, CRTP_TEMPLATES[0]] });
    const set = {
      'occi.compute.architecture': 'x64',
      'occi.compute.cores': 1,
      'occi.compute.memory': 1,
      [KEY]: key,
    } as const;
    const same = changeOf({ set, addMixins: made.mixins.map(mixinOf) });
    const calls = await callsOf(async () => {
      const { links, ...shown } = await here.compute().update(made.id, same);
      expect(shown.mixins).toEqual(made.mixins);
    });
    expect(calls).toEqual(['DescribeInstances']);
  });

  test('of what it keeps for ever is refused', async () => {
    const { id, mixins } = await make();
    const changes = [
      changeOf({ addMixins: [mixinOf(imageMixinId('ami-00000000000000000'))], removeMixins: [mixins[0]!] }),
      changeOf({ addMixins: [mixinOf(zoneMixinId('us-east-1b'))] }),
      changeOf({ set: { 'occi.compute.architecture': 'x86' } }),
      changeOf({ set: { [KEY]: publicKey(21) }, addMixins: [MIXINS.ssh_key] }),
      changeOf({ set: { [DATA]: '#!/bin/sh' }, addMixins: [MIXINS.user_data] }),
    ];
    for (const change of changes) await fails(here.compute().update(id, change), 'notImplemented');
    expect((await here.compute().get(id)).mixins).toEqual(mixins);
  });

  test('of its title costs one call more than a look', async () => {
    const { id } = await make();
    const title = changeOf({ set: { 'occi.core.title': 'new' } });
    expect(await callsOf(() => here.compute().update(id, title))).toEqual(['DescribeInstances', 'CreateTags']);
    expect(await callsOf(() => here.compute().update(id, changeOf({ unset: ['occi.core.title'] })))).toEqual([
      'DescribeInstances',
      'DeleteTags',
    ]);
    expect((await here.compute().get(id)).attributes['occi.core.title']).toBeUndefined();
  });
});

describe('An action', () => {
  test('is reported as accepted, and the next read in the request shows it under way', async () => {
    const { id } = await make();
    const request = here.compute();
    proxy.settings.stopping = 60_000;
    expect(await callsOf(() => request.act(id, 'stop', {}))).toEqual(['DescribeInstances', 'StopInstances']);
    expect(stateIn(await request.get(id))).toBe('waiting');
    expect(await fails(request.act(id, 'start', {}), 'conflict')).toMatch(/waiting.*start/);
    proxy.later(61_000);
    expect(stateIn(await here.compute().get(id))).toBe('inactive');
    expect(await fails(here.compute().act(id, 'restart', {}), 'conflict')).toMatch(/inactive.*restart/);
  });

  test('has its method', async () => {
    const { id } = await make();
    await here.compute().act(id, 'stop', { method: 'poweroff' });
    expect(sentLast('StopInstances')).toMatchObject({ Force: 'true' });
    await here.compute().act(id, 'start', {});
    await here.compute().act(id, 'stop', { method: 'acpioff' });
    expect(sentLast('StopInstances').Force).toBeUndefined();
  });

  test('suspend needs a machine that was launched for it', async () => {
    const { id } = await make();
    expect(await fails(here.compute().act(id, 'suspend', {}), 'conflict')).toContain('suspended');
    const sleepy = container({ hibernation: true });
    const made = await make({}, sleepy);
    expect(sentLast('RunInstances')).toMatchObject({ 'HibernationOptions.Configured': 'true' });
    expect(Number(sentLast('RunInstances')['BlockDeviceMapping.1.Ebs.VolumeSize'])).toBeGreaterThan(1);
    await sleepy.compute().act(made.id, 'suspend', { method: 'suspend' });
    expect(sentLast('StopInstances')).toMatchObject({ Hibernate: 'true' });
    expect(stateIn(await sleepy.compute().get(made.id))).toBe('suspended');
    await sleepy.compute().act(made.id, 'start', {});
    expect(stateIn(await sleepy.compute().get(made.id))).toBe('active');
  });

  test('save makes a template that is the tenant’s, under any name', async () => {
    const { id } = await make({ attributes: { 'occi.core.title': 'Träume, "süße"; 💾' } });
    const { mixin } = await here.compute().act(id, 'save', {});
    expect(sentLast('CreateImage')).toMatchObject({ NoReboot: 'true' });
    const { Images } = await client.send(new DescribeImagesCommand({ ImageIds: [mixin!.term] }));
    expect(Images![0]!.Tags).toEqual(
      expect.arrayContaining([
        { Key: 'Name', Value: 'Träume, "süße"; 💾' },
        { Key: 'occi:tenant', Value: 'anne' },
      ]),
    );
    const named = await here.compute().act(id, 'save', { name: 'again', method: 'deferred' });
    expect(sentLast('CreateImage')).toMatchObject({ NoReboot: 'false' });
    const same = await here.compute().act(id, 'save', { name: 'again' });
    expect(same.mixin?.term).not.toBe(named.mixin?.term);
    const offered = (await container().request().catalogue()).mixins;
    for (const one of [mixin, named.mixin, same.mixin]) expect(offered).toContainEqual(one);
  });
});

describe('Removing a compute', () => {
  test('costs two calls', async () => {
    const { id } = await make();
    const calls = await callsOf(() => here.compute().remove(id));
    expect(calls).toEqual(['DescribeInstances', 'TerminateInstances']);
    await fails(here.compute().remove(id), 'notFound');
  });

  test('is refused where the provider protects it', async () => {
    const { id } = await make();
    const protect = (Value: boolean) =>
      client.send(new ModifyInstanceAttributeCommand({ InstanceId: id, DisableApiTermination: { Value } }));
    await protect(true);
    expect(await fails(here.compute().remove(id), 'conflict')).not.toContain(id);
    await protect(false);
    await here.compute().remove(id);
  });

  test('that died on its way leaves no key, and is done by the next', async () => {
    const before = await keyPairs();
    const { id } = await make({ attributes: { [KEY]: publicKey(30) }, mixins: [MIXINS.ssh_key] });
    expect(await keyPairs()).toHaveLength(before.length + 1);
    proxy.settings.shuttingDown = 60_000;
    proxy.faults.add({ kind: 'lost' }, { action: 'TerminateInstances' });
    await container({ attempts: 1 })
      .compute()
      .remove(id)
      .catch(() => {});
    proxy.faults.end();
    expect(await keyPairs()).toEqual(before);
    await container().compute().remove(id);
    proxy.later(61_000);
    proxy.settings.shuttingDown = 0;
  });
});

describe('The group of a machine that names none', () => {
  const groupsIn = async (id: string) => (await describedAs(id)).SecurityGroups!.map(({ GroupId }) => GroupId!);

  test('is the tenant’s own, without a rule that lets others in', async () => {
    const [mine, other] = [await make(), await here.compute('bob').create(computeDraft(), newToken())];
    const [group, ...more] = await groupsIn(mine.id);
    expect(more).toEqual([]);
    expect(await groupsIn(other.id)).not.toContain(group);
    const groups = here.request().kinds.securitygroup!;
    expect(await groups.get(group!)).toMatchObject({
      attributes: {
        'occi.core.title': 'default',
        'occi.securitygroup.rules': [{ type: 'outbound', protocol: 'all' }],
      },
    });
    expect((await groups.ids({})).items).toContain(group);
    await fails(here.request('bob').kinds.securitygroup!.get(group!), 'notFound');
    const link = mine.links!.find(({ kind }) => kind === 'securitygrouplink');
    expect(link?.target).toEqual({ kind: 'securitygroup', id: group });
    // Also in the networks that are linked, and in every process.
    const linked = await make({ links: [linkTo('network', site.subnet)] }, container());
    expect(await groupsIn(linked.id)).toEqual([group]);
  });

  test('has the rules that the tenant gives it, and is created again after the tenant deletes it', async () => {
    const carol = (of = here) => of.request('carol').kinds;
    const groupOf = async (of = here) => {
      const { id } = await of.compute('carol').create(computeDraft(), newToken());
      const [group] = await groupsIn(id);
      return { id, group: group! };
    };
    const one = await groupOf();
    const rules = [
      { type: 'outbound', protocol: 'all' },
      { type: 'inbound', protocol: 'tcp', port: '22', range: '0.0.0.0/0' },
    ];
    await carol().securitygroup!.update!(
      one.group,
      changeOf({ set: { 'occi.securitygroup.rules': rules as never } }) as never,
    );
    const again = await groupOf(container());
    expect(again.group).toBe(one.group);
    expect((await carol().securitygroup!.get(one.group)).attributes['occi.securitygroup.rules']).toEqual(rules);
    for (const { id } of [one, again]) await here.compute('carol').remove(id);
    await container().request('carol').kinds.securitygroup!.remove!(one.group);
    expect((await groupOf()).group).not.toBe(one.group);
  });

  test('is EC2’s where one tenant has the account', async () => {
    const { id } = await make({}, container({ tenancy: 'single' }));
    expect((await describedAs(id)).SecurityGroups!.map(({ GroupName }) => GroupName)).toEqual(['default']);
  });
});

describe('A cloud that is slow to show what was made', () => {
  test('does not make a create fail', async () => {
    proxy.settings.unseen = 60_000;
    const { id } = await make();
    await fails(here.compute().get(id), 'notFound');
    proxy.later(61_000);
    expect((await here.compute().get(id)).id).toBe(id);
  });
});

test('A look costs one call', async () => {
  const { id } = await make();
  expect(await callsOf(() => here.compute().get(id))).toEqual(['DescribeInstances']);
  expect(await callsOf(() => here.compute().list({}))).toEqual(expect.arrayContaining(['DescribeInstances']));
  for (const wrong of ['', 'i-1', 'vol-0123456789abcdef0', '../etc', 'i-0123456789abcdef0 ']) {
    expect(await callsOf(() => fails(here.compute().get(wrong), 'notFound'))).toEqual([]);
  }
});
