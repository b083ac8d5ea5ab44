import {
  CreateSnapshotCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DeleteTagsCommand,
  DeleteVolumeCommand,
  DescribeVolumesCommand,
  ModifyVolumeCommand,
  type Volume,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { zoneMixin } from '../../../../adapters/ec2/mixins.ts';
import { storage } from '../../../../adapters/ec2/storage/storage.ts';
import type { Change, Draft } from '../../../../lib/adapter/contract.ts';
import { type Attributes, type Mixin, typeId } from '../../../../lib/occi/types.ts';
import { fails } from '../../../contract/adapter.ts';
import { calls, INSTANCE, OTHER, showing, VOLUME, volume } from '../ebs.ts';
import { cloudOf, mocked, refusedWith } from '../mocked.ts';

const SIZE = 'occi.storage.size';
const TITLE = 'occi.core.title';

const mock = mocked();
beforeEach(() => {
  mock.reset();
});
afterAll(() => mock.restore());

const at = (change: Readonly<Record<string, unknown>> = { zone: 'us-east-1a' }) => {
  const kind = storage(cloudOf(change));
  return { ...kind, create: kind.create!, update: kind.update!, remove: kind.remove!, act: kind.act! };
};

const draft = (attributes: Attributes = {}, mixins: readonly Mixin[] = []): Draft<'storage'> =>
  ({ kind: 'storage', attributes: { [SIZE]: 1, ...attributes }, mixins, links: [] }) as Draft<'storage'>;

const change = (set: Attributes, rest: Partial<Change<'storage'>> = {}): Change<'storage'> =>
  ({ set, unset: [], addMixins: [], removeMixins: [], ...rest }) as Change<'storage'>;

/** EC2 shows this volume. */
const shows = (shown: Volume) => showing(mock, [], [shown]);

const attachedTo = (...instances: readonly string[]) =>
  instances.map(
    (InstanceId) => ({ InstanceId, Device: '/dev/sdf', State: 'attached', DeleteOnTermination: false }) as const,
  );

const created = () => mock.commandCalls(CreateVolumeCommand).map(({ args }) => args[0].input);

describe('A new storage', () => {
  test('is encrypted with the key of the settings', async () => {
    mock.on(CreateVolumeCommand).resolves(volume({ State: 'creating', Size: 10 }));
    await at({ zone: 'us-east-1b', volumeKey: 'alias/volumes' }).create(draft({ [SIZE]: 10 }), 'a token');
    expect(created()).toMatchObject([{ Encrypted: true, KmsKeyId: 'alias/volumes' }]);
  });

  test('is made as the settings say, with its token, its tenant and its title', async () => {
    mock.on(CreateVolumeCommand).resolves(volume({ State: 'creating', Size: 10 }));
    const made = await at({ zone: 'us-east-1b', volumeType: 'gp2', encrypted: false }).create(
      draft({ [SIZE]: 10, [TITLE]: 'data' }),
      'a token',
    );
    expect(created()).toEqual([
      {
        ClientToken: expect.stringMatching(/^[0-9a-f]{64}$/),
        AvailabilityZone: 'us-east-1b',
        Size: 10,
        VolumeType: 'gp2',
        Encrypted: false,
        TagSpecifications: [
          {
            ResourceType: 'volume',
            Tags: [
              { Key: 'occi:token', Value: 'a token' },
              { Key: 'occi:tenant', Value: 'anne' },
              { Key: 'Name', Value: 'data' },
            ],
          },
        ],
      },
    ]);
    expect(made.attributes).toMatchObject({ [SIZE]: 10, 'occi.storage.state': 'waiting' });
    expect(calls(mock)).toEqual(['CreateVolume']);
  });

  test('is in the zone of its mixin, which comes before that of the settings', async () => {
    mock.on(CreateVolumeCommand).resolves(volume({ AvailabilityZone: 'us-east-1c' }));
    const made = await at().create(draft({}, [zoneMixin('us-east-1c')]), 'a token');
    expect(created()[0]?.AvailabilityZone).toBe('us-east-1c');
    expect(made.mixins).toContain(typeId(zoneMixin('us-east-1c')));
  });

  test('must name a zone where none is preset', async () => {
    expect(await fails(at({}).create(draft(), 'a token'), 'invalid')).toContain('availability_zone');
    expect(created()).toEqual([]);
  });

  test.each([
    [0.1, 1],
    [1, 1],
    [1.5, 2],
    [1.1 * 10, 11],
    [11.2, 12],
  ])('that is to have %s GiB has %s, and counts as much', async (asked, size) => {
    mock.on(CreateVolumeCommand).callsFake(({ Size }) => volume({ Size }));
    const made = await at().create(draft({ [SIZE]: asked }), 'a token');
    expect(created()[0]?.Size).toBe(size);
    expect(made.attributes[SIZE]).toBe(size);
    expect(await at().sizeOfNew!(draft({ [SIZE]: asked }))).toEqual({ [SIZE]: size });
  });

  test.each(['st1', 'sc1'])('of the type %s is refused below 125 GiB, which would cost as much', async (volumeType) => {
    mock.on(CreateVolumeCommand).callsFake(({ Size }) => volume({ Size }));
    const kind = at({ zone: 'us-east-1a', volumeType });
    expect(await fails(kind.create(draft({ [SIZE]: 124 }), 'a token'), 'invalid')).toMatch(/occi.storage.size.*125/);
    expect(created()).toEqual([]);
    expect((await kind.create(draft({ [SIZE]: 124.5 }), 'a token')).attributes[SIZE]).toBe(125);
  });

  test.each([
    ['InvalidParameterValue', 'Volume of 20000GiB is too large for volume type gp3', 'invalid', SIZE],
    ['InvalidParameterValue', 'Something else', 'invalid', 'storage'],
    ['InvalidZone.NotFound', "The zone 'us-east-1z' does not exist.", 'invalid', 'availability zone'],
    ['VolumeLimitExceeded', 'Too many', 'conflict', 'storage'],
    ['InsufficientVolumeCapacity', 'None left', 'unavailable', 'storage'],
    ['UnauthorizedOperation', 'Encoded authorization failure message: secret', 'forbidden', 'provider'],
  ] as const)('that EC2 refuses with %s (%s) is %s', async (code, message, failure, word) => {
    mock.on(CreateVolumeCommand).rejects(refusedWith(code, message));
    const sentence = await fails(at().create(draft(), 'a token'), failure);
    expect(sentence).toContain(word);
    expect(sentence).not.toContain(message);
  });
});

describe('A volume', () => {
  const of = async (shown: Volume, settings = {}) => {
    shows(shown);
    return storage(cloudOf(settings)).get(VOLUME);
  };

  test.each([
    ['creating', 'waiting'],
    ['available', 'online'],
    ['in-use', 'online'],
    ['error', 'error'],
    ['optimised', 'waiting'],
  ])('that is %s is shown as %s', async (State, state) => {
    const { attributes } = await of(volume({ State: State as never }));
    expect(attributes['occi.storage.state']).toBe(state);
    if (State === 'optimised') expect(attributes['occi.storage.state.message']).toContain('optimised');
  });

  test.each(['deleting', 'deleted'])('that is %s is gone', async (State) => {
    await fails(of(volume({ State: State as never })), 'notFound');
    expect((await at().list({})).items).toEqual([]);
  });

  const goesWithIt = [
    { InstanceId: INSTANCE, Device: '/dev/sda1', State: 'attached', DeleteOnTermination: true },
  ] as const;

  test('that was launched with a machine is part of it while it goes with it', async () => {
    const root = volume({ State: 'in-use', Attachments: [...goesWithIt] }, {});
    await fails(of(root), 'notFound');
    expect((await at().ids({})).items).toEqual([]);
    const { VolumeId } = volume();
    shows(volume({}, {}));
    expect((await at().ids({})).items).toEqual([VolumeId]);
    shows(volume({ State: 'in-use', Attachments: attachedTo(INSTANCE) }, {}));
    expect((await at().ids({})).items).toEqual([VolumeId]);
  });

  test('that was created as storage stays storage, even if a user sets it to be deleted with the machine', async () => {
    expect((await of(volume({ State: 'in-use', Attachments: [...goesWithIt] }))).id).toBe(VOLUME);
  });

  test("that is another tenant's is not there; one without a tenant is the account's where only one has it", async () => {
    await fails(of(volume({}, { 'occi:tenant': 'bert' })), 'notFound');
    const untagged = volume({ Tags: [{ Key: 'Name', Value: 'by hand' }] });
    await fails(of(untagged), 'notFound');
    expect((await of(untagged, { tenancy: 'single' })).attributes[TITLE]).toBe('by hand');
  });

  test.each([
    ['is in no answer', [], {}, true],
    ['has no tags yet', [volume({ Tags: [] })], {}, true],
    ["is another tenant's", [volume({}, { 'occi:tenant': 'bert' })], {}, false],
    ['is deleted', [volume({ State: 'deleted', Tags: [] })], {}, false],
    ['is part of a machine', [volume({ Attachments: [...goesWithIt], Tags: [] })], { tenancy: 'single' }, false],
  ])('that %s is not there, and may be unseen', async (_what, found, settings, unseen) => {
    showing(mock, [], found);
    await expect(storage(cloudOf(settings)).get(VOLUME)).rejects.toMatchObject({ failure: 'notFound', unseen });
  });

  test('is asked for by nothing that is no id of a volume', async () => {
    for (const id of ['vol-1', 'vol-0123456789abcdef0,vol-0fedcba9876543210', INSTANCE, '']) {
      await fails(at().get(id), 'notFound');
    }
    expect(calls(mock)).toEqual([]);
  });

  test('is listed by id, with one call for each page of EC2', async () => {
    mock
      .on(DescribeVolumesCommand)
      .resolvesOnce({ Volumes: [volume()], NextToken: 'more' })
      .resolves({ Volumes: [volume({ VolumeId: 'vol-00000000000000001' })] });
    expect((await at().ids({})).items).toEqual(['vol-00000000000000001', VOLUME]);
    expect(mock.commandCalls(DescribeVolumesCommand).map(({ args }) => args[0].input.NextToken)).toEqual([
      undefined,
      'more',
    ]);
  });
});

describe('A storage that grows', () => {
  const modified = (ModificationState: 'modifying' | 'optimizing') =>
    mock.on(ModifyVolumeCommand).resolves({ VolumeModification: { TargetSize: 8, ModificationState } });

  test.each([
    ['modifying', 4],
    ['optimizing', 8],
  ] as const)('has its new size when EC2 says so: %s', async (state, size) => {
    shows(volume());
    modified(state);
    const grown = await at().update(VOLUME, change({ [SIZE]: 8 }));
    expect(grown.attributes[SIZE]).toBe(size);
  });

  test('by nothing costs nothing', async () => {
    shows(volume());
    await at().update(VOLUME, change({ [SIZE]: 4 }));
    await at().act(VOLUME, 'resize', { size: 4 });
    expect(calls(mock)).toEqual(['DescribeVolumes', 'DescribeVolumes']);
  });

  test('cannot shrink', async () => {
    shows(volume());
    expect(await fails(at().update(VOLUME, change({ [SIZE]: 2.5 })), 'conflict')).toContain(SIZE);
    expect(await fails(at().act(VOLUME, 'resize', { size: 3 }), 'conflict')).toContain('size');
    expect(mock.commandCalls(ModifyVolumeCommand)).toEqual([]);
  });

  test('has whole GiB: a part of one is rounded up, and is no change where it is there already', async () => {
    shows(volume());
    modified('optimizing');
    expect((await at().update(VOLUME, change({ [SIZE]: 3.5 }))).attributes[SIZE]).toBe(4);
    await at().act(VOLUME, 'resize', { size: 3.1 });
    expect(mock.commandCalls(ModifyVolumeCommand)).toEqual([]);
    expect((await at().update(VOLUME, change({ [SIZE]: 7.5 }))).attributes[SIZE]).toBe(8);
    await at().act(VOLUME, 'resize', { size: 7.1 });
    expect(mock.commandCalls(ModifyVolumeCommand).map(({ args }) => args[0].input.Size)).toEqual([8, 8]);
  });

  test.each([
    ['VolumeModificationRateExceeded', 'conflict', 'four times in 24 hours'],
    ['IncorrectModificationState', 'conflict', 'not complete yet'],
    ['IncorrectState', 'conflict', 'state'],
    ['InvalidParameterValue', 'invalid', 'size'],
    ['InvalidVolume.NotFound', 'notFound', 'storage'],
  ] as const)('may be refused: %s is %s', async (code, failure, word) => {
    shows(volume());
    mock.on(ModifyVolumeCommand).rejects(refusedWith(code));
    expect(await fails(at().act(VOLUME, 'resize', { size: 8 }), failure)).toContain(word);
  });
});

describe('A storage that grew too often', () => {
  const LIMIT = "You've reached the maximum modification rate per volume limit.";
  const in90Minutes = new Date(Date.now() + 90 * 60_000).toISOString();

  test.each([
    ['says no time', 'VolumeModificationRateExceeded', `${LIMIT} Wait.`, 21_600, 21_600],
    ['says a time', 'VolumeModificationRateExceeded', `${LIMIT} Try again after ${in90Minutes}.`, 5300, 5400],
    ['says a time that is over', 'VolumeModificationRateExceeded', `${LIMIT} 2020-01-01T00:00:00Z`, 21_600, 21_600],
    ['has not completed the last time', 'IncorrectModificationState', 'Volume is modifying', 60, 60],
  ])('is told when to try again where EC2 %s', async (_, code, message, least, most) => {
    shows(volume());
    mock.on(ModifyVolumeCommand).rejects(refusedWith(code, message));
    const error = await at()
      .act(VOLUME, 'resize', { size: 8 })
      .catch((thrown) => thrown);
    const seconds = Number(error.headers['Retry-After']);
    expect([error.failure, seconds >= least, seconds <= most]).toEqual(['conflict', true, true]);
    expect(error.message).not.toContain(message);
  });
});

describe('A storage that changes', () => {
  test('has the title that it is given, and none when it is taken away', async () => {
    shows(volume({}, { 'occi:token': 'a token', Name: 'before' }));
    mock.on(CreateTagsCommand).resolves({}).on(DeleteTagsCommand).resolves({});
    const titled = await at().update(VOLUME, change({ [TITLE]: 'after' }));
    expect(titled.attributes[TITLE]).toBe('after');
    const untitled = await at().update(VOLUME, change({}, { unset: [TITLE] }));
    expect(untitled.attributes).not.toHaveProperty(TITLE);
  });

  test('stays in its zone', async () => {
    shows(volume());
    const leaving = change({}, { addMixins: [zoneMixin('us-east-1b')] });
    expect(await fails(at().update(VOLUME, leaving), 'notImplemented')).toContain('us-east-1b');
    await at().update(VOLUME, change({}, { addMixins: [zoneMixin('us-east-1a')] }));
    expect(calls(mock)).toEqual(['DescribeVolumes', 'DescribeVolumes']);
  });
});

describe('A storage that is deleted', () => {
  test.each([
    [1, '1 compute resource,'],
    [2, '2 compute resources,'],
  ])('is kept while %s use it', async (count, words) => {
    shows(volume({ State: 'in-use', Attachments: attachedTo(...[INSTANCE, 'i-0fedcba9876543210'].slice(0, count)) }));
    expect(await fails(at().remove(VOLUME), 'conflict')).toContain(words);
    expect(mock.commandCalls(DeleteVolumeCommand)).toEqual([]);
  });

  test('is kept when another request was faster', async () => {
    shows(volume());
    mock.on(DeleteVolumeCommand).rejects(refusedWith('VolumeInUse'));
    expect(await fails(at().remove(VOLUME), 'conflict')).toContain('used by a compute');
  });

  test('counts as deleted when another request, or the same call with a lost answer, was faster', async () => {
    shows(volume());
    mock.on(DeleteVolumeCommand).rejects(refusedWith('InvalidVolume.NotFound'));
    await at().remove(VOLUME);
    shows(volume({ State: 'deleting' }));
    await fails(at().remove(VOLUME), 'notFound');
  });
});

describe('An action', () => {
  const copies = () =>
    mock.commandCalls(CreateSnapshotCommand).map(({ args }) => args[0].input.TagSpecifications?.[0]?.Tags);

  test.each([
    ['snapshot', 'data', 'Snapshot of data'],
    ['backup', 'data', 'Backup of data'],
    ['backup', 'x'.repeat(256), 'Backup'],
  ] as const)('%s makes a copy that is the tenant’s', async (action, Name, title) => {
    shows(volume({}, { 'occi:token': 'a token', Name }));
    mock.on(CreateSnapshotCommand).resolves({ SnapshotId: 'snap-1' });
    await at().act(VOLUME, action, {});
    expect(copies()).toEqual([
      [
        { Key: 'occi:tenant', Value: 'anne' },
        { Key: 'Name', Value: title },
      ],
    ]);
  });

  test('that comes too soon after another may be tried again', async () => {
    shows(volume());
    mock.on(CreateSnapshotCommand).rejects(refusedWith('SnapshotCreationPerVolumeRateExceeded'));
    await expect(at().act(VOLUME, 'backup', {})).rejects.toMatchObject({
      failure: 'unavailable',
      headers: { 'Retry-After': '15' },
    });
  });

  test('that brings it online or offline is not implemented', async () => {
    shows(volume());
    expect(await fails(at().act(VOLUME, 'online', {}), 'conflict')).toMatch(/is online.*action online/);
    expect(await fails(at().act(VOLUME, 'offline', {}), 'notImplemented')).toContain('offline');
  });

  test('applies to nothing that is not ready', async () => {
    shows(volume({ State: 'creating' }));
    expect(await fails(at().act(VOLUME, 'backup', {}), 'conflict')).toMatch(/is waiting.*action backup/);
    await fails(at().act(OTHER, 'backup', {}), 'notFound');
  });
});
