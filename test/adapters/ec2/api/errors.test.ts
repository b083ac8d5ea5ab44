import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CallName } from '../../../../adapters/ec2/api/call-types.ts';
import { isRefused, toOcciError } from '../../../../adapters/ec2/api/errors.ts';
import { clientFailure as failureOf, Refusal } from '../../../../adapters/ec2/api/failures.ts';
import { clientErrorOf } from '../../../../adapters/ec2/api/refusals/index.ts';
import { type Failure, OcciError } from '../../../../lib/errors.ts';
import { KIND_TERMS, type KindTerm } from '../../../../lib/occi/kinds/index.ts';
import { refusedWith } from '../mocked.ts';

/** What stands in sentences of EC2's and must not reach a client. */
const SECRET =
  'You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/occi/x is not authorized to ' +
  'perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0. ' +
  'Encoded authorization failure message: l3aKd0-not_sh0w';

const refusal = (code: string) =>
  new Refusal(code, 'RunInstances', SECRET, refusedWith(code, SECRET, 403), clientErrorOf);

const clientFailure = (error: unknown, call: CallName) => failureOf(error, call, clientErrorOf);

/** What each refusal is, of which kind, told as what. */
const TABLE: readonly [code: string, kind: KindTerm, failure: Failure, message: string][] = [
  ['UnauthorizedOperation', 'compute', 'forbidden', 'The provider does not permit this.'],
  ['OptInRequired', 'storage', 'forbidden', 'The provider does not permit this.'],
  ['Blocked', 'compute', 'forbidden', 'The provider does not permit this.'],
  ['PendingVerification', 'compute', 'forbidden', 'The provider does not permit this.'],
  ['InvalidInstanceID.NotFound', 'compute', 'notFound', 'There is no such compute.'],
  ['InvalidInstanceID.Malformed', 'compute', 'notFound', 'There is no such compute.'],
  ['InvalidInstanceID.NotFound', 'storagelink', 'invalid', 'There is no such compute.'],
  ['InvalidVolume.NotFound', 'storage', 'notFound', 'There is no such storage.'],
  ['InvalidVolumeID.Malformed', 'storage', 'notFound', 'There is no such storage.'],
  ['InvalidVolume.NotFound', 'compute', 'invalid', 'There is no such storage.'],
  ['InvalidSubnetID.NotFound', 'network', 'notFound', 'There is no such network.'],
  ['InvalidSubnetID.NotFound', 'compute', 'invalid', 'There is no such network.'],
  ['InvalidGroup.NotFound', 'securitygroup', 'notFound', 'There is no such securitygroup.'],
  ['InvalidGroupId.Malformed', 'securitygroup', 'notFound', 'There is no such securitygroup.'],
  ['InvalidGroup.NotFound', 'securitygrouplink', 'invalid', 'There is no such securitygroup.'],
  ['InvalidAllocationID.NotFound', 'ipreservation', 'notFound', 'There is no such ipreservation.'],
  ['InvalidAssociationID.NotFound', 'networkinterface', 'notFound', 'There is no such networkinterface.'],
  ['InvalidNetworkInterfaceID.NotFound', 'networkinterface', 'notFound', 'There is no such networkinterface.'],
  ['InvalidAttachment.NotFound', 'storagelink', 'notFound', 'There is no such storagelink.'],
  ['InvalidID', 'securitygroup', 'notFound', 'There is no such securitygroup.'],
  [
    'InsufficientInstanceCapacity',
    'compute',
    'unavailable',
    'The cloud has no capacity for such a compute at the moment; try another size or zone, or try again later.',
  ],
  [
    'InsufficientVolumeCapacity',
    'storage',
    'unavailable',
    'The cloud has no capacity for such a storage at the moment; try another size or zone, or try again later.',
  ],
  ['VcpuLimitExceeded', 'compute', 'conflict', 'The account has as many as it may: no further compute can be made.'],
  [
    'AddressLimitExceeded',
    'ipreservation',
    'conflict',
    'The account has as many as it may: no further ipreservation can be made.',
  ],
  ['TagLimitExceeded', 'network', 'conflict', 'The network has as many tags as the cloud allows.'],
  ['SomeNewLimitExceeded', 'compute', 'conflict', 'This is more than the cloud allows the account.'],
  [
    'AttachmentLimitExceeded',
    'compute',
    'conflict',
    'A compute of this size can have no more links to storage or networks.',
  ],
  ['AttachmentLimitExceeded', 'storagelink', 'conflict', 'A compute of this size can have no further storagelink.'],
  [
    'PrivateIpAddressLimitExceeded',
    'networkinterface',
    'conflict',
    'The networkinterface has as many addresses as it can have.',
  ],
  [
    'PendingSnapshotLimitExceeded',
    'storage',
    'unavailable',
    'As many copies are being made as the cloud makes at a time; try again later.',
  ],
  [
    'ConcurrentSnapshotLimitExceeded',
    'compute',
    'unavailable',
    'As many copies are being made as the cloud makes at a time; try again later.',
  ],
  ['SnapshotLimitExceeded', 'storage', 'conflict', 'The account has as many copies of storage as it may.'],
  ['AuthFailure', 'compute', 'invalid', 'There is no such OS template any more, or it cannot be used.'],
  ['AuthFailure', 'ipreservation', 'forbidden', 'The account may not use what the ipreservation is to be made of.'],
  ['UnsupportedOperation', 'compute', 'conflict', 'The compute is of a sort that this cannot be done with.'],
  [
    'Unsupported',
    'compute',
    'conflict',
    'The availability zone has no such size (resource_tpl), or not with this OS template; try another.',
  ],
  ['Unsupported', 'storage', 'conflict', 'The availability zone has no such storage; try another.'],
  [
    'VolumeTypeNotAvailableInZone',
    'storage',
    'conflict',
    'The availability zone has none of the storage that the provider has configured.',
  ],
  [
    'InvalidState',
    'storage',
    'conflict',
    'The state of the storage, or of what it is linked to, does not allow this now.',
  ],
  ...(['MissingInput', 'VPCIdNotSpecified', 'DefaultVpcDoesNotExist'] as const).map((code): (typeof TABLE)[number] => [
    code,
    'compute',
    'invalid',
    'There is no network here for a compute that names none: it needs a networkinterface to one.',
  ]),
  [
    'RulesPerSecurityGroupLimitExceeded',
    'securitygroup',
    'conflict',
    'The securitygroup would have more rules than the cloud allows.',
  ],
  [
    'SecurityGroupsPerInterfaceLimitExceeded',
    'securitygrouplink',
    'conflict',
    'The compute would have more securitygroups than the cloud allows.',
  ],
  ['InvalidAMIID.NotFound', 'compute', 'invalid', 'There is no such OS template any more, or it cannot be used.'],
  ['InvalidAMIID.Unavailable', 'compute', 'invalid', 'There is no such OS template any more, or it cannot be used.'],
  [
    'InvalidInstanceType',
    'compute',
    'invalid',
    'There is no such size (resource_tpl) here, or it does not fit the OS template.',
  ],
  [
    'InvalidKey.Format',
    'compute',
    'invalid',
    'The cloud does not accept this public key: it takes RSA and Ed25519 keys in OpenSSH form.',
  ],
  [
    'InvalidKeyPair.Format',
    'compute',
    'invalid',
    'The cloud does not accept this public key: it takes RSA and Ed25519 keys in OpenSSH form.',
  ],
  ['InvalidKeyPair.NotFound', 'compute', 'conflict', 'The key was removed while the compute was made; try again.'],
  [
    'UnsupportedHibernationConfiguration',
    'compute',
    'conflict',
    'The compute cannot be suspended: it was not launched for it.',
  ],
  [
    'IncorrectInstanceState',
    'compute',
    'conflict',
    'The state of the compute, or of what it is linked to, does not allow this now.',
  ],
  [
    'IncorrectState',
    'storagelink',
    'conflict',
    'The state of the storagelink, or of what it is linked to, does not allow this now.',
  ],
  ['OperationNotPermitted', 'compute', 'conflict', 'The compute is protected by the provider against this.'],
  ['CannotDelete', 'securitygroup', 'forbidden', 'The securitygroup belongs to the provider and cannot be deleted.'],
  ['VPCIdNotSpecified', 'network', 'internal', "The provider's configuration names a resource that does not exist."],
  [
    'InvalidVpcID.NotFound',
    'securitygroup',
    'internal',
    "The provider's configuration names a resource that does not exist.",
  ],
  [
    'InvalidPermission.Malformed',
    'securitygroup',
    'invalid',
    'A rule of occi.securitygroup.rules is not possible in this cloud.',
  ],
  [
    'VolumeModificationRateExceeded',
    'storage',
    'conflict',
    'The storage was resized too often; the cloud allows it four times in 24 hours.',
  ],
  ['InvalidVolume.ZoneMismatch', 'storagelink', 'conflict', 'The storage and the compute are in different zones.'],
  ['VolumeInUse', 'storage', 'conflict', 'The storage is used by a compute.'],
  ['DependencyViolation', 'network', 'conflict', 'The network is in use.'],
  ['InvalidGroup.InUse', 'securitygroup', 'conflict', 'The securitygroup is in use.'],
  ['InvalidIPAddress.InUse', 'ipreservation', 'conflict', 'The ipreservation is in use.'],
  [
    'InvalidIPAddress.InUse',
    'networkinterface',
    'conflict',
    'The address (occi.networkinterface.address) is that of another interface.',
  ],
  [
    'Gateway.NotAttached',
    'networkinterface',
    'conflict',
    'The network has no way to the internet: no reserved address can be used there.',
  ],
  ['InvalidSubnet.Conflict', 'network', 'conflict', 'There is such a network already.'],
  [
    'InvalidSubnet.Range',
    'network',
    'invalid',
    'The address (occi.network.address) is not among those that the provider gives to networks.',
  ],
  ['InsufficientFreeAddressesInSubnet', 'networkinterface', 'conflict', 'The network has no free address.'],
  [
    'InvalidAddress.NotFound',
    'networkinterface',
    'invalid',
    'The address (occi.networkinterface.address) is not one of this network.',
  ],
  ['InvalidZone.NotFound', 'storage', 'invalid', 'There is no such availability zone.'],
  ['IdempotentParameterMismatch', 'compute', 'conflict', 'Another request was sent under the same token.'],
  ['InvalidParameterValue', 'compute', 'invalid', 'The cloud cannot make or change a compute in this way.'],
  ['InvalidParameterCombination', 'network', 'invalid', 'The cloud cannot make or change a network in this way.'],
  ['MissingParameter', 'storage', 'invalid', 'The cloud cannot make or change a storage in this way.'],
];

describe('A refusal', () => {
  test.each(TABLE)('%s of a %s is %s: %s', (code, kind, failure, message) => {
    expect(toOcciError(refusal(code), kind)).toMatchObject({ failure, message });
  });

  test.each<[string, KindTerm, boolean]>([
    ['InvalidInstanceID.NotFound', 'compute', true],
    ['InvalidSubnetID.NotFound', 'compute', true],
    ['InvalidGroup.NotFound', 'compute', true],
    ['InvalidSecurityGroupID.NotFound', 'securitygrouplink', true],
    ['InvalidVolume.NotFound', 'storagelink', true],
    ['InvalidAllocationID.NotFound', 'networkinterface', true],
    ['InvalidSubnetID.Malformed', 'compute', false],
    ['InvalidAMIID.NotFound', 'compute', false],
    ['InvalidZone.NotFound', 'storage', false],
    ['InvalidKeyPair.NotFound', 'compute', false],
  ])('%s of a %s may be about what EC2 does not show yet: %s', (code, kind, unseen) => {
    expect(toOcciError(refusal(code), kind).unseen).toBe(unseen);
  });

  test('that is transient names the time to wait', () => {
    for (const [code, kind, failure] of TABLE.filter((row) => row[2] === 'unavailable')) {
      expect([failure, toOcciError(refusal(code), kind).headers]).toEqual([failure, { 'Retry-After': '30' }]);
    }
  });

  test.each(['Client.SomethingNew', 'SomethingNew', 'DryRunOperation'])(
    'that no client can mend (%s) is internal, and says no more',
    (code) => {
      const error = toOcciError(refusal(code), 'compute');
      expect(error.failure).toBe('internal');
      expect(error.message).not.toContain(code);
    },
  );

  test('whatever its code and kind is a sentence for users, with the native one for the log', () => {
    const code = fc.oneof(
      fc.constantFrom(...TABLE.map(([known]) => known)),
      fc.stringMatching(/^[A-Z][A-Za-z]{0,30}(\.[A-Z][A-Za-z]{0,20})?$/),
    );
    fc.assert(
      fc.property(code, fc.constantFrom(...KIND_TERMS), (native, kind) => {
        const cause = refusal(native);
        const error = toOcciError(cause, kind);
        expect(error.message).toMatch(/^[A-Z].*\.$/);
        expect(error.message).not.toMatch(/arn:|\d{12}|\b(i|vol|sg|eni|subnet|ami)-|ncoded|ec2:|AWS/);
        expect(error.cause).toBe(cause);
        expect(error.unknownOutcome).toBe(false);
      }),
    );
  });

  test('of permission keeps the encoded message for the log alone', () => {
    const error = toOcciError(
      clientFailure(refusedWith('UnauthorizedOperation', SECRET, 403), 'RunInstances'),
      'compute',
    );
    expect([error.failure, error.status]).toEqual(['forbidden', 403]);
    expect(JSON.stringify([error.message, error.headers])).not.toMatch(/l3aKd0|arn:/);
    expect((error.cause as Refusal).message).toBe('RunInstances: UnauthorizedOperation');
    expect((error.cause as Refusal).sentence).toContain('l3aKd0');
  });

  test('is known by its code', () => {
    expect(isRefused(refusal('InvalidGroup.Duplicate'), /^InvalidGroup\./)).toBe(true);
    expect(isRefused(refusal('InvalidGroup.Duplicate'), /^InvalidVolume\./)).toBe(false);
    expect(isRefused(new Error('InvalidGroup.Duplicate'), /./)).toBe(false);
  });
});

test('AuthFailure is about our credentials with 401 only', () => {
  expect(clientFailure(refusedWith('AuthFailure', SECRET, 401), 'RunInstances')).toMatchObject({
    failure: 'forbidden',
  });
  expect(clientFailure(refusedWith('AuthFailure', SECRET, 400), 'RunInstances')).toBeInstanceOf(Refusal);
});

describe('What the SDK throws', () => {
  const failed = (name: string, more: object = {}) => Object.assign(new Error('x'), { name, ...more });

  test.each<[string, unknown, Failure, boolean]>([
    ['no time', failed('TimeoutError'), 'timedOut', true],
    ['a signal', failed('AbortError'), 'timedOut', true],
    ['a closed connection', failed('Error', { code: 'ECONNRESET' }), 'unavailable', true],
    ['one that the SDK calls late', failed('TimeoutError', { code: 'ECONNRESET' }), 'unavailable', true],
    ['one that is late', failed('TimeoutError', { code: 'ETIMEDOUT' }), 'timedOut', true],
    ['no credentials', failed('CredentialsProviderError'), 'forbidden', false],
    ['an error of EC2', refusedWith('InternalError', 'x', 500), 'unavailable', true],
    [
      'a status without a code',
      failed('Unknown', { $fault: 'server', $metadata: { httpStatusCode: 502 } }),
      'unavailable',
      true,
    ],
    ['throttling', refusedWith('RequestLimitExceeded', 'x', 503), 'unavailable', false],
  ])('for %s is reported, and whether a change may have been made', (_what, error, failure, unknownOutcome) => {
    expect(clientFailure(error, 'RunInstances')).toMatchObject({ failure, unknownOutcome });
    expect(clientFailure(error, 'DescribeInstances')).toMatchObject({ failure, unknownOutcome: false });
  });

  test('for too little capacity is a refusal, though EC2 sends it as its own failure', () => {
    const told = clientFailure(refusedWith('InsufficientInstanceCapacity', 'x', 500), 'RunInstances');
    expect(told).toBeInstanceOf(Refusal);
    expect(toOcciError(told, 'compute')).toMatchObject({ failure: 'unavailable', unknownOutcome: false });
  });
});

test('A failure of ours stays what it is, and anything else is internal', () => {
  const ours = new OcciError('conflict', 'So it is.');
  expect(toOcciError(ours, 'compute')).toBe(ours);
  expect(clientFailure(ours, 'RunInstances')).toBe(ours);
  const bug = new TypeError('x is undefined');
  expect(toOcciError(bug, 'compute')).toMatchObject({ failure: 'internal', cause: bug });
  expect(toOcciError(bug, 'compute').message).not.toContain('undefined');
});
