/** Links an existing compute to a network or to a reserved address. */

import type { Draft, Native, NativeEnd } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import type { Cloud } from '../cloud.ts';
import { requireLiving } from '../machine/endings.ts';
import { readInstance } from '../machine/reads.ts';
import type { Instance, Subnet } from '../native/index.ts';
import { associate, interfaceAt, readAddress, requireSame, requireUsable } from './elastic-addresses.ts';
import { makeAttached, nameInUse } from './interface-create.ts';
import { hasElasticAddress, indexIn, toNetworkinterfaces } from './interface-links.ts';
import { nameOf, wishesOf } from './interface-request.ts';
import { isUp } from './pending-addresses.ts';
import { readSubnet } from './reads.ts';

type Link = Native<'networkinterface'>;

/** A link with both ends given. */
type LinkOrder = Draft<'networkinterface'> & { readonly source: NativeEnd; readonly target: NativeEnd };

const asInvalid = (error: OcciError): OcciError =>
  new OcciError('invalid', error.message, { cause: error, unseen: error.unseen });

/** A missing end is an error in the request, so `notFound` becomes `invalid`. */
const end = <T>(found: Promise<T>): Promise<T> =>
  found.catch((error) => {
    throw isFailure(error, 'notFound') ? asInvalid(error) : error;
  });

/** Throws `conflict` while the instance changes its state: EC2 refuses to attach then, and a request must not wait. */
function requireSettled(instance: Instance): void {
  if (isUp(instance)) return;
  throw new OcciError(
    'conflict',
    'The compute is changing its state (waiting): try again when it is active or inactive.',
  );
}

/** Throws `conflict` for an instance and a subnet in different zones or VPCs. */
function requireFit({ Placement, VpcId }: Instance, subnet: Subnet): void {
  const zone = Placement?.AvailabilityZone;
  if (zone !== undefined && zone !== subnet.AvailabilityZone) {
    throw new OcciError(
      'conflict',
      `The compute is in the zone ${zone} and the network in ${subnet.AvailabilityZone}: they cannot be linked.`,
    );
  }
  // EC2 could attach an interface of another VPC, but not with the security groups of the instance.
  if (VpcId !== undefined && VpcId !== subnet.VpcId) {
    throw new OcciError('conflict', 'The network belongs to another VPC than the compute: they cannot be linked.');
  }
}

/**
 * Links an instance to a subnet: 5 calls, the first two in parallel. Throws `invalid` for an end that does not exist,
 * `conflict` for an instance that is not ready, another zone, or an interface or address in use.
 */
export async function attachToNetwork(cloud: Cloud, order: LinkOrder, token: string): Promise<Link> {
  const wishes = wishesOf(order);
  const [instance, subnet] = await Promise.all([
    end(readInstance(cloud, order.source.id)),
    end(readSubnet(cloud, order.target.id)),
  ]);
  requireLiving(instance);
  requireSettled(instance);
  requireFit(instance, subnet);
  const { index } = wishes;
  const before = instance.NetworkInterfaces.find((nic) => indexIn(nic) === index);
  if (index !== undefined && before) throw nameInUse(index);
  const nic = await translateErrors('networkinterface', () => makeAttached(cloud, { instance, subnet, wishes, token }));
  return toNetworkinterfaces({ ...instance, NetworkInterfaces: [nic] }, new Map())[0]!;
}

/**
 * Associates a reserved address with an instance: 3 calls, the first two in parallel. Idempotent: an instance that
 * already has the address gets the same link, so a repeated create succeeds. Throws as `attachToNetwork`.
 */
export async function attachToAddress(cloud: Cloud, order: LinkOrder): Promise<Link> {
  const wishes = wishesOf(order);
  const [instance, address] = await Promise.all([
    end(readInstance(cloud, order.source.id)),
    end(readAddress(cloud, order.target.id)),
  ]);
  requireLiving(instance);
  const nic = interfaceAt(instance, wishes.index);
  requireSame(address, wishes);
  if (address.NetworkInterfaceId !== nic.NetworkInterfaceId) {
    requireUsable(address, wishes);
    requireSettled(instance);
    if (hasElasticAddress(nic)) {
      throw new OcciError('conflict', `The interface ${nameOf(indexIn(nic))} has another reserved address.`);
    }
    await associate(cloud, instance, address.AllocationId, wishes.index);
  }
  const { PublicIp = '' } = address;
  const having = { ...instance, NetworkInterfaces: [{ ...nic, Association: { PublicIp } }] };
  const links = toNetworkinterfaces(having, new Map([[PublicIp, address]]));
  return links.find(({ target }) => target?.id === address.AllocationId)!;
}
