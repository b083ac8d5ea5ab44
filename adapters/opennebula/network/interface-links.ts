/**
 * NICs of a machine as network interfaces. What the guest calls one is not known: shown is the name that it was given,
 * or else `eth` and its number, which is what OpenNebula's own contextualization calls it (`ETH1_IP`) and which stays
 * with it whatever else is detached. An alias is `eth0:1`.
 */

import { addressOf, addressText } from '../../../lib/adapter/addresses.ts';
import type { LinkDraft, Native } from '../../../lib/adapter/contract.ts';
import { LINK_STATE } from '../../../lib/adapter/states.ts';
import { OcciError } from '../../../lib/errors.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { type Attributes, typeId } from '../../../lib/occi/types.ts';
import { objectId } from '../cloud.ts';
import type { Nic, NicAlias, Vm } from '../native/index.ts';
import { computeState } from '../states.ts';
import { line, mark } from '../template/naming.ts';
import type { Vector } from '../template/template.ts';
import { allocationOf } from './network-addresses.ts';

export const INTERFACE = 'occi.networkinterface.interface';
export const ADDRESS = 'occi.networkinterface.address';
export const MAC = 'occi.networkinterface.mac';
const GATEWAY = 'occi.networkinterface.gateway';
const ALLOCATION = 'occi.networkinterface.allocation';
const IP_INTERFACE = typeId(MIXINS.ipnetworkinterface);

type AnyNic = Nic | NicAlias;

/** All of a machine, aliases behind those that they ride on. */
export const nicsOf = ({ TEMPLATE }: Vm): readonly AnyNic[] => [...TEMPLATE.NIC, ...TEMPLATE.NIC_ALIAS];

/** Names that oned gives by itself. */
const OWN_NAME = /^NIC\d+(_ALIAS\d+)?$/;

const isNamed = ({ NAME }: AnyNic): boolean => NAME !== undefined && !OWN_NAME.test(NAME);

function interfaceOf(nic: AnyNic, others: readonly AnyNic[]): string {
  if (isNamed(nic)) return line(nic.NAME!);
  const { NIC_ID, PARENT_ID, ALIAS_ID } = nic as NicAlias;
  const guess = PARENT_ID === undefined ? `eth${NIC_ID}` : `eth${PARENT_ID}:${ALIAS_ID ?? NIC_ID}`;
  return others.some((other) => isNamed(other) && other.NAME === guess) ? (nic.NAME ?? `NIC${NIC_ID}`) : guess;
}

/** The address by which the interface is reached: for IPv6 the global one first. Link-local addresses are ignored. */
function ipOf(nic: AnyNic): Attributes | undefined {
  const address = [nic.IP, nic.IP6, nic.IP6_GLOBAL, nic.IP6_ULA].map(addressOf).find((one) => one !== undefined);
  if (!address) return undefined;
  const is6 = address.bits === 128;
  const gateway = addressOf(is6 ? nic.GATEWAY6 : nic.GATEWAY);
  return {
    [ADDRESS]: addressText(address.first, address.bits),
    ...(gateway?.bits === address.bits && { [GATEWAY]: addressText(gateway.first, gateway.bits) }),
    [ALLOCATION]: allocationOf(is6 ? nic.IP6_METHOD : nic.METHOD),
  };
}

const ACTIVE = 3;
/** ACTION in a history record: one.vm.detachnic, of a NIC and of an alias. */
const NIC_DETACH: readonly (number | undefined)[] = [24, 47];

/**
 * True while a NIC with ATTACH is being taken away, false while it is being added: only the history tells, which pools
 * have without the record that counts (measured on 6.10).
 */
function isDetaching({ STATE, HISTORY_RECORDS }: Vm): boolean {
  const ended = HISTORY_RECORDS.HISTORY.filter(({ ACTION }) => ACTION).toSorted((one, other) => other.SEQ - one.SEQ);
  return STATE === ACTIVE && NIC_DETACH.includes(ended[0]?.ACTION);
}

export function toNetworkinterface(vm: Vm, nic: AnyNic): Native<'networkinterface'> {
  const ip = ipOf(nic);
  return {
    kind: 'networkinterface',
    id: `${vm.ID}:nic${nic.NIC_ID}:net${nic.NETWORK_ID}${mark(nic.OCCI_TOKEN)}`,
    attributes: {
      [INTERFACE]: interfaceOf(nic, nicsOf(vm)),
      ...(nic.MAC !== undefined && /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(nic.MAC) && { [MAC]: nic.MAC }),
      'occi.networkinterface.state': nic.ATTACH ? 'waiting' : LINK_STATE[computeState(vm).state],
      ...(nic.ATTACH && {
        'occi.networkinterface.state.message': 'The network interface is being attached or detached.',
      }),
      ...ip,
    },
    mixins: ip ? [IP_INTERFACE] : [],
    source: { kind: 'compute', id: String(vm.ID) },
    target: { kind: nic.OCCI_TARGET === 'ipreservation' ? 'ipreservation' : 'network', id: String(nic.NETWORK_ID) },
  };
}

/** True for a NIC that is a link: it has its network and is not being detached. */
export const isLink = (vm: Vm, { NETWORK_ID, ATTACH }: AnyNic): boolean =>
  NETWORK_ID !== undefined && !(ATTACH && isDetaching(vm));

/** The network interfaces of a machine, without those that are being detached. */
export const toNetworkinterfaces = (vm: Vm): Native<'networkinterface'>[] =>
  nicsOf(vm)
    .filter((nic) => isLink(vm, nic))
    .map((nic) => toNetworkinterface(vm, nic));

export const noSuchEnd = (kind: string, cause?: unknown): OcciError =>
  new OcciError('invalid', `There is no such ${kind}, or it may not be used.`, { cause });

/**
 * The NIC that a link asks for. oned tells of a NIC which network it is in; that this is an ipreservation we write into
 * it. Throws `invalid` for an end that cannot be.
 */
export function nicOf({ target, attributes }: LinkDraft<'networkinterface'>): Vector {
  if (target.kind !== 'network' && target.kind !== 'ipreservation') {
    throw new OcciError(
      'invalid',
      `A networkinterface ends at a network or an ipreservation, not at a ${target.kind}.`,
    );
  }
  const network = objectId(target.id);
  if (network === undefined) throw noSuchEnd(target.kind);
  const address = addressOf(attributes[ADDRESS] as string | undefined);
  const is6 = address?.bits === 128;
  const method = attributes[ALLOCATION] === 'static' ? 'static' : undefined;
  return {
    NETWORK_ID: network,
    ...(address && { [is6 ? 'IP6' : 'IP']: addressText(address.first, address.bits) }),
    MAC: attributes[MAC],
    NAME: attributes[INTERFACE],
    ...(method && { [is6 ? 'IP6_METHOD' : 'METHOD']: method }),
    OCCI_TARGET: target.kind === 'ipreservation' ? 'ipreservation' : undefined,
  };
}
