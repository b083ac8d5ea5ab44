/** Linking a machine that is there to a network, or to a reserved address. */

import type { Draft, Native, NativeEnd } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import type { Cloud } from '../cloud.ts';
import { readInstance } from '../machine/reads.ts';
import type { Instance, Subnet } from '../native/index.ts';
import { associate, interfaceAt, readAddress, requireSame, requireUsable } from './elastic-addresses.ts';
import { makeAttached, nameInUse } from './interface-create.ts';
import { hasElasticAddress, indexIn, toNetworkinterfaces } from './interface-links.ts';
import { nameOf, wishesOf } from './interface-request.ts';
import { isUp } from './pending-addresses.ts';
import { readSubnet } from './reads.ts';

type Link = Native<'networkinterface'>;

/** A link whose ends are named. */
export type LinkOrder = Draft<'networkinterface'> & { readonly source: NativeEnd; readonly target: NativeEnd };

/** An end of a link that is not there is the fault of the request. */
const end = <T>(found: Promise<T>): Promise<T> =>
  found.catch((error) => {
    throw isFailure(error, 'notFound') ? new OcciError('invalid', error.message, { cause: error }) : error;
  });

/** Throws `conflict` while the machine is between two states: EC2 attaches nothing then, and nobody waits for it here. */
function requireSettled(instance: Instance): void {
  if (isUp(instance)) return;
  throw new OcciError(
    'conflict',
    'The compute is changing its state (waiting): try again when it is active or inactive.',
  );
}

/** Throws `conflict` for a machine and a subnet that EC2 cannot bring together. */
function requireFit({ Placement, VpcId }: Instance, subnet: Subnet): void {
  const zone = Placement?.AvailabilityZone;
  if (zone !== undefined && zone !== subnet.AvailabilityZone) {
    throw new OcciError(
      'conflict',
      `The compute is in the zone ${zone} and the network in ${subnet.AvailabilityZone}: they cannot be linked.`,
    );
  }
  // Interfaces of other VPCs could be attached, but have none of the groups of the machine.
  if (VpcId !== undefined && VpcId !== subnet.VpcId) {
    throw new OcciError('conflict', 'The network has nothing to do with those of the compute: they cannot be linked.');
  }
}

/**
 * Links a machine to a subnet: 5 calls, of which the first two go together. Throws `invalid` for an end that is not
 * there, `conflict` for a machine that is not ready, another zone, an interface or address in use.
 */
export async function attachToNetwork(cloud: Cloud, order: LinkOrder, token: string): Promise<Link> {
  const wishes = wishesOf(order);
  const [instance, subnet] = await Promise.all([
    end(readInstance(cloud, order.source.id)),
    end(readSubnet(cloud, order.target.id)),
  ]);
  requireSettled(instance);
  requireFit(instance, subnet);
  const { index } = wishes;
  const before = instance.NetworkInterfaces.find((nic) => indexIn(nic) === index);
  if (index !== undefined && before) throw nameInUse(index);
  const nic = await translateErrors('networkinterface', () => makeAttached(cloud, { instance, subnet, wishes, token }));
  return toNetworkinterfaces({ ...instance, NetworkInterfaces: [nic] }, new Map())[0]!;
}

/**
 * Gives a machine a reserved address: 3 calls, of which the first two go together. An address is given once: what has
 * it already is the same link, which a repeated create finds so. Throws as `attachToNetwork`.
 */
export async function attachToAddress(cloud: Cloud, order: LinkOrder): Promise<Link> {
  const wishes = wishesOf(order);
  const [instance, address] = await Promise.all([
    end(readInstance(cloud, order.source.id)),
    end(readAddress(cloud, order.target.id)),
  ]);
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
