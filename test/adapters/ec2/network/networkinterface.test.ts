import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Cloud } from '../../../../adapters/ec2/cloud.ts';
import { compute } from '../../../../adapters/ec2/compute/compute.ts';
import { sweep, usersOf } from '../../../../adapters/ec2/network/interface-cleanup.ts';
import { networkinterface } from '../../../../adapters/ec2/network/networkinterface.ts';
import type { Draft } from '../../../../lib/adapter/contract.ts';
import type { Attributes } from '../../../../lib/occi/types.ts';
import { fails } from '../../../contract/adapter.ts';
import { cloudOf, mocked, refusedWith } from '../mocked.ts';

const COMPUTE = 'i-0123456789abcdef0';
const SUBNET = 'subnet-0123456789abcdef0';
const OWN = [{ Key: 'occi:tenant', Value: 'anne' }];
const MADE = { NetworkInterfaceId: 'eni-0123456789abcdef1', SubnetId: SUBNET, Status: 'available' };

type Answer = (input: Readonly<Record<string, unknown>>, times: number) => unknown;

let mock: ReturnType<typeof mocked>;
let asked: string[];
beforeEach(() => {
  mock = mocked();
  asked = [];
});
afterEach(() => mock.restore());

const machine = {
  InstanceId: COMPUTE,
  InstanceType: 't3.micro',
  State: { Name: 'running' },
  VpcId: 'vpc-1',
  Placement: { AvailabilityZone: 'us-east-1a' },
  SecurityGroups: [{ GroupId: 'sg-9' }],
  NetworkInterfaces: [{ NetworkInterfaceId: 'eni-0', SubnetId: SUBNET, Attachment: { AttachmentId: 'eni-attach-0' } }],
  Tags: OWN,
};
const subnet = { SubnetId: SUBNET, VpcId: 'vpc-1', AvailabilityZone: 'us-east-1a', State: 'available', Tags: OWN };

const USUAL: Readonly<Record<string, Answer>> = {
  DescribeInstances: () => ({ Reservations: [{ Instances: [machine] }] }),
  DescribeSubnets: () => ({ Subnets: [{ ...subnet, CidrBlock: '10.0.0.0/24' }] }),
  CreateNetworkInterface: () => ({ NetworkInterface: MADE }),
  AttachNetworkInterface: () => ({ AttachmentId: 'eni-attach-1' }),
  DescribeNetworkInterfaces: () => ({ NetworkInterfaces: [] }),
};

/** The mock answers as EC2 usually does, but for these calls. */
function answering(answers: Readonly<Record<string, Answer>> = {}): void {
  const all = { ...USUAL, ...answers };
  const send = async (command: { input: Record<string, unknown> }) => {
    const name = command.constructor.name.replace(/Command$/, '');
    asked.push(name);
    return all[name]?.(command.input, asked.filter((one) => one === name).length) ?? {};
  };
  (mock as unknown as { send: { callsFake(fake: typeof send): void } }).send.callsFake(send);
}

const refusing = (code: string, message?: string) => () => {
  throw refusedWith(code, message);
};
const draft = (attributes: Attributes = {}): Draft<'networkinterface'> => ({
  kind: 'networkinterface',
  attributes,
  mixins: [],
  links: [],
  source: { kind: 'compute', id: COMPUTE },
  target: { kind: 'network', id: SUBNET },
});
const create = (attributes: Attributes = {}) => networkinterface(cloudOf()).create!(draft(attributes), 'token');

describe('Attaching', () => {
  test('tries the next number if one is taken, but never another than the requested one', async () => {
    const taken = (input: Readonly<Record<string, unknown>>) => {
      if (Number(input.DeviceIndex) < 3)
        throw refusedWith(
          'InvalidParameterValue',
          `Instance '${COMPUTE}' already has an interface attached at device index '${input.DeviceIndex}'.`,
        );
      return { AttachmentId: 'eni-attach-1' };
    };
    answering({ AttachNetworkInterface: taken });
    expect((await create()).attributes['occi.networkinterface.interface']).toBe('eth3');
    expect(await fails(create({ 'occi.networkinterface.interface': 'eth2' }), 'conflict')).toContain('eth2');
    expect(asked).toContain('DeleteNetworkInterface');
  });

  test('gets another interface when EC2 gives one again that was taken back', async () => {
    const tokens: unknown[] = [];
    const one = networkinterface(cloudOf());
    answering({
      CreateNetworkInterface: ({ ClientToken }, times) => {
        tokens.push(ClientToken);
        return { NetworkInterface: { ...MADE, NetworkInterfaceId: `eni-${times}` } };
      },
      AttachNetworkInterface: ({ NetworkInterfaceId }) => {
        if (NetworkInterfaceId === 'eni-1') throw refusedWith('AttachmentLimitExceeded');
        return { AttachmentId: 'eni-attach-1' };
      },
    });
    await fails(one.create!(draft(), 'token'), 'conflict');
    expect(asked).toContain('DeleteNetworkInterface');
    expect((await one.create!(draft(), 'token')).id).toBe(`${COMPUTE}:eni-attach-1:eni-2`);
    expect(tokens).toEqual(['token', 'token', expect.not.stringMatching(/^token$/)]);
  });

  describe('goes on with what an earlier attempt made with other groups', () => {
    const before = { ...MADE, NetworkInterfaceId: 'eni-7', TagSet: [...OWN, { Key: 'occi:token', Value: 'token' }] };
    const found = (...NetworkInterfaces: unknown[]) =>
      answering({
        CreateNetworkInterface: refusing('IdempotentParameterMismatch'),
        DescribeNetworkInterfaces: ({ Filters }) => {
          if (Filters) expect(Filters).toContainEqual({ Name: 'tag:occi:token', Values: ['token'] });
          return { NetworkInterfaces };
        },
        AttachNetworkInterface: ({ NetworkInterfaceId }) => {
          expect(NetworkInterfaceId).toBe('eni-7');
          if (before === NetworkInterfaces[0]) return { AttachmentId: 'eni-attach-1' };
          throw refusedWith('InvalidNetworkInterface.InUse');
        },
      });

    test('not attached yet', async () => {
      found(before);
      expect((await create()).id).toBe(`${COMPUTE}:eni-attach-1:eni-7`);
    });

    test('attached already', async () => {
      const Attachment = { AttachmentId: 'eni-attach-8', InstanceId: COMPUTE, DeviceIndex: 2, Status: 'attached' };
      found({ ...before, Status: 'in-use', Attachment });
      expect((await create()).id).toBe(`${COMPUTE}:eni-attach-8:eni-7`);
    });

    test('attached already, and lets it go with the machine', async () => {
      const Attachment = { AttachmentId: 'eni-attach-8', InstanceId: COMPUTE, DeviceIndex: 2, Status: 'attached' };
      found({ ...before, Status: 'in-use', Attachment });
      await create();
      expect(asked.at(-1)).toBe('ModifyNetworkInterfaceAttribute');
    });

    test('but not what something else has, nor another network', async () => {
      const Attachment = { AttachmentId: 'eni-attach-8', InstanceId: 'i-0fedcba9876543210' };
      found({ ...before, Attachment }, { ...before, SubnetId: 'subnet-0123456789abcdef1' });
      expect(await fails(create(), 'conflict')).toContain('same token');
    });
  });

  test('waits for the new interface that EC2 does not show yet, and makes no other', async () => {
    answering({
      AttachNetworkInterface: (_, times) => {
        if (times < 3) throw refusedWith('InvalidNetworkInterfaceID.NotFound');
        return { AttachmentId: 'eni-attach-1' };
      },
    });
    expect((await create()).id).toBe(`${COMPUTE}:eni-attach-1:${MADE.NetworkInterfaceId}`);
    expect(asked.filter((call) => call === 'CreateNetworkInterface')).toHaveLength(1);
  });

  test('is for a retry where EC2 does not show the new interface in time', async () => {
    answering({ AttachNetworkInterface: refusing('InvalidNetworkInterfaceID.NotFound') });
    const hurried = networkinterface({ ...cloudOf(), deadline: Date.now() + 2500 });
    const error = await hurried.create!(draft(), 'token').catch((thrown) => thrown);
    expect(asked.filter((call) => call === 'CreateNetworkInterface')).toHaveLength(1);
    expect(error).toMatchObject({ failure: 'unavailable', unknownOutcome: true });
    expect(asked).not.toContain('DeleteNetworkInterface');
  });

  test('leaves what may be attached after all, so that a retry finds it', async () => {
    answering({
      AttachNetworkInterface: () => {
        throw Object.assign(new Error('reset'), { name: 'TimeoutError' });
      },
    });
    await fails(create(), 'timedOut');
    expect(asked).not.toContain('DeleteNetworkInterface');
  });

  test('makes room first where interfaces or addresses are short', async () => {
    const left = { ...MADE, TagSet: [...OWN, { Key: 'occi:token', Value: 't' }] };
    answering({
      CreateNetworkInterface: (_, times) => {
        if (times === 1) throw refusedWith('InsufficientFreeAddressesInSubnet');
        return { NetworkInterface: { ...MADE, NetworkInterfaceId: 'eni-2' } };
      },
      DescribeNetworkInterfaces: () => ({
        NetworkInterfaces: [
          { ...left, TagSet: [...left.TagSet, { Key: 'occi:released', Value: '2020-01-01T00:00:00Z' }] },
        ],
      }),
    });
    expect((await create()).id).toContain('eni-2');
    expect(asked).toContain('DeleteNetworkInterface');
    answering({ CreateNetworkInterface: refusing('InsufficientFreeAddressesInSubnet') });
    expect(await fails(create(), 'conflict')).toContain('no free address');
  });

  test.each([
    [{ VpcId: 'vpc-2' }, 'The network belongs to another VPC than the compute: they cannot be linked.'],
    [
      { AvailabilityZone: 'us-east-1b' },
      'The compute is in the zone us-east-1a and the network in us-east-1b: they cannot be linked.',
    ],
  ])('does not reach %j', async (change, sentence) => {
    answering({ DescribeSubnets: () => ({ Subnets: [{ ...subnet, ...change }] }) });
    expect(await fails(create(), 'conflict')).toBe(sentence);
    expect(asked).not.toContain('CreateNetworkInterface');
  });

  test('tells of an address what is wrong with it', async () => {
    const wish = { 'occi.networkinterface.address': '192.0.2.1' };
    answering({ CreateNetworkInterface: refusing('InvalidParameterValue', 'does not fall within the range') });
    expect(await fails(create(wish), 'invalid')).toContain('192.0.2.1');
    answering({ CreateNetworkInterface: refusing('InvalidIPAddress.InUse') });
    expect(await fails(create(wish), 'conflict')).toContain('occi.networkinterface.address');
  });

  test('needs two ends of the right kinds', async () => {
    answering();
    const { source: _, ...without } = draft();
    await fails(networkinterface(cloudOf()).create!(without, 'token'), 'invalid');
    const storage = { ...draft(), target: { kind: 'storage', id: 'vol-1' } } as Draft<'networkinterface'>;
    await fails(networkinterface(cloudOf()).create!(storage, 'token'), 'invalid');
  });

  test.each([
    ['goes with its machine after all where the create died before it said so', false, 1],
    ['is not set again to be deleted with its compute', true, 0],
  ])('that a retry finds %s', async (_, DeleteOnTermination, calls) => {
    const id = 'eni-7';
    const Attachment = { AttachmentId: 'eni-attach-8', InstanceId: COMPUTE, DeviceIndex: 1, DeleteOnTermination };
    const nic = { ...MADE, NetworkInterfaceId: id, Status: 'in-use', Attachment };
    const NetworkInterfaces = [...machine.NetworkInterfaces, nic];
    answering({
      DescribeNetworkInterfaces: () => ({ NetworkInterfaces: [nic] }),
      DescribeInstances: () => ({ Reservations: [{ Instances: [{ ...machine, NetworkInterfaces }] }] }),
      ModifyNetworkInterfaceAttribute: (input) => {
        const whole = { AttachmentId: 'eni-attach-8', DeleteOnTermination: true };
        expect(input).toEqual({ NetworkInterfaceId: id, Attachment: whole });
      },
    });
    const found = await networkinterface(cloudOf()).findByToken!('token');
    expect(found?.id).toBe(`${COMPUTE}:eni-attach-8:${id}`);
    expect(asked.filter((one) => one === 'ModifyNetworkInterfaceAttribute')).toHaveLength(calls);
  });

  test('is done when it cannot be said that the interface goes with the machine', async () => {
    answering({ ModifyNetworkInterfaceAttribute: refusing('IncorrectState') });
    expect((await create()).attributes['occi.networkinterface.interface']).toBe('eth1');
  });
});

describe('What is left over', () => {
  test('of others is not touched', async () => {
    const TagSet = [{ Key: 'occi:released', Value: '2020-01-01T00:00:00Z' }];
    const token = { Key: 'occi:token', Value: 't' };
    answering({
      DescribeNetworkInterfaces: () => ({
        NetworkInterfaces: [
          { ...MADE, TagSet },
          { ...MADE, TagSet: [...TagSet, token, { Key: 'occi:tenant', Value: 'bob' }] },
          { ...MADE, Status: 'in-use', TagSet: [...TagSet, token, ...OWN] },
          { ...MADE, TagSet: [token, ...OWN, { Key: 'occi:released', Value: 'no date' }] },
        ],
      }),
    });
    expect(await sweep(cloudOf({ tenancy: 'shared' }), [])).toHaveLength(4);
    expect(asked).toEqual(['DescribeNetworkInterfaces']);
  });

  test('of a create that died is deleted when a minute has passed, and says so', async () => {
    const left = { ...MADE, TagSet: [...OWN, { Key: 'occi:token', Value: 't' }] };
    const tagged: Record<string, unknown>[] = [];
    answering({
      DescribeNetworkInterfaces: () => ({ NetworkInterfaces: [left] }),
      CreateTags: (input) => void tagged.push(input),
    });
    const found = await sweep(cloudOf(), []);
    expect(usersOf(found)).toContain('try again in a minute');
    const [{ Value }] = tagged[0]!.Tags as [{ Value: string }];
    const wait = Date.parse(Value) - Date.now();
    expect(wait).toBeGreaterThan(55_000);
    expect(wait).toBeLessThanOrEqual(60_000);
    expect(asked).not.toContain('DeleteNetworkInterface');
  });

  const due = (many: number) =>
    Array.from({ length: many }, (_, at) => ({
      ...MADE,
      NetworkInterfaceId: `eni-${at}`,
      TagSet: [...OWN, { Key: 'occi:token', Value: 't' }, { Key: 'occi:released', Value: '2020-01-01T00:00:00Z' }],
    }));

  test('is deleted by ten in a request, three at a time', async () => {
    let [now, most] = [0, 0];
    answering({
      DescribeNetworkInterfaces: () => ({ NetworkInterfaces: due(14) }),
      DeleteNetworkInterface: async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 5));
        now--;
        return {};
      },
    });
    const left = await sweep(cloudOf(), []);
    expect(left.map(({ NetworkInterfaceId }) => NetworkInterfaceId)).toEqual(['eni-10', 'eni-11', 'eni-12', 'eni-13']);
    expect(asked.filter((one) => one === 'DeleteNetworkInterface')).toHaveLength(10);
    expect(most).toBe(3);
    expect(usersOf(left)).toContain('try again');
  });

  describe('by a process', () => {
    const ID = `${COMPUTE}:eni-attach-1:eni-1`;
    const Attachment = { AttachmentId: 'eni-attach-1', DeviceIndex: 1, Status: 'attached' };
    const second = { NetworkInterfaceId: 'eni-1', SubnetId: SUBNET, Attachment };
    const NetworkInterfaces = [...machine.NetworkInterfaces, second];
    const removed = async (refusals: number) => {
      answering({
        DescribeInstances: () => ({ Reservations: [{ Instances: [{ ...machine, NetworkInterfaces }] }] }),
        DeleteNetworkInterface: () => {
          if (tries++ < refusals) throw refusedWith('InvalidParameterValue', 'eni-1 is currently in use');
          return {};
        },
      });
      let tries = 0;
      const cloud = cloudOf();
      await networkinterface(cloud).remove!(ID);
      asked = [];
      return cloud;
    };
    /** The calls of another request to that process, so many seconds later. */
    const at = async ({ tokens }: Cloud, seconds: number, work: (cloud: Cloud) => Promise<unknown>, name = 'anne') => {
      const now = Date.now;
      Date.now = () => now() + seconds * 1000;
      try {
        await work({ ...cloudOf({ tenancy: 'shared' }, name), tokens });
      } finally {
        Date.now = now;
      }
      return asked.splice(0).toSorted();
    };
    const get = (cloud: Cloud) => networkinterface(cloud).get(ID);

    test('is deleted by one of its next requests, and causes no calls afterwards', async () => {
      const cloud = await removed(1);
      expect(await at(cloud, 0, get)).toEqual(['DescribeInstances']);
      expect(await at(cloud, 2, get)).toEqual(['DeleteNetworkInterface', 'DescribeInstances']);
      expect(await at(cloud, 600, get)).toEqual(['DescribeInstances']);
    });

    test.each([
      ['list of links', (cloud: Cloud) => networkinterface(cloud).list({})],
      [
        'compute',
        (cloud: Cloud) =>
          compute(cloud)
            .get(COMPUTE)
            .catch(() => {}),
      ],
      ['compute that is removed', (cloud: Cloud) => compute(cloud).remove!(COMPUTE)],
    ])('is deleted with a look at a %s', async (_what, look) => {
      const cloud = await removed(1);
      expect(await at(cloud, 2, look)).toContain('DeleteNetworkInterface');
      expect(await at(cloud, 600, look)).not.toContain('DeleteNetworkInterface');
    });

    test('is retried with growing pauses, not for ever, without an error for the client', async () => {
      const cloud = await removed(1000);
      expect(await at(cloud, 2, get)).toContain('DeleteNetworkInterface');
      expect(await at(cloud, 3, get)).not.toContain('DeleteNetworkInterface');
      expect(await at(cloud, 5, get)).toContain('DeleteNetworkInterface');
      for (let times = 1; times <= 30; times++) await at(cloud, times * 310, get);
      expect(await at(cloud, 31 * 310, get)).toEqual(['DescribeInstances']);
    });

    test('is nothing to others', async () => {
      const list = (cloud: Cloud) => networkinterface(cloud).list({});
      expect(await at(await removed(1), 2, list, 'bert')).toEqual(['DescribeInstances']);
    });
  });

  test('does not keep a link from being removed', async () => {
    const attached = {
      NetworkInterfaceId: 'eni-1',
      SubnetId: SUBNET,
      Attachment: { AttachmentId: 'eni-attach-1', DeviceIndex: 1, Status: 'detaching' },
    };
    answering({
      DescribeInstances: () => ({ Reservations: [{ Instances: [{ ...machine, NetworkInterfaces: [attached] }] }] }),
      DescribeNetworkInterfaces: refusing('RequestLimitExceeded'),
      DeleteNetworkInterface: refusing('RequestLimitExceeded'),
    });
    await networkinterface(cloudOf()).remove!(`${COMPUTE}:eni-attach-1:eni-1`);
    // It is being detached already.
    expect(asked).not.toContain('DetachNetworkInterface');
  });
});

test('An interface stays what it was', async () => {
  answering();
  const kind = networkinterface(cloudOf());
  const id = `${COMPUTE}:eni-attach-0:eni-0`;
  const change = { unset: [], addMixins: [], removeMixins: [] };
  const mac = { 'occi.networkinterface.mac': '02:00:00:00:00:01' };
  expect(await fails(kind.update!(id, { ...change, set: mac }), 'notImplemented')).toContain('mac');
  expect(await kind.update!(id, { ...change, set: { 'occi.networkinterface.interface': 'eth0' } })).toMatchObject({
    id,
  });
});
