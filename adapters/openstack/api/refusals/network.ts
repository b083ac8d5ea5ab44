/** What Neutron's refusals mean, by the `type` of an error: the names of its exceptions, which do not change. */
import { always, type RefusalRule, type ToClientError } from '../../../../lib/adapter/refusals.ts';

/** Something that the request names, or that it is about, is not there or is another project's. */
const missing =
  (what: string): ToClientError =>
  (_match, kind) =>
    kind === what
      ? { failure: 'notFound', message: `There is no such ${what}.` }
      : { failure: 'invalid', message: `There is no such ${what}, or it may not be used.` };

const invalid = (message: string) => always('invalid', message);
const conflict = (message: string) => always('conflict', message);
const forbidden = (message: string) => always('forbidden', message);

/** What Neutron does not say to members: the plugin, the hypervisor or the database of the provider has failed. */
const providerFailed = always('unavailable', 'The network service of the cloud failed; try again later.');
const changedMeanwhile: ToClientError = (_match, kind) => ({
  failure: 'conflict',
  message: `The ${kind} was changed by another request at the same time: try again.`,
});
const notAccepted: ToClientError = (_match, kind) => ({
  failure: 'invalid',
  message: `The cloud does not accept this ${kind} as it is asked for.`,
});

/** What a policy forbids to members, by the attribute in the name of its rule. */
const POLICIES = {
  floating_ip_address: 'Only the provider may choose the address of an ipreservation (occi.ipreservation.address).',
  mac_address: 'Only the provider may choose the MAC address (occi.networkinterface.mac) on this network.',
  fixed_ips: 'The address (occi.networkinterface.address) may not be chosen on this network.',
  provider: 'Only the provider may choose the VLAN of a network (occi.network.vlan).',
  shared: 'Only the provider may share this with other projects.',
  'router:external': 'Only the provider may make an external network.',
} as const satisfies Readonly<Record<string, string>>;

/** A rule without an attribute: the caller may make nothing of this kind. */
const WHOLE_RULE = /^\d+ \S+ rule:create_[a-z_]+ is disallowed/;

const notPermitted: ToClientError = (_match, _kind, text) => {
  const [, sentence] =
    Object.entries(POLICIES).find(([attribute]) => new RegExp(`rule:[a-z_]+:${attribute}\\b`).test(text)) ?? [];
  const isForRole = WHOLE_RULE.test(text);
  return {
    failure: 'forbidden',
    message:
      sentence ??
      (isForRole
        ? 'The role of the caller in the project does not permit this.'
        : 'The provider does not permit this.'),
  };
};

/**
 * The exceptions of Neutron's core and of its extensions that are called here (neutron-lib `exceptions/`, neutron
 * `exceptions/` and `extensions/`). Those of agents, firewalls, VPN, metering and placement never come to a member's call.
 */
export const TYPES = {
  // 404
  NetworkNotFound: missing('network'),
  SubnetNotFound: missing('network'),
  SubnetPoolNotFound: missing('network'),
  AddressScopeNotFound: missing('network'),
  PortNotFound: missing('networkinterface'),
  PortNotFoundOnNetwork: missing('networkinterface'),
  PortBindingNotFound: missing('networkinterface'),
  FloatingIPNotFound: missing('ipreservation'),
  RouterNotFound: missing('network'),
  RouterInterfaceNotFound: missing('network'),
  RouterInterfaceNotFoundForSubnet: missing('network'),
  SecurityGroupNotFound: missing('securitygroup'),
  SecurityGroupRuleNotFound: missing('securitygroup'),
  AddressGroupNotFound: missing('securitygroup'),
  ExternalGatewayForFloatingIPNotFound: conflict(
    'No router joins the network of the compute to the pool of the ipreservation: the address cannot be used there.',
  ),
  AvailabilityZoneNotFound: missing('availability_zone'),
  QosPolicyNotFound: notAccepted,
  FlavorNotFound: notAccepted,
  ObjectNotFound: (_match, kind) => ({ failure: 'notFound', message: `There is no such ${kind}.` }),
  TagResourceNotFound: (_match, kind) => ({ failure: 'notFound', message: `There is no such ${kind}.` }),
  TagNotFound: (_match, kind) => ({ failure: 'notFound', message: `There is no such ${kind}.` }),
  HTTPNotFound: (_match, kind) => ({ failure: 'notFound', message: `There is no such ${kind}.` }),
  HTTPMethodNotAllowed: always('notImplemented', 'The network service of this cloud cannot do this.'),
  ExtensionsNotFound: always('notImplemented', 'The network service of this cloud cannot do this.'),
  QuotaResourceUnknown: always('notImplemented', 'The network service of this cloud cannot do this.'),

  // 400
  HTTPBadRequest: notAccepted,
  BadRequest: notAccepted,
  InvalidInput: notAccepted,
  MalformedRequestBody: notAccepted,
  StateInvalid: notAccepted,
  InvalidCIDR: invalid('The cloud does not accept the addresses of the network (occi.network.address).'),
  InvalidIpForNetwork: invalid('The address is not one of this network.'),
  InvalidIpForSubnet: invalid('The address is not one of this network.'),
  SubnetMismatchForPort: invalid('The address is not one of this network.'),
  InvalidAllocationPool: invalid('The network has no addresses for computes: make it larger.'),
  OutOfBoundsAllocationPool: invalid('The network has no addresses for computes: make it larger.'),
  PrefixVersionMismatch: invalid('The addresses of a network are either all IPv4 or all IPv6.'),
  NetworkSubnetPoolAffinityError: notAccepted,
  NetworkAddressScopeAffinityError: notAccepted,
  MinPrefixSubnetAllocationError: invalid('The provider allows no network of this size.'),
  MaxPrefixSubnetAllocationError: invalid('The provider allows no network of this size.'),
  DNSNameServersExhausted: notAccepted,
  HostRoutesExhausted: notAccepted,
  InvalidServiceType: notAccepted,
  ExternalIpAddressExhausted: conflict('The pool has no free address.'),
  ExternalNetworkHasNoSubnet: conflict('The pool has no addresses.'),
  RouterIsNotExternal: conflict('The router of the network leads to no external network.'),
  SubnetIsNotConnectedToRouter: conflict('The network is not joined to a router.'),
  AllowedAddressPairsMissingIP: notAccepted,
  AllowedAddressPairExhausted: notAccepted,
  DuplicateAddressPairInRequest: notAccepted,
  PortSecurityAndIPRequiredForSecurityGroups: conflict(
    'The interface has no address or no port security, so it cannot be in a securitygroup.',
  ),
  InvalidRoutes: notAccepted,
  RoutesExhausted: notAccepted,
  SecurityGroupRuleInvalidProtocol: invalid('The cloud does not know the protocol of a rule.'),
  SecurityGroupRuleInvalidEtherType: invalid('A rule has addresses that are neither IPv4 nor IPv6.'),
  SecurityGroupRuleParameterConflict: invalid('The addresses of a rule are not those of its IP version.'),
  SecurityGroupEthertypeConflictWithProtocol: invalid('The protocol of a rule is not one of its IP version.'),
  SecurityGroupInvalidPortRange: invalid('The ports of a rule are no range.'),
  SecurityGroupInvalidPortValue: invalid('A rule has a port that does not exist.'),
  SecurityGroupInvalidProtocolForPort: invalid('A rule has ports although its protocol has none.'),
  SecurityGroupProtocolRequiredWithPorts: invalid('A rule with ports needs a protocol.'),
  SecurityGroupInvalidIcmpValue: invalid('A rule has an ICMP type or code that does not exist.'),
  SecurityGroupMissingIcmpType: invalid('A rule with an ICMP code needs an ICMP type.'),
  SecurityGroupMultipleRemoteEntites: notAccepted,
  SecurityGroupNotSingleGroupRules: notAccepted,
  SecurityGroupRulesNotSingleProject: notAccepted,
  TenantIdProjectIdFilterConflict: notAccepted,

  // 403
  PolicyNotAuthorized: notPermitted,
  NotAuthorized: forbidden('The provider does not permit this.'),
  AdminRequired: forbidden('The provider does not permit this.'),
  HTTPForbidden: forbidden('The provider does not permit this.'),
  PortDoesNotBelongToTenant: forbidden('The provider does not permit this.'),
  PortDoesNotBelongToProject: forbidden('The provider does not permit this.'),

  // 409 and 412
  NetworkInUse: conflict('The network is in use.'),
  SubnetInUse: conflict('The network is in use: some of its addresses are taken.'),
  SubnetPoolInUse: conflict('The network is in use.'),
  PortInUse: conflict('The networkinterface is in use.'),
  PortBound: conflict('The networkinterface is in use by a compute.'),
  ServicePortInUse: conflict('The networkinterface belongs to a service of the cloud.'),
  UnsupportedPortDeviceOwner: conflict('The networkinterface belongs to a service of the cloud.'),
  PortBindingAlreadyActive: conflict('The networkinterface is in use by a compute.'),
  PortBindingAlreadyExists: conflict('The networkinterface is in use by a compute.'),
  DeviceIDNotOwnedByTenant: conflict('The networkinterface is in use by another project.'),
  DeviceIDNotOwnedByProject: conflict('The networkinterface is in use by another project.'),
  RouterInUse: conflict('The network is in use: its router joins other networks too.'),
  RouterInterfaceInUseByFloatingIP: conflict('The network is in use: an ipreservation is linked to a compute in it.'),
  RouterInterfaceInUseByRoute: conflict('The network is in use: a route of its router leads through it.'),
  RouterInterfaceAttachmentConflict: conflict('The router of the network is being changed: try again.'),
  RouterExternalGatewayInUseByFloatingIp: conflict(
    'The network is in use: an ipreservation is linked to a compute in it.',
  ),
  FloatingIPPortAlreadyAssociated: conflict('The interface of the compute has another ipreservation of this pool.'),
  FipAssociated: conflict('The ipreservation is in use by another networkinterface.'),
  IpAddressAlreadyAllocated: conflict('The address is not free.'),
  IpAddressInUse: conflict('The address is not free.'),
  MacAddressInUse: conflict('The MAC address (occi.networkinterface.mac) is not free in this network.'),
  IpAddressGenerationFailure: conflict('The network has no free address.'),
  IpAddressGenerationFailureAllSubnets: conflict('The network has no free address.'),
  GatewayConflictWithAllocationPools: conflict(
    'The gateway (occi.network.gateway) is an address that computes may get.',
  ),
  GatewayIpInUse: conflict('The gateway (occi.network.gateway) cannot be changed while a router uses it.'),
  OverlappingAllocationPools: conflict('Another range of the network has some of these addresses.'),
  InvalidSharedSetting: conflict('The network is in use by other projects.'),
  NetworkMTUSubnetConflict: conflict('The cloud does not accept the addresses of this network.'),
  OverQuota: conflict('The quota of the project is exceeded: delete what is not needed, or ask the provider for more.'),
  SubnetPoolQuotaExceeded: conflict('The quota of addresses of the project is exceeded.'),
  SecurityGroupInUse: conflict('The securitygroup is in use.'),
  SecurityGroupRuleInUse: conflict('A rule of the securitygroup is in use.'),
  SecurityGroupConflict: conflict('The cloud cannot do this to the securitygroup now.'),
  SecurityGroupRuleExists: conflict('The securitygroup has this rule already.'),
  DuplicateSecurityGroupRuleInPost: conflict('The securitygroup has a rule twice.'),
  SecurityGroupDefaultAlreadyExists: conflict('The name default is taken by the securitygroup of the project.'),
  SecurityGroupCannotRemoveDefault: forbidden('The default securitygroup of the project cannot be deleted.'),
  SecurityGroupCannotUpdateDefault: forbidden('The default securitygroup of the project keeps its name.'),
  AddressPairAndPortSecurityRequired: conflict('The interface has no port security.'),
  PortSecurityPortHasSecurityGroup: conflict('The interface is in a securitygroup.'),
  HTTPConflict: (_match, kind) => ({ failure: 'conflict', message: `The cloud cannot do this to the ${kind} now.` }),
  RevisionNumberConstraintFailed: changedMeanwhile,

  // 500 and 503
  ServiceUnavailable: providerFailed,
  ResourceExhausted: providerFailed,
  NoNetworkAvailable: providerFailed,
  NoNetworkFoundInMaximumAllowedAttempts: providerFailed,
  HostMacAddressGenerationFailure: providerFailed,
  HTTPInternalServerError: providerFailed,
  PortBindingError: providerFailed,
  PolicyCheckError: providerFailed,
  PolicyInitError: providerFailed,
  SubnetAllocationError: conflict('The provider has no addresses left for another network.'),
} as const satisfies Readonly<Record<string, ToClientError>>;

const rowOf = (type: string): ToClientError | undefined =>
  Object.hasOwn(TYPES, type) ? TYPES[type as keyof typeof TYPES] : undefined;

/** One rule: a row of the table. What has no row is known by its status. */
export const NETWORK: readonly RefusalRule[] = [
  {
    when: new RegExp(`^\\d+ (${Object.keys(TYPES).join('|')}) `),
    as: (match, kind, text) => rowOf(match[1] ?? '')!(match, kind, text),
  },
];
