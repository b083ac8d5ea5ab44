import { AttachVolumeCommand, CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { instance as shape } from '../../../../adapters/ec2/native/index.ts';
import { toStoragelinks } from '../../../../adapters/ec2/storage/disk-links.ts';
import { planStorages, settleLinks } from '../../../../adapters/ec2/storage/pending-links.ts';
import type { LinkDraft } from '../../../../lib/adapter/contract.ts';
import { fails } from '../../../contract/adapter.ts';
import { calls, disk, INSTANCE, instance, OTHER, showing, VOLUME, volume } from '../ebs.ts';
import { cloudOf, mocked, refusedWith } from '../mocked.ts';

const STATE = 'occi.storagelink.state';
const MESSAGE = `${STATE}.message`;

const mock = mocked();
beforeEach(() => {
  mock.reset();
  mock.on(AttachVolumeCommand).resolves({ State: 'attaching' });
  mock.on(CreateTagsCommand).resolves({}).on(DeleteTagsCommand).resolves({});
});
afterAll(() => mock.restore());

/** Each test is a process of its own. */
let cloud = cloudOf();
beforeEach(() => {
  cloud = cloudOf();
});
const link = (id: string, device?: string): LinkDraft<'storagelink'> => ({
  kind: 'storagelink',
  attributes: device === undefined ? {} : { 'occi.storagelink.deviceid': device },
  mixins: [],
  target: { kind: 'storage', id },
});

describe('Inline links', () => {
  const plan = (links: readonly LinkDraft[], zone?: string, taken: readonly string[] = []) =>
    planStorages(cloud, links, zone, taken);

  test('without storage cost no call', async () => {
    const network: LinkDraft = {
      kind: 'networkinterface',
      attributes: {},
      mixins: [],
      target: { kind: 'network', id: 'subnet-1' },
    };
    expect(await plan([network])).toEqual({ tags: [] });
    expect(await plan([], 'us-east-1a')).toEqual({ tags: [], zone: 'us-east-1a' });
    expect(calls(mock)).toEqual([]);
  });

  test('become tags with devices of their own, those that are asked for first; one call for all', async () => {
    showing(mock, [], [volume(), volume({ VolumeId: OTHER, State: 'creating' })]);
    expect(await plan([link(VOLUME), link(OTHER, '/dev/sdg')], undefined, ['/dev/sdf'])).toEqual({
      tags: [
        { Key: `occi:link:${VOLUME}`, Value: 'sdh' },
        { Key: `occi:link:${OTHER}`, Value: 'sdg' },
      ],
      zone: 'us-east-1a',
    });
    expect(calls(mock)).toEqual(['DescribeVolumes']);
  });

  test('must end at storage that is there and the tenant’s', async () => {
    showing(mock, [], [volume(), volume({ VolumeId: OTHER }, { 'occi:tenant': 'bert' })]);
    for (const id of [OTHER, 'vol-0ffffffffffffffff', 'no such thing']) {
      expect(await fails(plan([link(VOLUME), link(id)]), 'invalid')).toBe('There is no such storage.');
    }
  });

  test('cannot end at storage that is used, broken, or linked to twice', async () => {
    showing(
      mock,
      [],
      [volume({ State: 'in-use', Attachments: [{ InstanceId: INSTANCE, DeleteOnTermination: false }] })],
    );
    expect(await fails(plan([link(VOLUME)]), 'conflict')).toContain('used by 1 compute resource');
    showing(mock, [], [volume({ State: 'error' })]);
    expect(await fails(plan([link(VOLUME)]), 'conflict')).toContain('error');
    await fails(plan([link(VOLUME), link(VOLUME)]), 'conflict');
  });

  test('cannot cross zones', async () => {
    showing(mock, [], [volume(), volume({ VolumeId: OTHER, AvailabilityZone: 'us-east-1b' })]);
    expect(await fails(plan([link(VOLUME)], 'us-east-1c'), 'conflict')).toMatch(/us-east-1a.*us-east-1c/);
    expect(await fails(plan([link(VOLUME), link(OTHER)]), 'conflict')).toMatch(/us-east-1a.*us-east-1b/);
  });

  test('cannot have one device twice, nor one that is taken', async () => {
    showing(mock, [], [volume(), volume({ VolumeId: OTHER })]);
    await fails(plan([link(VOLUME, '/dev/sdf'), link(OTHER, '/dev/xvdf')]), 'conflict');
    expect(await fails(plan([link(VOLUME, '/dev/sda')], undefined, ['/dev/sda1']), 'conflict')).toContain('/dev/sda');
    expect(await fails(plan([link(VOLUME, '/dev/nvme1n1')]), 'invalid')).toContain('occi.storagelink.deviceid');
  });
});

describe('A link that waits', () => {
  const TAG = { [`occi:link:${VOLUME}`]: 'sdg' };
  const launched = (
    state: string,
    tags = TAG as Readonly<Record<string, string>>,
    disks: Parameters<typeof instance>[1] = [],
  ) => shape.parse(instance(state, disks, tags));
  const shownIn = (one: ReturnType<typeof launched>) =>
    toStoragelinks(cloud, one).map(({ id, attributes }) => [id, attributes[STATE]]);
  const ID = `${INSTANCE}:sdg:${VOLUME}`;

  test('is shown while the compute starts, without a call', async () => {
    const before = launched('pending');
    expect(await settleLinks(cloud, before)).toBe(before);
    expect(shownIn(before)).toEqual([[ID, 'waiting']]);
    expect(calls(mock)).toEqual([]);
  });

  test.each(['running', 'stopped'])('is attached by the first read of the %s compute', async (state) => {
    const after = await settleLinks(cloud, launched(state));
    expect(calls(mock)).toEqual(['AttachVolume', 'DeleteTags']);
    expect(mock.commandCalls(AttachVolumeCommand)[0]?.args[0].input).toEqual({
      InstanceId: INSTANCE,
      VolumeId: VOLUME,
      Device: '/dev/sdg',
    });
    expect(mock.commandCalls(DeleteTagsCommand)[0]?.args[0].input.Tags).toEqual([{ Key: `occi:link:${VOLUME}` }]);
    expect(shownIn(after)).toEqual([[ID, 'waiting']]);
    expect(await settleLinks(cloud, after)).toBe(after);
  });

  test('is one link, not two, when only its tag was not taken away', async () => {
    const half = launched('running', TAG, [disk('/dev/sdg', VOLUME)]);
    expect(shownIn(half)).toEqual([[ID, 'active']]);
    const after = await settleLinks(cloud, half);
    expect(calls(mock)).toEqual(['DeleteTags']);
    expect(shownIn(after)).toEqual([[ID, 'active']]);
  });

  test.each([
    ['InvalidVolume.NotFound', 'gone', /deleted/],
    ['InvalidVolume.ZoneMismatch', 'zone', /zones/],
    ['AttachmentLimitExceeded', 'full', /as many disks/],
    ['UnauthorizedOperation', 'refused', /does not permit/],
  ])('fails for good: %s', async (code, word, message) => {
    mock.on(AttachVolumeCommand).rejects(refusedWith(code));
    const after = await settleLinks(cloud, launched('running'));
    expect(mock.commandCalls(CreateTagsCommand)[0]?.args[0].input).toEqual({
      Resources: [INSTANCE],
      Tags: [{ Key: `occi:link:${VOLUME}`, Value: `sdg ${word}` }],
    });
    const [native] = toStoragelinks(cloud, after);
    expect([native!.id, native!.attributes[STATE]]).toEqual([ID, 'error']);
    expect(native!.attributes[MESSAGE]).toMatch(message);
    // It is not tried again.
    mock.resetHistory();
    expect(await settleLinks(cloud, after)).toBe(after);
    expect(calls(mock)).toEqual([]);
  });

  const point = refusedWith(
    'InvalidParameterValue',
    "Invalid value '/dev/sdg' for unixDevice. Attachment point /dev/sdg is already in use",
  );

  test.each([
    ['attached by another who looked', 'VolumeInUse', INSTANCE, 'waiting'],
    ['attached by another who looked', 'device', INSTANCE, 'waiting'],
    ['attached elsewhere', 'VolumeInUse', 'i-0fedcba9876543210', 'error'],
    ['free', 'VolumeInUse', undefined, 'waiting'],
    ['free', 'device', undefined, 'error'],
  ])('looks again when the volume is %s (%s)', async (_what, code, InstanceId, state) => {
    mock.on(AttachVolumeCommand).rejects(code === 'device' ? point : refusedWith(code));
    const Attachments =
      InstanceId === undefined ? [] : [{ InstanceId, State: 'attached' as const, DeleteOnTermination: false }];
    showing(mock, [], [volume({ Attachments })]);
    expect(shownIn(await settleLinks(cloud, launched('running')))).toEqual([[ID, state]]);
  });

  test.each([
    refusedWith('IncorrectState', 'vol-1 is not available'),
    refusedWith('RequestLimitExceeded', 'slow down', 503),
    new Error('socket hang up'),
  ])('goes on waiting after %s, and the look does not fail', async (error) => {
    mock.on(AttachVolumeCommand).rejects(error);
    cloud = cloudOf({ attempts: 1 });
    const after = await settleLinks(cloud, launched('running'));
    expect(shownIn(after)).toEqual([[ID, 'waiting']]);
    expect(mock.commandCalls(CreateTagsCommand)).toEqual([]);
    expect(mock.commandCalls(DeleteTagsCommand)).toEqual([]);
  });

  test('is attached even where its tag cannot be taken away', async () => {
    mock.on(DeleteTagsCommand).rejects(refusedWith('UnauthorizedOperation', 'no', 403));
    expect((await settleLinks(cloud, launched('running'))).BlockDeviceMappings).toHaveLength(2);
  });

  test('is given up after a quarter of an hour', async () => {
    const late = { ...launched('running'), LaunchTime: new Date(Date.now() - 16 * 60_000) };
    expect(await settleLinks(cloud, late)).toBe(late);
    const [native] = toStoragelinks(cloud, late);
    expect(native!.attributes).toMatchObject({ [STATE]: 'error', [MESSAGE]: expect.stringContaining('in time') });
    expect(calls(mock)).toEqual([]);
  });

  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const started = (tags: Readonly<Record<string, string>>) => {
    const one = launched('running', tags);
    const [root] = one.BlockDeviceMappings;
    return { ...one, BlockDeviceMappings: [{ ...root!, Ebs: { ...root!.Ebs!, AttachTime: ago(60) } }] };
  };

  test('stays given up when the machine is stopped and started: its root tells when it was launched', async () => {
    const again = started(TAG);
    expect(await settleLinks(cloud, again)).toBe(again);
    expect(shownIn(again)).toEqual([[ID, 'error']]);
    const primary = { NetworkInterfaceId: 'eni-1', Ipv6Addresses: [], Groups: [] };
    const Attachment = { DeviceIndex: 0, Status: 'attached', AttachTime: ago(60) };
    const told = { ...launched('running'), NetworkInterfaces: [{ ...primary, Attachment }] };
    expect(await settleLinks(cloud, told)).toBe(told);
    expect(calls(mock)).toEqual([]);
  });

  test('that was made at a later start waits since then', async () => {
    const since = (minutes: number) => started({ [`occi:link:${VOLUME}`]: `sdg ${ago(minutes).toISOString()}` });
    const late = since(16);
    expect(shownIn(late)).toEqual([[ID, 'error']]);
    expect(await settleLinks(cloud, late)).toBe(late);
    expect(calls(mock)).toEqual([]);
    await settleLinks(cloud, since(14));
    expect(calls(mock)).toEqual(['AttachVolume', 'DeleteTags']);
  });

  test('is attached once by a process that EC2 does not show it to yet', async () => {
    await settleLinks(cloud, launched('running'));
    mock.resetHistory();
    const after = await settleLinks(cloud, launched('running'));
    expect(calls(mock)).toEqual(['DeleteTags']);
    expect(shownIn(after)).toEqual([[ID, 'waiting']]);
  });

  test('is ignored if another user has written such a tag', () => {
    const tags = {
      'occi:link:vol-1': 'sdf',
      [`occi:link:${VOLUME}`]: '/dev/sdf',
      [`occi:link:${OTHER}`]: 'sdf constructor',
      'occi:link:vol-0fffffffffffffff0': 'sdf 2026-13-01T00:00:00Z',
      'occi:link:': 'sdf',
      'occi:linked': 'sdf',
    };
    expect(shownIn(launched('running', tags))).toEqual([]);
  });
});
