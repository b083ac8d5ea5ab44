/** Which calls to EC2 each kind makes, and which kinds each function serves: with these two tables its rights follow. */

/** What images, sizes and zones are found with: any function may have to, since a request may name one. */
const CATALOGUE = ['DescribeAvailabilityZones', 'DescribeImages', 'DescribeInstanceTypes'];

/** By kind, as adapters/ec2/<kind>.ts and what it imports make them. */
export const CALLS = {
  catalogue: CATALOGUE,
  compute: [
    'AssociateAddress',
    'AttachVolume',
    'AuthorizeSecurityGroupEgress',
    'AuthorizeSecurityGroupIngress',
    'CreateImage',
    'CreateSecurityGroup',
    'CreateTags',
    'DeleteKeyPair',
    'DeleteNetworkInterface',
    'DeleteSecurityGroup',
    'DeleteTags',
    'DescribeAddresses',
    'DescribeImages',
    'DescribeInstances',
    'DescribeNetworkInterfaces',
    'DescribeSecurityGroups',
    'DescribeSubnets',
    'DescribeVolumes',
    'ImportKeyPair',
    'ModifyInstanceAttribute',
    'RebootInstances',
    'RevokeSecurityGroupEgress',
    'RevokeSecurityGroupIngress',
    'RunInstances',
    'StartInstances',
    'StopInstances',
    'TerminateInstances',
    'UpdateSecurityGroupRuleDescriptionsEgress',
    'UpdateSecurityGroupRuleDescriptionsIngress',
  ],
  storage: [
    'CreateSnapshot',
    'CreateTags',
    'CreateVolume',
    'DeleteTags',
    'DeleteVolume',
    'DescribeVolumes',
    'ModifyVolume',
  ],
  network: [
    'CreateSubnet',
    'CreateTags',
    'DeleteNetworkInterface',
    'DeleteSubnet',
    'DeleteTags',
    'DescribeNetworkInterfaces',
    'DescribeSubnets',
    'DescribeVpcs',
  ],
  securitygroup: [
    'AuthorizeSecurityGroupEgress',
    'AuthorizeSecurityGroupIngress',
    'CreateSecurityGroup',
    'CreateTags',
    'DeleteNetworkInterface',
    'DeleteSecurityGroup',
    'DeleteTags',
    'DescribeNetworkInterfaces',
    'DescribeSecurityGroups',
    'RevokeSecurityGroupEgress',
    'RevokeSecurityGroupIngress',
    'UpdateSecurityGroupRuleDescriptionsEgress',
    'UpdateSecurityGroupRuleDescriptionsIngress',
  ],
  ipreservation: [
    'AllocateAddress',
    'AssociateAddress',
    'CreateTags',
    'DeleteTags',
    'DescribeAddresses',
    'ReleaseAddress',
  ],
  networkinterface: [
    'AssociateAddress',
    'AttachNetworkInterface',
    'CreateNetworkInterface',
    'CreateTags',
    'DeleteNetworkInterface',
    'DeleteTags',
    'DescribeAddresses',
    'DescribeInstances',
    'DescribeNetworkInterfaces',
    'DescribeSubnets',
    'DetachNetworkInterface',
    'DisassociateAddress',
    'ModifyNetworkInterfaceAttribute',
  ],
  storagelink: [
    'AttachVolume',
    'CreateTags',
    'DeleteTags',
    'DescribeAddresses',
    'DescribeInstances',
    'DescribeVolumes',
    'DetachVolume',
  ],
  securitygrouplink: [
    'DescribeAddresses',
    'DescribeInstances',
    'DescribeSecurityGroups',
    'ModifyNetworkInterfaceAttribute',
  ],
};

const LINKS = ['networkinterface', 'storagelink', 'securitygrouplink'];
const KINDS = Object.keys(CALLS).filter((kind) => kind !== 'catalogue');

/** By function: the kinds that it changes, and those that it reads, be it as ends of links. */
export const SERVES = {
  discovery: { changes: [], reads: ['catalogue'] },
  // A payload may bring links for a compute, and these lead to any kind.
  compute: { changes: ['compute', ...LINKS], reads: ['catalogue', ...KINDS] },
  storage: { changes: ['storage'], reads: ['catalogue', 'storage'] },
  network: {
    changes: ['network', 'securitygroup', 'ipreservation'],
    reads: ['catalogue', 'network', 'securitygroup', 'ipreservation'],
  },
  links: { changes: LINKS, reads: ['catalogue', ...KINDS] },
  paths: { changes: KINDS, reads: ['catalogue', ...KINDS] },
};

const isRead = (call) => call.startsWith('Describe');
const callsOf = (kinds) => [...new Set(kinds.flatMap((kind) => CALLS[kind]))].sort();

/** Calls of a function that read, and those that change something. */
export const callsFor = (name) => ({
  reads: callsOf(SERVES[name].reads).filter(isRead),
  changes: callsOf(SERVES[name].changes).filter((call) => !isRead(call)),
  kinds: SERVES[name].changes,
});
