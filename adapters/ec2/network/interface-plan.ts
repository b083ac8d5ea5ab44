/** Plans the interfaces of a launch. They are checked before the launch, so that it creates all of them or nothing. */
import type { InstanceNetworkInterfaceSpecification } from '@aws-sdk/client-ec2';
import type { LinkDraft } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Cloud } from '../cloud.ts';
import type { Subnet } from '../native/index.ts';
import { addressesById, requireUsable } from './elastic-addresses.ts';
import { addressInput, nameOf, type Wishes, wishesOf } from './interface-request.ts';
import type { PendingAddress } from './pending-addresses.ts';
import { subnetsById } from './reads.ts';

export interface InterfacePlan {
  /**
   * `NetworkInterfaces` of RunInstances, which then takes neither a subnet nor groups. Without links it stays empty and
   * the launch chooses the only interface.
   */
  readonly specifications: InstanceNetworkInterfaceSpecification[];
  /** The zone of the networks. */
  readonly zone?: string;
  /** The VPC of the networks. */
  readonly vpc?: string;
  /** True if one of the networks has no IPv4. */
  readonly ipv6Only: boolean;
  /** Reserved addresses with the interface that each is for; `addressTags` turns them into tags of the instance. */
  readonly addresses: readonly PendingAddress[];
}

interface Planned {
  readonly wishes: Wishes;
  readonly subnet: Subnet;
}

const noSuchEnd = (kind: string): OcciError => new OcciError('invalid', `There is no such ${kind}.`, { unseen: true });

/** Throws `conflict` naming both zones if two networks are not in the same zone. */
function zoneOf(planned: readonly Planned[]): string | undefined {
  const [first, ...others] = planned.map(({ subnet }) => subnet);
  const other = others.find(({ AvailabilityZone }) => AvailabilityZone !== first?.AvailabilityZone);
  if (first && other) {
    throw new OcciError(
      'conflict',
      `The networks are in different zones, ${first.AvailabilityZone} and ${other.AvailabilityZone}: one compute cannot be in both.`,
    );
  }
  if (others.some(({ VpcId }) => VpcId !== first?.VpcId)) {
    throw new OcciError('conflict', 'The networks belong to different VPCs: one compute cannot be in both.');
  }
  return first?.AvailabilityZone;
}

/** Device indexes in order: the requested ones, and the first free ones for the other links. Throws `conflict`. */
function numbered(planned: readonly Planned[]): (Planned & { readonly index: number })[] {
  const taken = new Set<number>();
  for (const { wishes } of planned) {
    if (wishes.index === undefined) continue;
    if (taken.has(wishes.index)) {
      throw new OcciError('conflict', `The interface ${nameOf(wishes.index)} of a compute can be only one.`);
    }
    taken.add(wishes.index);
  }
  const all = planned.map((one) => {
    let index = one.wishes.index ?? 0;
    if (one.wishes.index === undefined) while (taken.has(index)) index++;
    taken.add(index);
    return { ...one, index };
  });
  if (all.length > 0 && !taken.has(0)) {
    throw new OcciError('conflict', `A compute has an interface ${nameOf(0)}: one of its networks must be there.`);
  }
  return all.sort((one, other) => one.index - other.index);
}

function specificationOf({ index, wishes, subnet }: Planned & { readonly index: number }, groups: readonly string[]) {
  return {
    DeviceIndex: index,
    SubnetId: subnet.SubnetId,
    DeleteOnTermination: true,
    ...addressInput(wishes, subnet),
    ...(groups.length > 0 && { Groups: [...groups] }),
  };
}

/**
 * What the inline networkinterfaces of a draft need from a launch: 1 call if some end at networks, 1 if some end at
 * ipreservations. Throws `invalid` for an end that does not exist or belongs to another tenant, `conflict` for networks
 * that one compute cannot be in, and for addresses in use.
 */
export async function planInterfaces(
  cloud: Cloud,
  links: readonly LinkDraft[],
  groups: readonly string[],
): Promise<InterfacePlan> {
  const drafts = links
    .filter(({ kind }) => kind === 'networkinterface')
    .map(({ attributes, target }) => ({ target, wishes: wishesOf({ attributes, target }) }));
  const idsOf = (kind: string) => drafts.filter(({ target }) => target.kind === kind).map(({ target }) => target.id);
  const [subnets, addresses] = await Promise.all([
    subnetsById(cloud, idsOf('network')),
    addressesById(cloud, idsOf('ipreservation')),
  ]);
  const planned: Planned[] = [];
  const wanted: PendingAddress[] = [];
  for (const { target, wishes } of drafts) {
    if (target.kind === 'network') {
      const subnet = subnets.get(target.id);
      if (!subnet) throw noSuchEnd('network');
      planned.push({ wishes, subnet });
      continue;
    }
    const address = addresses.get(target.id);
    if (!address) throw noSuchEnd('ipreservation');
    requireUsable(address, wishes);
    if (wanted.some(({ index }) => (index ?? 0) === (wishes.index ?? 0))) {
      throw new OcciError('conflict', 'An interface can have only one reserved address.');
    }
    wanted.push({
      allocationId: address.AllocationId,
      ...(wishes.index !== undefined && { index: wishes.index }),
    });
  }
  const zone = zoneOf(planned);
  const vpc = planned[0]?.subnet.VpcId;
  const all = numbered(planned);
  const missing = wanted.find(({ index = 0 }) => index > 0 && !all.some((one) => one.index === index));
  if (missing) throw new OcciError('invalid', `The compute has no interface ${nameOf(missing.index!)}.`);
  return {
    specifications: all.map((one) => specificationOf(one, groups)),
    ...(zone !== undefined && { zone }),
    ...(vpc !== undefined && { vpc }),
    ipv6Only: planned.some(({ subnet }) => subnet.Ipv6Native),
    addresses: wanted,
  };
}
