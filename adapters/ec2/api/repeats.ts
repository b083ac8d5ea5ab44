/** Which calls may be sent again after an unknown outcome. */
import type { CallName } from './call-types.ts';

/** How often a call may be carried out. */
type Repeat =
  /** It changes nothing. */
  | 'read'
  /** EC2 makes one thing of its `ClientToken`. */
  | 'token'
  /** Carried out again it changes nothing, or is refused and the caller takes that for what it is. */
  | 'idempotent'
  /** Again it would do the same once more, or be refused for what it has done itself. */
  | 'once';

/** Every call of the adapter. One with `once` is sent again only where EC2 has said that it did nothing. */
export const REPEATS: Readonly<Record<CallName, Repeat>> = {
  AllocateAddress: 'once',
  AssociateAddress: 'idempotent',
  // Refused the second time; who attaches looks then whether it is attached.
  AttachNetworkInterface: 'idempotent',
  AttachVolume: 'idempotent',
  AuthorizeSecurityGroupEgress: 'idempotent',
  AuthorizeSecurityGroupIngress: 'idempotent',
  CreateImage: 'once',
  CreateNetworkInterface: 'token',
  // A VPC has a name of a group once, and addresses of a subnet once: what has them is found by its tags.
  CreateSecurityGroup: 'idempotent',
  CreateSnapshot: 'once',
  CreateSubnet: 'idempotent',
  CreateTags: 'idempotent',
  CreateVolume: 'token',
  DeleteKeyPair: 'idempotent',
  DeleteNetworkInterface: 'idempotent',
  DeleteSecurityGroup: 'idempotent',
  DeleteSubnet: 'idempotent',
  DeleteTags: 'idempotent',
  DeleteVolume: 'idempotent',
  DescribeAddresses: 'read',
  DescribeAvailabilityZones: 'read',
  DescribeImages: 'read',
  DescribeInstances: 'read',
  DescribeInstanceTypes: 'read',
  DescribeNetworkInterfaces: 'read',
  DescribeSecurityGroups: 'read',
  DescribeSubnets: 'read',
  DescribeVolumes: 'read',
  DescribeVpcs: 'read',
  DetachNetworkInterface: 'once',
  DetachVolume: 'once',
  DisassociateAddress: 'idempotent',
  // Named by the key itself.
  ImportKeyPair: 'idempotent',
  ModifyInstanceAttribute: 'idempotent',
  ModifyInstanceCreditSpecification: 'idempotent',
  ModifyNetworkInterfaceAttribute: 'idempotent',
  ModifyVolume: 'once',
  RebootInstances: 'once',
  ReleaseAddress: 'idempotent',
  RevokeSecurityGroupEgress: 'idempotent',
  RevokeSecurityGroupIngress: 'idempotent',
  RunInstances: 'token',
  StartInstances: 'idempotent',
  StopInstances: 'idempotent',
  TerminateInstances: 'idempotent',
  UpdateSecurityGroupRuleDescriptionsEgress: 'idempotent',
  UpdateSecurityGroupRuleDescriptionsIngress: 'idempotent',
};
