import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { poolMixins } from '../../../../adapters/ec2/mixins.ts';
import { ipreservation } from '../../../../adapters/ec2/network/ipreservation.ts';
import type { Draft } from '../../../../lib/adapter/contract.ts';
import { typeId } from '../../../../lib/occi/types.ts';
import { fails } from '../../../contract/adapter.ts';
import { cloudOf, mocked, refusedWith } from '../mocked.ts';

const POOL = { term: 'ours', title: 'Our own', pool: 'ipv4pool-ec2-0123456789abcdef0' };
const ADDRESS = 'occi.ipreservation.address';

let mock: ReturnType<typeof mocked>;
beforeEach(() => {
  mock = mocked();
});
afterEach(() => mock.restore());

const cloud = () => cloudOf({ floatingIpPools: [POOL] });
const draft = (change: Partial<Draft<'ipreservation'>> = {}): Draft<'ipreservation'> => ({
  kind: 'ipreservation',
  attributes: {},
  mixins: [],
  links: [],
  ...change,
});
const made = { AllocationId: 'eipalloc-0123456789abcdef0', PublicIp: '198.51.100.7', PublicIpv4Pool: POOL.pool };
const answering = (allocate: () => unknown) =>
  mock.onAnyCommand().callsFake((input) => (input.Domain ? allocate() : { Addresses: [] }));
const input = () => (mock.calls().at(-1)!.args[0] as unknown as { input: Record<string, unknown> }).input;

describe('A reserved address', () => {
  test('is from the pool that its mixin names', async () => {
    answering(() => made);
    const mixins = poolMixins(cloud().settings).filter(({ term }) => term === POOL.term);
    const native = await ipreservation(cloud()).create!(draft({ mixins }), 'token');
    expect(input()).toMatchObject({ Domain: 'vpc', PublicIpv4Pool: POOL.pool });
    expect(native.mixins).toContain(typeId(mixins[0]!));
    expect(native.attributes).toMatchObject({ [ADDRESS]: '198.51.100.7', 'occi.ipreservation.used': false });
  });

  test('is the one that is asked for, if it can be had', async () => {
    answering(() => made);
    await ipreservation(cloud()).create!(draft({ attributes: { [ADDRESS]: '198.51.100.7' } }), 'token');
    expect(input()).toMatchObject({ Address: '198.51.100.7' });
    answering(() => {
      throw refusedWith('InvalidAddress.NotFound');
    });
    const other = draft({ attributes: { [ADDRESS]: '198.51.100.8' } });
    expect(await fails(ipreservation(cloud()).create!(other, 'token'), 'invalid')).toContain('198.51.100.8');
    const six = draft({ attributes: { [ADDRESS]: '2001:db8::1' } });
    expect(await fails(ipreservation(cloud()).create!(six, 'token'), 'invalid')).toContain(ADDRESS);
  });

  test.each([
    ['AddressLimitExceeded', 'conflict'],
    ['InsufficientAddressCapacity', 'unavailable'],
    ['UnauthorizedOperation', 'forbidden'],
  ] as const)('is refused with %s as %s', async (code, failure) => {
    answering(() => {
      throw refusedWith(code);
    });
    await fails(ipreservation(cloud()).create!(draft(), 'token'), failure);
  });

  test.each([
    ['that is not the account’s is invalid', draft({ attributes: { [ADDRESS]: '198.51.100.8' } }), 400, 'invalid'],
    ['from a pool that is not the account’s is forbidden', draft(), 400, 'forbidden'],
    [
      'asked for without credentials is forbidden',
      draft({ attributes: { [ADDRESS]: '198.51.100.8' } }),
      401,
      'forbidden',
    ],
  ] as const)('%s', async (_what, wanted, status, failure) => {
    answering(() => {
      throw refusedWith('AuthFailure', 'The address 198.51.100.8 does not belong to you.', status);
    });
    await fails(ipreservation(cloud()).create!(wanted, 'token'), failure);
  });

  test('that EC2 does not show, or without its tags, may be unseen', async () => {
    const get = () => ipreservation(cloud()).get(made.AllocationId);
    for (const [Addresses, unseen] of [
      [[], true],
      [[made], true],
      [[{ ...made, Tags: [{ Key: 'occi:tenant', Value: 'bob' }] }], false],
    ] as const) {
      mock.onAnyCommand().resolves({ Addresses } as never);
      await expect(get()).rejects.toMatchObject({ failure: 'notFound', unseen });
    }
  });

  test('is released when it is not there any more', async () => {
    const Tags = [{ Key: 'occi:tenant', Value: 'anne' }];
    mock.onAnyCommand().callsFake((input) => {
      if (input.AllocationIds) return { Addresses: [{ ...made, Tags }] };
      throw refusedWith('InvalidAllocationID.NotFound');
    });
    await ipreservation(cloud()).remove!(made.AllocationId);
  });

  test('cannot be changed for another', async () => {
    mock.onAnyCommand().resolves({ Addresses: [{ ...made, Tags: [{ Key: 'occi:tenant', Value: 'anne' }] }] } as never);
    const change = { unset: [], addMixins: [], removeMixins: [], set: { [ADDRESS]: '198.51.100.8' } };
    const sentence = await fails(ipreservation(cloud()).update!(made.AllocationId, change), 'notImplemented');
    expect(sentence).toContain(ADDRESS);
  });

  test('is in use by what is no machine as well', async () => {
    const Tags = [{ Key: 'occi:tenant', Value: 'anne' }];
    mock.onAnyCommand().resolves({ Addresses: [{ ...made, Tags, NetworkInterfaceId: 'eni-1' }] } as never);
    await fails(ipreservation(cloud()).remove!(made.AllocationId), 'conflict');
  });
});
