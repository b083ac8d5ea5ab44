/** Which calls to EC2 each kind makes, and which kinds each function serves: with these two tables its rights follow. */
import { KIND_TERMS, type KindTerm } from '../../lib/occi/kinds/index.ts';

/** A kind, or the catalogue that every function reads. */
type Served = KindTerm | 'catalogue';

/** What images, sizes and zones are found with: any function may have to, since a request may name one. */
const CATALOGUE = ['DescribeAvailabilityZones', 'DescribeImages', 'DescribeInstanceTypes'];

/** By kind: the calls that the adapter's file of that name makes, and what it imports. */
export const CALLS: Readonly<Record<Served, readonly string[]>> = {
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
    'ModifyInstanceCreditSpecification',
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

const LINKS: readonly KindTerm[] = ['networkinterface', 'storagelink', 'securitygrouplink'];
const KINDS: readonly KindTerm[] = KIND_TERMS;

/** By function: the kinds that it changes, and those that it reads, be it as ends of links. */
export const SERVES: Readonly<
  Record<string, { readonly changes: readonly KindTerm[]; readonly reads: readonly Served[] }>
> = {
  discovery: { changes: [], reads: ['catalogue'] },
  // A payload may bring links for a compute, and these lead to any kind.
  compute: { changes: ['compute', ...LINKS], reads: ['catalogue', ...KINDS] },
  storage: { changes: ['storage'], reads: ['catalogue', 'storage'] },
  network: {
    changes: ['network', 'securitygroup', 'ipreservation'],
    reads: ['catalogue', 'network', 'securitygroup', 'ipreservation'],
  },
  links: { changes: LINKS, reads: ['catalogue', ...KINDS] },
  // Quotas are counted from these listings; instances have the size of their type, which is in the catalogue.
  account: { changes: [], reads: ['catalogue', 'compute', 'storage', 'ipreservation'] },
  // The login asks nothing of EC2.
  identity: { changes: [], reads: [] },
  paths: { changes: KINDS, reads: ['catalogue', ...KINDS] },
};

const isRead = (call: string): boolean => call.startsWith('Describe');
const callsOf = (kinds: readonly Served[]): readonly string[] =>
  [...new Set(kinds.flatMap((kind) => CALLS[kind]))].sort();

/** Calls of a function that read, those that change something, and the kinds that it changes. */
export function callsFor(name: string) {
  const served = SERVES[name];
  if (!served) throw new Error(`deploy/permissions/ec2-calls.ts does not say what the function ${name} serves`);
  return {
    reads: callsOf(served.reads).filter(isRead),
    changes: callsOf(served.changes).filter((call) => !isRead(call)),
    kinds: served.changes,
  };
}
