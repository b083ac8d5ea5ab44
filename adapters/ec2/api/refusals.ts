/**
 * Rules for the codes of EC2's refusals (EC2 API Reference, Error codes); the first rule that matches applies.
 */
import { always, type ClientError, firstMatch, type RefusalRule } from '../../../lib/adapter/refusals.ts';
import type { KindTerm } from '../../../lib/occi/kinds/index.ts';

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
function missing(code: string, kind: string): ClientError | undefined {
  const [, prefix] = /^(\w+)\.(?:NotFound|Malformed|Unknown)$/.exec(code) ?? [];
  const thing = prefix === undefined ? undefined : THINGS[prefix];
  if (!thing) return undefined;
  return { failure: thing === kind ? 'notFound' : 'invalid', message: `There is no such ${thing}.` };
}

const UNCONFIGURED: ClientError = {
  failure: 'internal',
  message: "The provider's configuration names a resource that does not exist.",
};

const NO_TEMPLATE = 'There is no such OS template any more, or it cannot be used.';

const RULES: readonly RefusalRule[] = [
  {
    when: /^(UnauthorizedOperation|OptInRequired|Blocked|PendingVerification)$/,
    as: always('forbidden', 'The provider does not permit this.'),
  },
  {
    // With our own credentials it is no refusal (`failures.ts`): something is named that the account may not use.
    when: /^AuthFailure$/,
    as: (_code, kind) =>
      kind === 'compute'
        ? { failure: 'invalid', message: NO_TEMPLATE }
        : { failure: 'forbidden', message: `The account may not use what the ${kind} is to be made of.` },
  },
  {
    when: /^(InsufficientInstanceCapacity|InsufficientHostCapacity|InsufficientCapacity|InsufficientAddressCapacity|InsufficientVolumeCapacity)$/,
    as: (_code, kind) => ({
      failure: 'unavailable',
      message: `The cloud has no capacity for such a ${kind} at the moment; try another size or zone, or try again later.`,
    }),
  },
  {
    when: /^RulesPerSecurityGroupLimitExceeded$/,
    as: always('conflict', 'The securitygroup would have more rules than the cloud allows.'),
  },
  {
    when: /^SecurityGroupsPer(Instance|Interface|NetworkInterface)LimitExceeded$/,
    as: always('conflict', 'The compute would have more securitygroups than the cloud allows.'),
  },
  {
    when: /^AttachmentLimitExceeded$/,
    as: (_code, kind) => ({
      failure: 'conflict',
      message: `A compute of this size can have no ${kind === 'compute' ? 'more links to storage or networks' : `further ${kind}`}.`,
    }),
  },
  {
    when: /^PrivateIpAddressLimitExceeded$/,
    as: always('conflict', 'The networkinterface has as many addresses as it can have.'),
  },
  {
    when: /^TagLimitExceeded$/,
    as: (_code, kind) => ({
      failure: 'conflict',
      message: `The ${kind} has as many tags as the cloud allows.`,
    }),
  },
  {
    when: /^(Pending|Concurrent)SnapshotLimitExceeded$/,
    as: always('unavailable', 'As many copies are being made as the cloud makes at a time; try again later.'),
  },
  { when: /^SnapshotLimitExceeded$/, as: always('conflict', 'The account has as many copies of storage as it may.') },
  {
    when: /^((Address|Instance|NetworkInterface|SecurityGroup|Subnet|Vcpu|Volume)LimitExceeded|MaxSpotInstanceCountExceeded|ResourceCountExceeded)$/,
    as: (_code, kind) => ({
      failure: 'conflict',
      message: `The account has as many as it may: no further ${kind} can be made.`,
    }),
  },
  { when: /LimitExceeded$/, as: always('conflict', 'This is more than the cloud allows the account.') },
  { when: /^InvalidAMI/, as: always('invalid', NO_TEMPLATE) },
  {
    when: /^(InvalidInstanceType|InvalidInstanceAttributeValue)$/,
    as: always('invalid', 'There is no such size (resource_tpl) here, or it does not fit the OS template.'),
  },
  {
    when: /^InvalidKey\.Format$|^InvalidKeyPair\.Format$/,
    as: always('invalid', 'The cloud does not accept this public key: it takes RSA and Ed25519 keys in OpenSSH form.'),
  },
  {
    when: /^InvalidKeyPair\.NotFound$/,
    as: always('conflict', 'The key was removed while the compute was made; try again.'),
  },
  {
    when: /^UnsupportedHibernationConfiguration$/,
    as: always('conflict', 'The compute cannot be suspended: it was not launched for it.'),
  },
  {
    when: /^(IncorrectInstanceState|IncorrectState|InvalidState|IncorrectModificationState)$/,
    as: (_code, kind) => ({
      failure: 'conflict',
      message: `The state of the ${kind}, or of what it is linked to, does not allow this now.`,
    }),
  },
  {
    // Such as the stop of a machine that was bought for one run only, or has no disk of its own to come back from.
    when: /^UnsupportedOperation$/,
    as: (_code, kind) => ({
      failure: 'conflict',
      message: `The ${kind} is of a sort that this cannot be done with.`,
    }),
  },
  {
    when: /^Unsupported$/,
    as: (_code, kind) => ({
      failure: 'conflict',
      message:
        kind === 'compute'
          ? 'The availability zone has no such size (resource_tpl), or not with this OS template; try another.'
          : `The availability zone has no such ${kind}; try another.`,
    }),
  },
  {
    when: /^VolumeTypeNotAvailableInZone$/,
    as: always('conflict', 'The availability zone has none of the storage that the provider has configured.'),
  },
  {
    when: /^OperationNotPermitted$/,
    as: (_code, kind) => ({
      failure: 'conflict',
      message: `The ${kind} is protected by the provider against this.`,
    }),
  },
  {
    when: /^CannotDelete$/,
    as: (_code, kind) => ({
      failure: 'forbidden',
      message: `The ${kind} belongs to the provider and cannot be deleted.`,
    }),
  },
  { when: /^InvalidID$/, as: (_code, kind) => ({ failure: 'notFound', message: `There is no such ${kind}.` }) },
  {
    when: /^(VPCIdNotSpecified|DefaultVpcDoesNotExist|MissingInput)$/,
    as: (_code, kind) =>
      kind === 'compute'
        ? {
            failure: 'invalid',
            message: 'There is no network here for a compute that names none: it needs a networkinterface to one.',
          }
        : UNCONFIGURED,
  },
  { when: /^InvalidVpcI[dD]\.\w+$/, as: () => UNCONFIGURED },
  {
    when: /^InvalidPermission\.Malformed$/,
    as: always('invalid', 'A rule of occi.securitygroup.rules is not possible in this cloud.'),
  },
  {
    when: /^VolumeModificationRateExceeded$/,
    as: always('conflict', 'The storage was resized a short time ago; the cloud allows it once in six hours.'),
  },
  {
    when: /^InvalidVolume\.ZoneMismatch$/,
    as: always('conflict', 'The storage and the compute are in different zones.'),
  },
  { when: /^(VolumeInUse|InvalidVolume\.InUse)$/, as: always('conflict', 'The storage is used by a compute.') },
  {
    when: /^InvalidIPAddress\.InUse$/,
    as: (_code, kind) => ({
      failure: 'conflict',
      message:
        kind === 'ipreservation'
          ? 'The ipreservation is in use.'
          : 'The address (occi.networkinterface.address) is that of another interface.',
    }),
  },
  {
    when: /^Gateway\.NotAttached$/,
    as: always('conflict', 'The network has no way to the internet: no reserved address can be used there.'),
  },
  {
    when: /^(InvalidNetworkInterface\.InUse|Resource\.AlreadyAssociated|DependencyViolation|InvalidGroup\.InUse)$/,
    as: (_code, kind) => ({ failure: 'conflict', message: `The ${kind} is in use.` }),
  },
  {
    when: /^(InvalidSubnet\.Conflict|InvalidPermission\.Duplicate|InvalidGroup\.Duplicate)$/,
    as: (_code, kind) => ({ failure: 'conflict', message: `There is such a ${kind} already.` }),
  },
  {
    when: /^(InvalidSubnet\.Range|InvalidVpc\.Range)$/,
    as: always('invalid', 'The address (occi.network.address) is not among those that the provider gives to networks.'),
  },
  { when: /^InsufficientFreeAddressesInSubnet$/, as: always('conflict', 'The network has no free address.') },
  {
    when: /^(InvalidIPAddress|InvalidAddress\.\w+|InvalidPrivateIpAddress\w*)$/,
    as: always('invalid', 'The address (occi.networkinterface.address) is not one of this network.'),
  },
  { when: /^InvalidZone\.NotFound$/, as: always('invalid', 'There is no such availability zone.') },
  { when: /^IdempotentParameterMismatch$/, as: always('conflict', 'Another request was sent under the same token.') },
  {
    when: /^(InvalidParameter\w*|MissingParameter|ValidationError|InvalidRequest|InvalidInput|UnknownParameter|InvalidBlockDeviceMapping|InvalidUserData\.Malformed)$/,
    as: (_code, kind) => ({
      failure: 'invalid',
      message: `The cloud cannot make or change a ${kind} in this way.`,
    }),
  },
];

/** The error for a code in calls about this kind; undefined for a code that no rule knows. */
export const clientErrorOf = (code: string, kind: string): ClientError | undefined =>
  missing(code, kind) ?? firstMatch(RULES, code, kind);
