import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { freeBlocks } from '../../../../adapters/ec2/network/free-block.ts';
import { network } from '../../../../adapters/ec2/network/network.ts';
import type { Draft } from '../../../../lib/adapter/contract.ts';
import { fails } from '../../../contract/adapter.ts';
import { cloudOf, mocked, refusedWith } from '../mocked.ts';

const VPC = 'vpc-0123456789abcdef0';

describe('A free block of the VPC', () => {
  test.each([
    ['the first', [], ['10.0.0.0/24', '10.0.1.0/24']],
    ['behind what is taken', ['10.0.0.0/23'], ['10.0.2.0/24', '10.0.3.0/24']],
    ['between small ones, on a whole boundary', ['10.0.0.0/28', '10.0.2.16/28'], ['10.0.1.0/24', '10.0.3.0/24']],
    ['none, when all is taken', ['10.0.0.0/16'], []],
  ])('is %s', (_what, taken, free) => {
    expect(freeBlocks(['10.0.0.0/16'], taken, 24, 2)).toEqual(free);
  });

  test('lies inside, overlaps with nothing, and is not given twice', () => {
    const numberOf = (cidr: string) => {
      const [address = '', length] = cidr.split('/');
      const start = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
      return [start, start + 2 ** (32 - Number(length))] as const;
    };
    const block = fc
      .tuple(fc.nat(255), fc.integer({ min: 17, max: 28 }), fc.nat(15))
      .map(
        ([third, length, part]) =>
          `10.7.${third & (length >= 24 ? 255 : 256 - 2 ** (24 - length))}.${length >= 24 ? (part * 16) & (256 - 2 ** (32 - length)) : 0}/${length}`,
      );
    fc.assert(
      fc.property(fc.array(block, { maxLength: 12 }), fc.constantFrom(20, 24, 28), (taken, length) => {
        const all = [...taken.map(numberOf), ...freeBlocks(['10.7.0.0/16'], taken, length).map(numberOf)];
        const free = all.slice(taken.length);
        const [from, to] = numberOf('10.7.0.0/16');
        for (const [index, [start, end]] of free.entries()) {
          expect(start >= from && end <= to && start % (end - start) === 0).toBe(true);
          for (const [other, [otherStart, otherEnd]] of all.entries())
            if (other !== index + taken.length) expect(start >= otherEnd || end <= otherStart).toBe(true);
        }
      }),
    );
  });
});

describe('A network that asks for no addresses', () => {
  let mock: ReturnType<typeof mocked>;
  beforeEach(() => {
    mock = mocked();
  });
  afterEach(() => mock.restore());

  const draft = { kind: 'network', attributes: {}, mixins: [], links: [] } as Draft<'network'>;
  const create = (token = 'token') => network(cloudOf({ vpc: VPC })).create!(draft, token);
  const subnetAt = (CidrBlock: string, Tags: readonly object[] = []) => ({
    SubnetId: 'subnet-0123456789abcdef0',
    VpcId: VPC,
    AvailabilityZone: 'us-east-1a',
    State: 'available',
    CidrBlock,
    Tags,
  });
  /** A VPC with this block, and these subnets; creates are answered one after the other. What is refused is another's. */
  const vpc = (block: string, before: readonly object[], answers: (string | Error)[]) => {
    const present = [...before];
    mock.onAnyCommand().callsFake((input) => {
      if (input.VpcIds) return { Vpcs: [{ CidrBlock: block }] };
      if (input.Filters) return { Subnets: present };
      const answer = answers.shift();
      if (answer instanceof Error) {
        present.push(subnetAt(input.CidrBlock, [{ Key: 'occi:tenant', Value: 'bob' }]));
        throw answer;
      }
      return { Subnet: subnetAt(answer ?? input.CidrBlock) };
    });
  };

  test('gets the only part that is free, in 3 calls', async () => {
    vpc('10.0.0.0/23', [subnetAt('10.0.0.0/24')], []);
    const made = await create();
    expect(made.attributes).toMatchObject({
      'occi.network.address': '10.0.1.0/24',
      'occi.network.gateway': '10.0.1.1',
    });
    expect(mock.calls()).toHaveLength(3);
  });

  test('gets a small one where no large one is left', async () => {
    vpc('10.0.0.0/26', [subnetAt('10.0.0.0/27'), subnetAt('10.0.0.32/28')], []);
    expect((await create()).attributes['occi.network.address']).toBe('10.0.0.48/28');
  });

  test('tries again when another request takes it first, and gives up after some attempts', async () => {
    const taken = refusedWith('InvalidSubnet.Conflict');
    vpc('10.0.0.0/16', [], [taken, taken, '10.0.9.0/24']);
    expect((await create()).attributes['occi.network.address']).toBe('10.0.9.0/24');
    vpc('10.0.0.0/16', [], [taken, taken, taken, taken]);
    await fails(create(), 'conflict');
  });

  test('waits for what has taken it, which may be its own, and makes no other', async () => {
    const own = [
      { Key: 'occi:token', Value: 'token' },
      { Key: 'occi:tenant', Value: 'anne' },
    ];
    let [asked, listings] = ['', 0];
    mock.onAnyCommand().callsFake((input) => {
      if (input.VpcIds) return { Vpcs: [{ CidrBlock: '10.0.0.0/16' }] };
      if (input.Filters) return { Subnets: asked && ++listings > 2 ? [subnetAt(asked, own)] : [] };
      asked = input.CidrBlock;
      throw refusedWith('InvalidSubnet.Conflict');
    });
    expect((await create()).attributes['occi.network.address']).toBe(asked);
    mock.onAnyCommand().callsFake((input) => {
      if (input.VpcIds) return { Vpcs: [{ CidrBlock: '10.0.0.0/16' }] };
      if (input.Filters) return { Subnets: [] };
      throw refusedWith('InvalidSubnet.Conflict');
    });
    const hurried = network({ ...cloudOf({ vpc: VPC }), deadline: Date.now() + 2500 });
    await expect(hurried.create!(draft, 'other')).rejects.toMatchObject({
      failure: 'unavailable',
      unknownOutcome: true,
    });
  });

  test('reports when there is no room', async () => {
    vpc('10.0.0.0/24', [subnetAt('10.0.0.0/24')], []);
    expect(await fails(create(), 'conflict')).toContain('no addresses left');
  });

  test('is found by its token when an earlier attempt made it', async () => {
    const tags = [
      { Key: 'occi:token', Value: 'token' },
      { Key: 'occi:tenant', Value: 'anne' },
    ];
    vpc('10.0.0.0/16', [subnetAt('10.0.7.0/24', tags)], [new Error('nothing is made')]);
    expect((await create()).attributes['occi.network.address']).toBe('10.0.7.0/24');
  });
});
