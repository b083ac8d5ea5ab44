import {
  AttachVolumeCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  DetachVolumeCommand,
  type Instance,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { storagelink } from '../../../../adapters/ec2/storage/storagelink.ts';
import type { Draft } from '../../../../lib/adapter/contract.ts';
import type { Attributes } from '../../../../lib/occi/types.ts';
import { fails } from '../../../contract/adapter.ts';
import { calls, disk, INSTANCE, instance, OTHER, showing, tried, VOLUME, volume } from '../ebs.ts';
import { cloudOf, mocked, refusedWith } from '../mocked.ts';

const DEVICE = 'occi.storagelink.deviceid';
const STATE = 'occi.storagelink.state';
const PENDING = `occi:link:${VOLUME}`;

const mock = mocked();
beforeEach(() => {
  mock.reset();
  mock.on(AttachVolumeCommand).resolves({ State: 'attaching' }).on(DetachVolumeCommand).resolves({});
  mock.on(CreateTagsCommand).resolves({}).on(DeleteTagsCommand).resolves({});
});
afterAll(() => mock.restore());

/** Another process each time, unless a cloud is given. */
const at = (cloud = cloudOf()) => {
  const kind = storagelink(cloud);
  return {
    ...kind,
    create: kind.create!,
    update: kind.update!,
    remove: kind.remove!,
    findByToken: kind.findByToken!,
  };
};

const draft = (attributes: Attributes = {}, ends: Partial<Draft<'storagelink'>> = {}): Draft<'storagelink'> =>
  ({
    kind: 'storagelink',
    attributes,
    mixins: [],
    links: [],
    source: { kind: 'compute', id: INSTANCE },
    target: { kind: 'storage', id: VOLUME },
    ...ends,
  }) as Draft<'storagelink'>;

const inUse = refusedWith('VolumeInUse', `${VOLUME} is already attached to an instance`);
const pointTaken = refusedWith(
  'InvalidParameterValue',
  "Invalid value '/dev/sdf' for unixDevice. Attachment point /dev/sdf is already in use",
);

describe('The links of an instance', () => {
  const linksOf = async (one: Instance) => {
    showing(mock, [one]);
    return (await at().list({})).items;
  };

  test('are its disks but those that go with it', async () => {
    const links = await linksOf(
      instance('running', [
        disk('/dev/sdg', OTHER),
        disk('/dev/sdf', VOLUME),
        disk('/dev/sdb', 'vol-0bbbbbbbbbbbbbbbb', 'attached', true),
      ]),
    );
    expect(links.map(({ id, attributes }) => [id, attributes[DEVICE]])).toEqual([
      [`${INSTANCE}:sdf:${VOLUME}`, '/dev/sdf'],
      [`${INSTANCE}:sdg:${OTHER}`, '/dev/sdg'],
    ]);
    expect(links[0]).toMatchObject({
      source: { kind: 'compute', id: INSTANCE },
      target: { kind: 'storage', id: VOLUME },
      mixins: [],
    });
    expect(calls(mock)).toEqual(['DescribeInstances']);
  });

  test.each([
    ['attaching', 'waiting'],
    ['attached', 'active'],
    ['detaching', 'waiting'],
    ['busy', 'waiting'],
  ])('%s is shown as %s', async (status, state) => {
    const [link] = await linksOf(instance('running', [disk('/dev/sdf', VOLUME, status)]));
    expect(link!.attributes[STATE]).toBe(state);
  });

  test('are gone when they are detached', async () => {
    expect(await linksOf(instance('running', [disk('/dev/sdf', VOLUME, 'detached')]))).toEqual([]);
  });
});

describe('A new link', () => {
  const devices = () => tried(mock);

  test('costs two reads, the tag that keeps its token, and the attachment, which is never forced', async () => {
    showing(mock, [instance('running')], [volume()]);
    const link = await at().create(draft(), 'mine');
    expect(calls(mock).sort()).toEqual(['AttachVolume', 'CreateTags', 'DescribeInstances', 'DescribeVolumes']);
    expect(mock.commandCalls(AttachVolumeCommand)[0]!.args[0].input).toEqual({
      InstanceId: INSTANCE,
      VolumeId: VOLUME,
      Device: '/dev/sdf',
    });
    expect(mock.commandCalls(CreateTagsCommand)[0]!.args[0].input).toEqual({
      Resources: [VOLUME],
      Tags: [{ Key: 'occi:link-token', Value: 'mine' }],
    });
    expect(link).toMatchObject({
      id: `${INSTANCE}:sdf:${VOLUME}`,
      attributes: { [DEVICE]: '/dev/sdf', [STATE]: 'waiting' },
    });
  });

  test('takes the next device as long as other requests are faster', async () => {
    showing(mock, [instance('running', [disk('/dev/sdf', OTHER)])], [volume()]);
    mock.on(AttachVolumeCommand).rejectsOnce(pointTaken).rejectsOnce(pointTaken).resolves({});
    expect((await at().create(draft(), 'mine')).attributes[DEVICE]).toBe('/dev/sdi');
    expect(devices()).toEqual(['/dev/sdg', '/dev/sdh', '/dev/sdi']);
  });

  test('ends somewhere when every device is taken', async () => {
    showing(mock, [instance('running')], [volume()]);
    mock.on(AttachVolumeCommand).rejects(pointTaken);
    expect(await fails(at().create(draft(), 'mine'), 'conflict')).toContain('as many disks');
    expect(new Set(devices()).size).toBe(devices().length);
  });

  test('has the device that it asks for, or none', async () => {
    showing(mock, [instance('running', [disk('/dev/sdf', OTHER)])], [volume()]);
    expect((await at().create(draft({ [DEVICE]: '/dev/sdp' }), 'mine')).attributes[DEVICE]).toBe('/dev/sdp');
    expect(await fails(at().create(draft({ [DEVICE]: '/dev/xvdf' }), 'other'), 'conflict')).toContain('/dev/xvdf');
    mock.on(AttachVolumeCommand).rejects(pointTaken);
    expect(await fails(at().create(draft({ [DEVICE]: '/dev/sdm' }), 'third'), 'conflict')).toContain('/dev/sdm');
    mock
      .on(AttachVolumeCommand)
      .rejects(refusedWith('InvalidParameterValue', 'Value (/dev/sdm) for parameter device is invalid.'));
    expect(await fails(at().create(draft({ [DEVICE]: '/dev/sdm' }), 'fourth'), 'invalid')).toContain(DEVICE);
  });

  test('needs ends that are there, and are a compute and a storage', async () => {
    showing(mock, [instance('running')], [volume()]);
    const missing = (end: 'source' | 'target', id: string) =>
      draft({}, { [end]: { kind: end === 'source' ? 'compute' : 'storage', id } });
    expect(await fails(at().create(missing('target', OTHER), 'a'), 'invalid')).toBe('There is no such storage.');
    expect(await fails(at().create(missing('source', 'i-1'), 'b'), 'invalid')).toBe('There is no such compute.');
    await fails(at().create(draft({}, { target: { kind: 'network', id: 'subnet-1' } }), 'c'), 'invalid');
    showing(mock, [instance('running', [], { 'occi:tenant': 'bert' })], [volume()]);
    expect(await fails(at().create(draft(), 'd'), 'invalid')).toBe('There is no such compute.');
    expect(devices()).toEqual([]);
  });

  test('cannot cross zones, and says which', async () => {
    showing(mock, [instance('running')], [volume({ AvailabilityZone: 'us-east-1b' })]);
    expect(await fails(at().create(draft(), 'mine'), 'conflict')).toMatch(/us-east-1b.*us-east-1a/);
  });

  test.each(['stopping', 'shutting-down'])('must wait while the compute is %s', async (state) => {
    showing(mock, [instance(state)], [volume()]);
    expect(await fails(at().create(draft(), 'mine'), 'conflict')).toContain('waiting');
  });

  test.each([
    [{ State: 'creating' as const }, 'waiting'],
    [
      { State: 'in-use' as const, Attachments: [{ InstanceId: 'i-0fedcba9876543210', DeleteOnTermination: false }] },
      'used by 1',
    ],
  ])('needs a storage that is free', async (change, word) => {
    showing(mock, [instance('running')], [volume(change)]);
    expect(await fails(at().create(draft(), 'mine'), 'conflict')).toContain(word);
  });

  test('is refused in words when EC2 has no room for it', async () => {
    showing(mock, [instance('running')], [volume()]);
    mock.on(AttachVolumeCommand).rejects(refusedWith('AttachmentLimitExceeded'));
    expect(await fails(at().create(draft(), 'mine'), 'conflict')).toContain('as many disks');
    mock.on(AttachVolumeCommand).rejects(inUse);
    expect(await fails(at().create(draft(), 'mine'), 'conflict')).toContain('used by a compute');
  });
});

describe('The same create again', () => {
  const mine = { 'occi:token': 'a token', 'occi:link-token': 'mine' };
  const used = { State: 'in-use' as const, Attachments: [{ InstanceId: INSTANCE, DeleteOnTermination: false }] };
  const linked = () => instance('running', [disk('/dev/sdh', VOLUME)]);

  test('finds in another process what the first has made', async () => {
    showing(mock, [linked()], [volume(used, mine)]);
    expect((await at().create(draft(), 'mine')).id).toBe(`${INSTANCE}:sdh:${VOLUME}`);
    expect((await at().findByToken('mine'))?.id).toBe(`${INSTANCE}:sdh:${VOLUME}`);
    expect(await at().findByToken('another')).toBeUndefined();
    expect(await fails(at().create(draft(), 'another'), 'conflict')).toContain('linked to this compute already');
    expect(tried(mock)).toEqual([]);
  });

  test('in one process attaches once', async () => {
    showing(mock, [instance('running'), instance('running', [disk('/dev/sdf', VOLUME)])], [volume()]);
    const { create } = at();
    const [one, other] = await Promise.all([create(draft(), 'mine'), create(draft(), 'mine')]);
    expect(one.id).toBe(`${INSTANCE}:sdf:${VOLUME}`);
    expect(tried(mock)).toHaveLength(1);
    expect(other.id).toBe(one.id);
  });

  test.each([
    ['the volume is in use', inUse, {}],
    ['the device is taken', pointTaken, { [DEVICE]: '/dev/sdh' }],
  ])('finds what an answer that was lost had done: %s', async (_what, refusal, attributes) => {
    let isAttached = false;
    showing(mock, [], [volume({}, mine)]);
    mock
      .on(DescribeInstancesCommand)
      .callsFake(() => ({ Reservations: [{ Instances: [isAttached ? linked() : instance('running')] }] }));
    mock.on(AttachVolumeCommand).callsFake(() => {
      isAttached = true;
      throw refusal;
    });
    expect((await at().create(draft(attributes), 'mine')).id).toBe(`${INSTANCE}:sdh:${VOLUME}`);
  });

  test('finds nothing where the volume was let go', async () => {
    showing(mock, [], [volume({}, mine)]);
    expect(await at().findByToken('mine')).toBeUndefined();
  });
});

describe('A link to a compute that starts', () => {
  /** Tags of the machine as EC2 keeps them; others may write between. */
  let tags: Record<string, string>;
  const starting = (
    between: () => void = () => {},
    state = () => 'pending',
    disks: () => ReturnType<typeof disk>[] = () => [],
  ) => {
    tags = {};
    showing(mock, [], [volume()]);
    mock
      .on(DescribeInstancesCommand)
      .callsFake(() => ({ Reservations: [{ Instances: [instance(state(), disks(), tags)] }] }));
    mock.on(CreateTagsCommand).callsFake(({ Resources, Tags }) => {
      if (Resources[0] === INSTANCE) for (const { Key, Value } of Tags) tags[Key] = Value;
      if (Resources[0] === INSTANCE) between();
      return {};
    });
    mock.on(DeleteTagsCommand).callsFake(({ Tags }) => {
      for (const { Key } of Tags) delete tags[Key];
      return {};
    });
  };

  test('is written down and waits', async () => {
    starting();
    const link = await at().create(draft(), 'mine');
    expect(link).toMatchObject({ id: `${INSTANCE}:sdf:${VOLUME}`, attributes: { [STATE]: 'waiting' } });
    expect(tags).toEqual({ [PENDING]: expect.stringMatching(/^sdf \d{4}-.*Z$/) });
    expect(tried(mock)).toEqual([]);
    expect(await at().get(link.id)).toEqual(link);
  });

  test('makes way for another that was written down at the same device', async () => {
    starting(() => {
      tags[`occi:link:${OTHER}`] ??= 'sdf';
    });
    const { id, attributes } = await at().create(draft(), 'mine');
    expect(attributes[DEVICE]).not.toBe('/dev/sdf');
    expect(id).toBe(`${INSTANCE}:${tags[PENDING]!.split(' ')[0]}:${VOLUME}`);
  });

  test('that wants that device is refused, and nothing is left of it', async () => {
    starting(() => {
      tags[`occi:link:${OTHER}`] ??= 'sdf';
    });
    expect(await fails(at().create(draft({ [DEVICE]: '/dev/sdf' }), 'mine'), 'conflict')).toContain('/dev/sdf');
    expect(tags).not.toHaveProperty(PENDING);
  });

  test('gives up where it never ends, and nothing is left of it', async () => {
    starting(() => {
      tags[`occi:link:${OTHER}`] = tags[PENDING]!;
    });
    await fails(at().create(draft(), 'mine'), 'conflict');
    expect(tags).not.toHaveProperty(PENDING);
  });

  test('is not refused because the second look fails', async () => {
    let isWritten = false;
    starting(
      () => {
        isWritten = true;
      },
      () => {
        if (isWritten) throw refusedWith('InvalidInstanceID.NotFound');
        return 'pending';
      },
    );
    expect((await at().create(draft(), 'mine')).attributes[STATE]).toBe('waiting');
  });

  test('is the link that a concurrent request has attached', async () => {
    let isAttached = false;
    starting(
      () => {
        isAttached = true;
        delete tags[PENDING];
      },
      () => (isAttached ? 'running' : 'pending'),
      () => (isAttached ? [disk('/dev/sdf', VOLUME)] : []),
    );
    expect((await at().create(draft(), 'mine')).attributes[STATE]).toBe('active');
  });
});

describe('A link that EC2 does not show yet', () => {
  const ID = `${INSTANCE}:sdf:${VOLUME}`;
  const attachedTo = (InstanceId: string, State: 'attaching' | 'detaching' = 'attaching') =>
    volume({ State: 'in-use', Attachments: [{ InstanceId, Device: '/dev/sdf', State, DeleteOnTermination: false }] });
  const isWaiting = { id: ID, attributes: { [DEVICE]: '/dev/sdf', [STATE]: 'waiting' } };

  test('is pending in the process that created it, without further calls', async () => {
    showing(mock, [instance('running')], [volume()]);
    const cloud = cloudOf();
    const kind = at(cloud);
    await kind.create(draft(), 'mine');
    mock.resetHistory();
    expect(await kind.get(ID)).toMatchObject(isWaiting);
    expect((await kind.list({})).items).toMatchObject([isWaiting]);
    expect(calls(mock)).toEqual(['DescribeInstances', 'DescribeInstances']);
    showing(mock, [instance('running', [], { 'occi:tenant': 'bert' })]);
    expect((await at({ ...cloudOf({}, 'bert'), tokens: cloud.tokens }).list({})).items).toEqual([]);
    showing(mock, [instance('running', [disk('/dev/sdf', VOLUME)])]);
    expect((await kind.get(ID)).attributes[STATE]).toBe('active');
    showing(mock, [instance('running', [disk('/dev/sdf', VOLUME, 'detached')])]);
    await fails(kind.get(ID), 'notFound');
  });

  test('can be removed, and is forgotten then', async () => {
    showing(mock, [instance('running')], [volume()]);
    const kind = at();
    await kind.create(draft(), 'mine');
    mock.resetHistory();
    await kind.remove(ID);
    expect(calls(mock)).toEqual(['DescribeInstances', 'DetachVolume']);
    await fails(kind.get(ID), 'notFound');
  });

  test('that was only written down loses its tag', async () => {
    showing(mock, [instance('pending')], [volume()]);
    const kind = at();
    await kind.create(draft(), 'mine');
    expect(await kind.get(ID)).toMatchObject(isWaiting);
    mock.resetHistory();
    await kind.remove(ID);
    expect(calls(mock)).toEqual(['DescribeInstances', 'DeleteTags']);
  });

  test('is kept for a minute only', async () => {
    showing(mock, [instance('running')], [volume()]);
    const cloud = cloudOf();
    await at(cloud).create(draft(), 'mine');
    const now = Date.now;
    Date.now = () => now() + 61_000;
    try {
      expect((await at({ ...cloudOf(), tokens: cloud.tokens }).list({})).items).toEqual([]);
    } finally {
      Date.now = now;
    }
  });

  test('is read from its volume in other processes', async () => {
    showing(mock, [instance('running')], [attachedTo(INSTANCE)]);
    expect(await at().get(ID)).toMatchObject(isWaiting);
    expect(calls(mock)).toEqual(['DescribeInstances', 'DescribeVolumes']);
    await at().remove(ID);
    expect(calls(mock).at(-1)).toBe('DetachVolume');
    await fails(at().get(`${INSTANCE}:sdg:${VOLUME}`), 'notFound');
    showing(mock, [instance('running')], [attachedTo(INSTANCE, 'detaching')]);
    await fails(at().get(ID), 'notFound');
    showing(mock, [instance('running')], [attachedTo('i-0fedcba9876543210')]);
    await fails(at().get(ID), 'notFound');
  });
});

describe('A link that is deleted', () => {
  const ID = `${INSTANCE}:sdf:${VOLUME}`;

  test('is detached, and never forced', async () => {
    showing(mock, [instance('running', [disk('/dev/sdf', VOLUME)])]);
    await at().remove(ID);
    expect(calls(mock)).toEqual(['DescribeInstances', 'DetachVolume']);
    expect(mock.commandCalls(DetachVolumeCommand)[0]!.args[0].input).toEqual({
      InstanceId: INSTANCE,
      VolumeId: VOLUME,
    });
  });

  test('that waits only loses its tag', async () => {
    showing(mock, [instance('pending', [], { [PENDING]: 'sdf' })]);
    await at().remove(ID);
    expect(calls(mock)).toEqual(['DescribeInstances', 'DeleteTags']);
  });

  test('loses a tag that is left first: the next look must not attach it again', async () => {
    showing(mock, [instance('running', [disk('/dev/sdf', VOLUME)], { [PENDING]: 'sdf' })]);
    await at().remove(ID);
    expect(calls(mock)).toEqual(['DescribeInstances', 'DeleteTags', 'DetachVolume']);
  });

  test.each([
    ['IncorrectState', 'conflict'],
    ['OperationNotPermitted', 'conflict'],
  ] as const)('may be refused: %s', async (code, failure) => {
    showing(mock, [instance('running', [disk('/dev/sdf', VOLUME)])]);
    mock.on(DetachVolumeCommand).rejects(refusedWith(code, `Unable to detach ${VOLUME}`));
    expect(await fails(at().remove(ID), failure)).not.toContain('vol-');
  });

  test('at another device is not there', async () => {
    showing(mock, [instance('running', [disk('/dev/sdf', VOLUME)])]);
    await fails(at().remove(`${INSTANCE}:sdg:${VOLUME}`), 'notFound');
    await fails(at().get('no such thing'), 'notFound');
  });
});

test('The device of a link cannot be changed', async () => {
  showing(mock, [instance('running', [disk('/dev/sdf', VOLUME)])]);
  const id = `${INSTANCE}:sdf:${VOLUME}`;
  const to = (device: string) =>
    at().update(id, { set: { [DEVICE]: device }, unset: [], addMixins: [], removeMixins: [] });
  expect((await to('/dev/sdf')).id).toBe(id);
  expect((await to('sdf')).id).toBe(id);
  expect(await fails(to('/dev/sdg'), 'notImplemented')).toContain('device');
  await fails(to('nvme1n1'), 'invalid');
});
