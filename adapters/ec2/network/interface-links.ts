/**
 * Interfaces of an instance as links: one to the network of each interface, and one more to the ipreservation whose
 * address it has or will get. Everything comes from the instance, except which addresses are reserved.
 */
import type { Native } from '../../../lib/adapter/contract.ts';
import { stateIn } from '../../../lib/adapter/states.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { typeId } from '../../../lib/occi/types.ts';
import type { Elastic } from '../machine/reads.ts';
import type { Instance, InstanceInterface } from '../native/index.ts';
import { ATTACHMENT } from '../states.ts';
import { ADDRESS, ALLOCATION, INTERFACE, MAC, nameOf } from './interface-request.ts';
import { stateOfTagged, taggedAddresses } from './pending-addresses.ts';

export { type InterfacePlan, planInterfaces } from './interface-plan.ts';

type Link = Native<'networkinterface'>;

const IP_INTERFACE = typeId(MIXINS.ipnetworkinterface);
const STATE = 'occi.networkinterface.state';

/** The device index of an interface. */
export const indexIn = ({ Attachment }: InstanceInterface): number => Attachment?.DeviceIndex ?? 0;

/** The primary interface, which cannot be detached and whose groups are those of the instance. */
export const primaryOf = ({ NetworkInterfaces }: Instance): InstanceInterface | undefined =>
  NetworkInterfaces.find((nic) => indexIn(nic) === 0) ?? NetworkInterfaces[0];

/** True for an interface with an Elastic IP; EC2's own temporary addresses belong to `amazon`. */
export const hasElasticAddress = ({ Association }: InstanceInterface): boolean =>
  Association !== undefined && Association.IpOwnerId !== 'amazon';

/** What the links of an interface have in common: name, MAC address and state. */
function attributesOf(nic: InstanceInterface, address: string | undefined): Link['attributes'] {
  const { MacAddress, Attachment } = nic;
  const { state, message } = stateIn(ATTACHMENT, Attachment?.Status ?? 'attached');
  const why = message ?? (state === 'waiting' ? 'The network interface is being attached or detached.' : undefined);
  return {
    [INTERFACE]: nameOf(indexIn(nic)),
    ...(MacAddress && { [MAC]: MacAddress }),
    [STATE]: state,
    ...(why !== undefined && { [`${STATE}.message`]: why }),
    ...(address !== undefined && { [ADDRESS]: address, [ALLOCATION]: 'dynamic' }),
  };
}

/** The link to the network of an interface; none without a network, or once the interface is detached. */
function toNetworkLink({ InstanceId }: Instance, nic: InstanceInterface): Link | undefined {
  const { NetworkInterfaceId, SubnetId, PrivateIpAddress, Ipv6Addresses, Attachment } = nic;
  if (!SubnetId || Attachment?.AttachmentId === undefined || Attachment.Status === 'detached') return undefined;
  const address = PrivateIpAddress || Ipv6Addresses[0]?.Ipv6Address;
  return {
    kind: 'networkinterface',
    id: `${InstanceId}:${Attachment.AttachmentId}:${NetworkInterfaceId}`,
    attributes: attributesOf(nic, address),
    mixins: address === undefined ? [] : [IP_INTERFACE],
    source: { kind: 'compute', id: InstanceId },
    target: { kind: 'network', id: SubnetId },
  };
}

const addressLinkId = ({ InstanceId }: Instance, index: number, allocation: string): string =>
  `${InstanceId}:${nameOf(index)}:${allocation}`;

/** The link to the ipreservation whose address an interface has. */
function toAddressLink(instance: Instance, nic: InstanceInterface, elastic: Elastic): Link | undefined {
  const address = hasElasticAddress(nic) ? elastic.get(nic.Association?.PublicIp ?? '') : undefined;
  if (!address) return undefined;
  return {
    kind: 'networkinterface',
    id: addressLinkId(instance, indexIn(nic), address.AllocationId),
    attributes: attributesOf(nic, address.PublicIp),
    mixins: [IP_INTERFACE],
    source: { kind: 'compute', id: instance.InstanceId },
    target: { kind: 'ipreservation', id: address.AllocationId },
  };
}

/** Links to ipreservations whose addresses the instance will get once it is up. */
const toWaitingLinks = (instance: Instance): Link[] =>
  taggedAddresses(instance).map((one) => {
    const { state, message } = stateOfTagged(instance, one);
    return {
      kind: 'networkinterface',
      id: addressLinkId(instance, one.index, one.allocationId),
      attributes: { [INTERFACE]: nameOf(one.index), [STATE]: state, [`${STATE}.message`]: message },
      mixins: [],
      source: { kind: 'compute', id: instance.InstanceId },
      target: { kind: 'ipreservation', id: one.allocationId },
    };
  });

/** All links of an instance, ordered by device index, each followed by the link to its reserved address. No call. */
export function toNetworkinterfaces(instance: Instance, elastic: Elastic): Link[] {
  const present = instance.NetworkInterfaces.toSorted((one, other) => indexIn(one) - indexIn(other)).flatMap((nic) =>
    [toNetworkLink(instance, nic), toAddressLink(instance, nic, elastic)].filter((link) => link !== undefined),
  );
  const waiting = toWaitingLinks(instance).filter(({ id }) => present.every((link) => link.id !== id));
  return [...present, ...waiting];
}
