/**
 * What is told of each code of EC2's refusals (EC2 API Reference, Error codes); of several rows that fit the first
 * counts.
 */
import type { Failure } from '../../../lib/errors.ts';
import type { KindTerm } from '../../../lib/occi/kinds/index.ts';

export interface ClientError {
  readonly failure: Failure;
  readonly message: string;
}

interface Row {
  readonly codes: RegExp;
  readonly tell: (kind: KindTerm) => ClientError;
}

const always =
  (failure: Failure, message: string): Row['tell'] =>
  () => ({ failure, message });

/** What an id in a code stands for here: the code of a thing that is not there says what it is. */
const THINGS: Readonly<Record<string, KindTerm>> = {
  InvalidInstanceID: 'compute',
  InvalidVolume: 'storage',
  InvalidVolumeID: 'storage',
  InvalidSubnet: 'network',
  InvalidSubnetID: 'network',
  InvalidGroup: 'securitygroup',
  InvalidGroupId: 'securitygroup',
  InvalidAllocationID: 'ipreservation',
  InvalidNetworkInterfaceID: 'networkinterface',
  InvalidNetworkInterface: 'networkinterface',
  InvalidAttachmentID: 'networkinterface',
  InvalidAttachment: 'storagelink',
  InvalidAssociationID: 'networkinterface',
};

/**
 * A thing that is not there is `notFound` when it is what was asked for, and the request's fault (`invalid`) when it is
 * named by it.
 */
function missing(code: string, kind: KindTerm): ClientError | undefined {
  const [, prefix] = /^(\w+)\.(?:NotFound|Malformed|Unknown)$/.exec(code) ?? [];
  const thing = prefix === undefined ? undefined : THINGS[prefix];
  if (!thing) return undefined;
  return { failure: thing === kind ? 'notFound' : 'invalid', message: `There is no such ${thing}.` };
}

const UNCONFIGURED: ClientError = {
  failure: 'internal',
  message: 'The cloud lacks something that its provider has configured.',
};

const NO_TEMPLATE = 'There is no such OS template any more, or it cannot be used.';

const ROWS: readonly Row[] = [
  {
    codes: /^(UnauthorizedOperation|OptInRequired|Blocked|PendingVerification)$/,
    tell: always('forbidden', 'The provider does not permit this.'),
  },
  {
    // With our own credentials it is no refusal (`failures.ts`): something is named that the account may not use.
    codes: /^AuthFailure$/,
    tell: (kind) =>
      kind === 'compute'
        ? { failure: 'invalid', message: NO_TEMPLATE }
        : { failure: 'forbidden', message: `The account may not use what the ${kind} is to be made of.` },
  },
  {
    codes:
      /^(InsufficientInstanceCapacity|InsufficientHostCapacity|InsufficientCapacity|InsufficientAddressCapacity|InsufficientVolumeCapacity)$/,
    tell: (kind) => ({
      failure: 'unavailable',
      message: `The cloud has no capacity for such a ${kind} at the moment; try another size or zone, or try again later.`,
    }),
  },
  {
    codes: /^RulesPerSecurityGroupLimitExceeded$/,
    tell: always('conflict', 'The securitygroup would have more rules than the cloud allows.'),
  },
  {
    codes: /^SecurityGroupsPer(Instance|Interface|NetworkInterface)LimitExceeded$/,
    tell: always('conflict', 'The compute would have more securitygroups than the cloud allows.'),
  },
  {
    codes: /^AttachmentLimitExceeded$/,
    tell: (kind) => ({
      failure: 'conflict',
      message: `A compute of this size can have no ${kind === 'compute' ? 'more links to storage or networks' : `further ${kind}`}.`,
    }),
  },
  {
    codes: /^PrivateIpAddressLimitExceeded$/,
    tell: always('conflict', 'The networkinterface has as many addresses as it can have.'),
  },
  {
    codes: /^TagLimitExceeded$/,
    tell: (kind) => ({ failure: 'conflict', message: `The ${kind} has as many tags as the cloud allows.` }),
  },
  {
    codes: /^(Pending|Concurrent)SnapshotLimitExceeded$/,
    tell: always('unavailable', 'As many copies are being made as the cloud makes at a time; try again later.'),
  },
  {
    codes: /^SnapshotLimitExceeded$/,
    tell: always('conflict', 'The account has as many copies of storage as it may.'),
  },
  {
    codes:
      /^((Address|Instance|NetworkInterface|SecurityGroup|Subnet|Vcpu|Volume)LimitExceeded|MaxSpotInstanceCountExceeded|ResourceCountExceeded)$/,
    tell: (kind) => ({
      failure: 'conflict',
      message: `The account has as many as it may: no further ${kind} can be made.`,
    }),
  },
  { codes: /LimitExceeded$/, tell: always('conflict', 'This is more than the cloud allows the account.') },
  {
    codes: /^InvalidAMI/,
    tell: always('invalid', NO_TEMPLATE),
  },
  {
    codes: /^(InvalidInstanceType|InvalidInstanceAttributeValue)$/,
    tell: always('invalid', 'There is no such size (resource_tpl) here, or it does not fit the OS template.'),
  },
  {
    codes: /^InvalidKey\.Format$|^InvalidKeyPair\.Format$/,
    tell: always('invalid', 'The public key is none that the cloud takes: RSA and Ed25519 in OpenSSH form.'),
  },
  {
    codes: /^InvalidKeyPair\.NotFound$/,
    tell: always('conflict', 'The key was removed while the compute was made; try again.'),
  },
  {
    codes: /^UnsupportedHibernationConfiguration$/,
    tell: always('conflict', 'The compute cannot be suspended: it was not launched for it.'),
  },
  {
    codes: /^(IncorrectInstanceState|IncorrectState|InvalidState|IncorrectModificationState)$/,
    tell: (kind) => ({
      failure: 'conflict',
      message: `The state of the ${kind}, or of what it is linked to, does not allow this now.`,
    }),
  },
  {
    // Such as the stop of a machine that was bought for one run only, or has no disk of its own to come back from.
    codes: /^UnsupportedOperation$/,
    tell: (kind) => ({ failure: 'conflict', message: `The ${kind} is of a sort that this cannot be done with.` }),
  },
  {
    codes: /^Unsupported$/,
    tell: (kind) => ({
      failure: 'conflict',
      message:
        kind === 'compute'
          ? 'The availability zone has no such size (resource_tpl), or not with this OS template; try another.'
          : `The availability zone has no such ${kind}; try another.`,
    }),
  },
  {
    codes: /^VolumeTypeNotAvailableInZone$/,
    tell: always('conflict', 'The availability zone has none of the storage that the provider has configured.'),
  },
  {
    codes: /^OperationNotPermitted$/,
    tell: (kind) => ({ failure: 'conflict', message: `The ${kind} is protected by the provider against this.` }),
  },
  {
    codes: /^CannotDelete$/,
    tell: (kind) => ({ failure: 'forbidden', message: `The ${kind} belongs to the provider and cannot be deleted.` }),
  },
  { codes: /^InvalidID$/, tell: (kind) => ({ failure: 'notFound', message: `There is no such ${kind}.` }) },
  {
    codes: /^(VPCIdNotSpecified|DefaultVpcDoesNotExist|MissingInput)$/,
    tell: (kind) =>
      kind === 'compute'
        ? {
            failure: 'invalid',
            message: 'There is no network here for a compute that names none: it needs a networkinterface to one.',
          }
        : UNCONFIGURED,
  },
  { codes: /^InvalidVpcI[dD]\.\w+$/, tell: () => UNCONFIGURED },
  {
    codes: /^InvalidPermission\.Malformed$/,
    tell: always('invalid', 'A rule of occi.securitygroup.rules is not possible in this cloud.'),
  },
  {
    codes: /^VolumeModificationRateExceeded$/,
    tell: always('conflict', 'The storage was resized a short time ago; the cloud allows it once in six hours.'),
  },
  {
    codes: /^InvalidVolume\.ZoneMismatch$/,
    tell: always('conflict', 'The storage and the compute are in different zones.'),
  },
  { codes: /^(VolumeInUse|InvalidVolume\.InUse)$/, tell: always('conflict', 'The storage is used by a compute.') },
  {
    codes: /^InvalidIPAddress\.InUse$/,
    tell: (kind) => ({
      failure: 'conflict',
      message:
        kind === 'ipreservation'
          ? 'The ipreservation is in use.'
          : 'The address (occi.networkinterface.address) is that of another interface.',
    }),
  },
  {
    codes: /^Gateway\.NotAttached$/,
    tell: always('conflict', 'The network has no way to the internet: no reserved address can be used there.'),
  },
  {
    codes: /^(InvalidNetworkInterface\.InUse|Resource\.AlreadyAssociated|DependencyViolation|InvalidGroup\.InUse)$/,
    tell: (kind) => ({ failure: 'conflict', message: `The ${kind} is in use.` }),
  },
  {
    codes: /^(InvalidSubnet\.Conflict|InvalidPermission\.Duplicate|InvalidGroup\.Duplicate)$/,
    tell: (kind) => ({ failure: 'conflict', message: `There is such a ${kind} already.` }),
  },
  {
    codes: /^(InvalidSubnet\.Range|InvalidVpc\.Range)$/,
    tell: always(
      'invalid',
      'The address (occi.network.address) is not among those that the provider gives to networks.',
    ),
  },
  {
    codes: /^InsufficientFreeAddressesInSubnet$/,
    tell: always('conflict', 'The network has no free address.'),
  },
  {
    codes: /^(InvalidIPAddress|InvalidAddress\.\w+|InvalidPrivateIpAddress\w*)$/,
    tell: always('invalid', 'The address (occi.networkinterface.address) is none that the network gives out.'),
  },
  { codes: /^InvalidZone\.NotFound$/, tell: always('invalid', 'There is no such availability zone.') },
  {
    codes: /^IdempotentParameterMismatch$/,
    tell: always('conflict', 'Another request was sent under the same token.'),
  },
  {
    codes:
      /^(InvalidParameter\w*|MissingParameter|ValidationError|InvalidRequest|InvalidInput|UnknownParameter|InvalidBlockDeviceMapping|InvalidUserData\.Malformed)$/,
    tell: (kind) => ({ failure: 'invalid', message: `The cloud cannot make or change a ${kind} in this way.` }),
  },
];

/** What the client is told of a code in calls about this kind; undefined for a code that no row knows. */
export const clientErrorOf = (code: string, kind: KindTerm): ClientError | undefined =>
  missing(code, kind) ?? ROWS.find(({ codes }) => codes.test(code))?.tell(kind);
