/**
 * Ids, what EC2 calls them, and how it says that there is no such thing. [documented: the error code list, but where
 * `known` stands]
 */
import type { Call } from './call.ts';
import { Refusal } from './refusal.ts';

interface IdKind {
  /** The call that shows one, and its parameter. */
  readonly describe: string;
  readonly parameter: string;
  readonly notFound: string;
  readonly malformed: string;
  readonly words: string;
}

export const ID_KINDS = {
  i: {
    describe: 'DescribeInstances',
    parameter: 'InstanceId',
    notFound: 'InvalidInstanceID.NotFound',
    malformed: 'InvalidInstanceID.Malformed',
    words: 'instance ID',
  },
  vol: {
    describe: 'DescribeVolumes',
    parameter: 'VolumeId',
    notFound: 'InvalidVolume.NotFound',
    malformed: 'InvalidVolumeID.Malformed',
    words: 'volume',
  },
  snap: {
    describe: 'DescribeSnapshots',
    parameter: 'SnapshotId',
    notFound: 'InvalidSnapshot.NotFound',
    malformed: 'InvalidSnapshotID.Malformed',
    words: 'snapshot',
  },
  ami: {
    describe: 'DescribeImages',
    parameter: 'ImageId',
    notFound: 'InvalidAMIID.NotFound',
    malformed: 'InvalidAMIID.Malformed',
    words: 'image id',
  },
  eni: {
    describe: 'DescribeNetworkInterfaces',
    parameter: 'NetworkInterfaceId',
    notFound: 'InvalidNetworkInterfaceID.NotFound',
    malformed: 'InvalidNetworkInterfaceId.Malformed',
    words: 'networkInterface ID',
  },
  sg: {
    describe: 'DescribeSecurityGroups',
    parameter: 'GroupId',
    notFound: 'InvalidGroup.NotFound',
    malformed: 'InvalidGroupId.Malformed',
    words: 'security group',
  },
  subnet: {
    describe: 'DescribeSubnets',
    parameter: 'SubnetId',
    notFound: 'InvalidSubnetID.NotFound',
    malformed: 'InvalidSubnetID.Malformed', // known
    words: 'subnet ID',
  },
  vpc: {
    describe: 'DescribeVpcs',
    parameter: 'VpcId',
    notFound: 'InvalidVpcID.NotFound',
    malformed: 'InvalidVpcID.Malformed', // known
    words: 'vpc ID',
  },
  eipalloc: {
    describe: 'DescribeAddresses',
    parameter: 'AllocationId',
    notFound: 'InvalidAllocationID.NotFound',
    malformed: 'InvalidAllocationID.NotFound', // known: it has no other
    words: 'allocation ID',
  },
} as const satisfies Readonly<Record<string, IdKind>>;

export type IdPrefix = keyof typeof ID_KINDS;

const PREFIX_OF: Readonly<Record<string, IdPrefix>> = {
  SecurityGroupId: 'sg',
  ...Object.fromEntries(Object.entries(ID_KINDS).map(([prefix, { parameter }]) => [parameter, prefix as IdPrefix])),
};

export const prefixOf = (id: string): IdPrefix | undefined => {
  const prefix = id.slice(0, id.lastIndexOf('-'));
  return Object.hasOwn(ID_KINDS, prefix) ? (prefix as IdPrefix) : undefined;
};

export const isId = (prefix: IdPrefix, id: string): boolean =>
  id.startsWith(`${prefix}-`) && /^[0-9a-f]{8}([0-9a-f]{9})?$/.test(id.slice(prefix.length + 1));

export const notFound = (id: string): Refusal => {
  const prefix = prefixOf(id);
  if (!prefix) return new Refusal('InvalidID', `The ID '${id}' is not valid`);
  return new Refusal(ID_KINDS[prefix].notFound, `The ${ID_KINDS[prefix].words} '${id}' does not exist`);
};

/** All ids that a call names, but in filters, which find nothing in place of failing. */
export const idsIn = (call: Call): { readonly prefix: IdPrefix; readonly id: string }[] =>
  [...call.params].flatMap(([name, id]) => {
    const words = name.split('.').filter((word) => !/^\d+$/.test(word));
    const prefix = words[0] === 'ResourceId' ? prefixOf(id) : PREFIX_OF[words.at(-1) ?? ''];
    return prefix && id && words[0] !== 'Filter' ? [{ prefix, id }] : [];
  });

/** Refuses ids that cannot be any. */
export const checkIds = (call: Call): void => {
  for (const { prefix, id } of idsIn(call)) {
    if (isId(prefix, id)) continue;
    const { malformed, words } = ID_KINDS[prefix];
    throw new Refusal(malformed, `Invalid id: "${id}" (expecting "${prefix}-..."): the ${words} is malformed`);
  }
};
