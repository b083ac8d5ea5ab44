/** The resources that EC2 checks rights on, for each call, and those that carry the tags of each kind. */
import type { KindTerm } from '../../lib/occi/kinds/index.ts';

/**
 * What is asked of a resource. `own`: it has a tenant's tag. `made`: it gets one. `image`: it belongs to an owner whose
 * images are offered. `vpc`, `subnet`, `pool`: the settings name it. `any`: nothing, such as of the group that a VPC gives
 * to an interface that names none.
 */
export type Asked = 'own' | 'made' | 'image' | 'vpc' | 'subnet' | 'pool' | 'any';

/** By call: the resources that EC2 checks rights on (Service Authorization Reference, Amazon EC2). */
export const ON: Readonly<Record<string, Readonly<Record<string, Asked>>>> = {
  RunInstances: {
    instance: 'made',
    volume: 'made',
    'network-interface': 'made',
    'key-pair': 'own',
    image: 'image',
    subnet: 'subnet',
    'security-group': 'any',
  },
  StartInstances: { instance: 'own' },
  StopInstances: { instance: 'own' },
  RebootInstances: { instance: 'own' },
  TerminateInstances: { instance: 'own' },
  ModifyInstanceAttribute: { instance: 'own' },
  ModifyInstanceCreditSpecification: { instance: 'own' },
  CreateImage: { instance: 'own', image: 'made', snapshot: 'made' },
  ImportKeyPair: { 'key-pair': 'made' },
  DeleteKeyPair: { 'key-pair': 'own' },
  CreateVolume: { volume: 'made' },
  DeleteVolume: { volume: 'own' },
  ModifyVolume: { volume: 'own' },
  CreateSnapshot: { volume: 'own', snapshot: 'made' },
  AttachVolume: { instance: 'own', volume: 'own' },
  DetachVolume: { instance: 'own', volume: 'own' },
  CreateSubnet: { subnet: 'made', vpc: 'vpc' },
  DeleteSubnet: { subnet: 'own' },
  CreateNetworkInterface: { 'network-interface': 'made', subnet: 'subnet', 'security-group': 'any' },
  DeleteNetworkInterface: { 'network-interface': 'own' },
  AttachNetworkInterface: { instance: 'own', 'network-interface': 'own' },
  DetachNetworkInterface: { instance: 'own', 'network-interface': 'own' },
  ModifyNetworkInterfaceAttribute: { instance: 'own', 'network-interface': 'own', 'security-group': 'any' },
  AllocateAddress: { 'elastic-ip': 'made', 'ipv4pool-ec2': 'pool' },
  ReleaseAddress: { 'elastic-ip': 'own' },
  AssociateAddress: { 'elastic-ip': 'own', instance: 'own', 'network-interface': 'own' },
  DisassociateAddress: { 'elastic-ip': 'own', instance: 'own', 'network-interface': 'own' },
  CreateSecurityGroup: { 'security-group': 'made', vpc: 'vpc' },
  DeleteSecurityGroup: { 'security-group': 'own' },
  AuthorizeSecurityGroupEgress: { 'security-group': 'own' },
  AuthorizeSecurityGroupIngress: { 'security-group': 'own' },
  RevokeSecurityGroupEgress: { 'security-group': 'own' },
  RevokeSecurityGroupIngress: { 'security-group': 'own' },
  UpdateSecurityGroupRuleDescriptionsEgress: { 'security-group': 'own' },
  UpdateSecurityGroupRuleDescriptionsIngress: { 'security-group': 'own' },
};

/** By kind: what its own tags are on, which a change writes and deletes. */
export const TAGGED: Readonly<Record<KindTerm, readonly string[]>> = {
  compute: ['instance'],
  storage: ['volume'],
  network: ['network-interface', 'subnet'],
  securitygroup: ['network-interface', 'security-group'],
  ipreservation: ['elastic-ip'],
  networkinterface: ['instance', 'network-interface'],
  storagelink: ['instance', 'volume'],
  securitygrouplink: [],
};
