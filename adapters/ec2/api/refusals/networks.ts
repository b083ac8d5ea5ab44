/** Refusals about networks, interfaces, addresses, security groups, and the VPC that they are in. */
import {
  always,
  exists,
  full,
  inUse,
  limited,
  missing,
  named,
  noCapacity,
  type Rows,
  type Rule,
  unconfigured,
  wrongAddress,
  wrongSort,
  wrongState,
} from './rules.ts';

const addressTaken = 'The address (occi.networkinterface.address) is that of another interface.';
const tooManyAddresses = always('conflict', 'The networkinterface has as many addresses as it can have.');
const outOfRange = always(
  'invalid',
  'The address (occi.network.address) is not among those that the provider gives to networks.',
);

/** There is no VPC to put it into. */
const noVpc: Rule = (kind) =>
  kind === 'compute'
    ? {
        failure: 'invalid',
        message: 'There is no network here for a compute that names none: it needs a networkinterface to one.',
      }
    : unconfigured(kind);

export const NETWORKS = {
  // Networks.
  'InvalidSubnet.NotFound': missing('network'),
  'InvalidSubnetID.Malformed': missing('network'),
  'InvalidSubnetID.NotFound': missing('network'),
  'InvalidSubnetId.NotFound': missing('network'),
  InvalidSubnet: missing('network'),
  'InvalidSubnet.Conflict': exists,
  CidrConflict: exists,
  VpcCidrConflict: exists,
  DefaultSubnetAlreadyExistsInAvailabilityZone: exists,
  DuplicateSubnetsInSameZone: exists,
  'InvalidSubnet.Range': outOfRange,
  'InvalidVpc.Range': outOfRange,
  InvalidVpcRange: outOfRange,
  DependencyViolation: inUse,
  SubnetLimitExceeded: full,
  InsufficientFreeAddressesInSubnet: always('conflict', 'The network has no free address.'),
  'Gateway.NotAttached': always(
    'conflict',
    'The network has no way to the internet: no reserved address can be used there.',
  ),

  // Interfaces.
  'InvalidNetworkInterface.NotFound': missing('networkinterface'),
  'InvalidNetworkInterfaceID.NotFound': missing('networkinterface'),
  'InvalidNetworkInterfaceId.Malformed': missing('networkinterface'),
  'InvalidNetworkInterfaceAttachmentId.Malformed': missing('networkinterface'),
  NetworkInterfaceNotFoundException: missing('networkinterface'),
  'InvalidAttachmentID.NotFound': missing('networkinterface'),
  'InvalidAssociationID.NotFound': missing('networkinterface'),
  'InvalidNetworkInterface.InUse': inUse,
  NetworkInterfaceLimitExceeded: full,
  NetworkInterfaceNotSupported: wrongSort,
  NetworkInterfaceNotSupportedException: wrongSort,
  PrivateIpAddressLimitExceeded: tooManyAddresses,
  'InvalidInterface.IpAddressLimitExceeded': tooManyAddresses,

  // Addresses.
  'InvalidAllocationID.NotFound': missing('ipreservation'),
  'InvalidAddressID.NotFound': missing('ipreservation'),
  'InvalidAddress.Locked': always(
    'conflict',
    'The cloud has locked the address, perhaps for a name that leads to it; ask the provider.',
  ),
  'InvalidAddress.Malformed': wrongAddress,
  'InvalidAddress.NotFound': wrongAddress,
  InvalidIPAddress: wrongAddress,
  InvalidPrivateIpAddress: wrongAddress,
  'InvalidIPAddress.InUse': (kind) => ({
    failure: 'conflict',
    message: kind === 'ipreservation' ? 'The ipreservation is in use.' : addressTaken,
  }),
  'Resource.AlreadyAssigned': always('conflict', addressTaken),
  'Resource.AlreadyAssociated': inUse,
  AddressLimitExceeded: full,
  InsufficientAddressCapacity: noCapacity,
  EIPMigratedToVpc: wrongSort,

  // Security groups.
  'InvalidGroup.NotFound': missing('securitygroup'),
  'InvalidGroupId.NotFound': missing('securitygroup'),
  'InvalidGroupId.Malformed': missing('securitygroup'),
  'InvalidSecurityGroupID.NotFound': missing('securitygroup'),
  'InvalidSecurityGroupId.Malformed': missing('securitygroup'),
  'InvalidGroup.Duplicate': exists,
  'InvalidGroup.InUse': inUse,
  'InvalidGroup.Reserved': always('invalid', 'The name of the securitygroup is reserved; choose another title.'),
  CannotDelete: (kind) => ({
    failure: 'forbidden',
    message: `The ${kind} belongs to the provider and cannot be deleted.`,
  }),
  LegacySecurityGroup: wrongSort,
  SecurityGroupLimitExceeded: full,
  'InvalidPermission.Duplicate': exists,
  'InvalidPermission.Malformed': always('invalid', 'A rule of occi.securitygroup.rules is not possible in this cloud.'),
  'InvalidPermission.NotFound': always('conflict', 'The rules of the securitygroup were changed meanwhile; try again.'),
  'InvalidSecurityGroupRuleId.Malformed': named,
  'InvalidSecurityGroupRuleId.NotFound': named,
  RulesPerSecurityGroupLimitExceeded: always(
    'conflict',
    'The securitygroup would have more rules than the cloud allows.',
  ),

  // The VPC, which the provider names.
  DefaultVpcAlreadyExists: exists,
  DefaultVpcDoesNotExist: noVpc,
  MissingInput: noVpc,
  VPCIdNotSpecified: noVpc,
  VPCResourceNotSpecified: noVpc,
  'InvalidVpcID.Malformed': unconfigured,
  'InvalidVpcID.NotFound': unconfigured,
  'InvalidVpcId.Malformed': unconfigured,
  'InvalidVpcId.NotFound': unconfigured,
  InvalidVpcState: wrongState,
  VpcLimitExceeded: limited,

  // What is beside subnets in a VPC: gateways, routes, ACLs, prefix lists.
  'InvalidDhcpOptionID.NotFound': named,
  'InvalidDhcpOptionsID.NotFound': named,
  'InvalidDhcpOptionsId.Malformed': named,
  'InvalidCarrierGatewayID.NotFound': named,
  'InvalidEgressOnlyInternetGatewayId.Malformed': named,
  'InvalidEgressOnlyInternetGatewayId.NotFound': named,
  'InvalidGatewayID.NotFound': named,
  'InvalidInternetGatewayId.Malformed': named,
  'InvalidInternetGatewayID.NotFound': named,
  InternetGatewayLimitExceeded: limited,
  'InvalidNatGatewayID.NotFound': named,
  NatGatewayLimitExceeded: limited,
  NatGatewayMalformed: named,
  NatGatewayNotFound: named,
  'InvalidNetworkAclEntry.NotFound': named,
  'InvalidNetworkAclId.Malformed': named,
  'InvalidNetworkAclID.NotFound': named,
  NetworkAclEntryAlreadyExists: exists,
  NetworkAclEntryLimitExceeded: limited,
  NetworkAclLimitExceeded: limited,
  'InvalidPrefixListId.Malformed': named,
  'InvalidPrefixListID.NotFound': named,
  'InvalidPrefixListId.NotFound': named,
  'InvalidRoute.InvalidState': wrongState,
  'InvalidRoute.Malformed': named,
  'InvalidRoute.NotFound': named,
  'InvalidRouteTableId.Malformed': named,
  'InvalidRouteTableID.NotFound': named,
  RouteAlreadyExists: exists,
  RouteLimitExceeded: limited,
  RouteTableLimitExceeded: limited,
} as const satisfies Rows;
