/**
 * Ports of a server as network interfaces, and the floating addresses on them as links to their reservations. What the
 * guest calls an interface Nova does not know: shown is the name that it was given here, or else `eth` and its number.
 */

import type { Native } from '../../../lib/adapter/contract.ts';
import { LINK_STATE, type Shown } from '../../../lib/adapter/states.ts';
import type { KindOf } from '../../../lib/occi/kinds/index.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { type StateOf, typeId } from '../../../lib/occi/types.ts';
import { linkId } from '../cloud.ts';
import { ownPorts } from '../machine/labels.ts';
import type { Machine } from '../machine/machine.ts';
import { isMark, isOfLink } from '../mark.ts';
import type { FloatingIp, Port } from '../native/port.ts';
import { linkedAddressState, portState } from '../network-states.ts';
import { computeState } from '../states.ts';
import { spelled } from './subnets.ts';
import { line } from './texts.ts';

export const INTERFACE = 'occi.networkinterface.interface';
export const ADDRESS = 'occi.networkinterface.address';
export const MAC = 'occi.networkinterface.mac';
export const ALLOCATION = 'occi.networkinterface.allocation';
export const GATEWAY = 'occi.networkinterface.gateway';
const IP_INTERFACE = typeId(MIXINS.ipnetworkinterface);

type Link = Native<'networkinterface'>;

/** What tells the interfaces of a machine, also of one that is not made yet. */
export interface Interfaces {
  readonly server: Pick<Machine['server'], 'metadata'>;
  readonly ports: readonly Port[];
}

type LinkState = Shown<StateOf<KindOf<'networkinterface'>>>;

/** The name that a create gave to a port of ours; those of others' ports say something else. */
const givenName = ({ name, description }: Port): string => (isMark(description) ? line(name) : '');

/** Ports in the order of the links that they were made for, then by age. */
export function portsInOrder({ server, ports }: Interfaces): readonly Port[] {
  const made = ownPorts(server);
  const placeOf = ({ id }: Port) => (made.includes(id) ? made.indexOf(id) : made.length);
  return ports.toSorted(
    (one, other) =>
      placeOf(one) - placeOf(other) || one.created_at.localeCompare(other.created_at) || one.id.localeCompare(other.id),
  );
}

/** The lowest number from `from` on that no interface has. */
function freeName(taken: ReadonlySet<string>, from = 0): string {
  let number = from;
  while (taken.has(`eth${number}`)) number++;
  return `eth${number}`;
}

/** Names of the interfaces of a machine, by port. */
export function namesOf(machine: Interfaces): ReadonlyMap<string, string> {
  const made = ownPorts(machine.server);
  const ports = portsInOrder(machine);
  const names = new Map<string, string>();
  const given = new Set(ports.map(givenName));
  const used = new Set<string>();
  for (const port of ports) {
    const own = givenName(port);
    // The number of a port that was made with its machine stays, whatever else is detached.
    const name =
      own !== '' && !used.has(own) ? own : freeName(new Set([...given, ...used]), Math.max(0, made.indexOf(port.id)));
    used.add(name);
    names.set(port.id, name);
  }
  return names;
}

/** The lowest name that is free for one more interface. */
export const nextName = (machine: Interfaces): string => freeName(new Set(namesOf(machine).values()));

/** The address by which an interface is reached: IPv4 if it has both. */
export function addressOfPort({ fixed_ips: addresses }: Pick<Port, 'fixed_ips'>): string | undefined {
  const found = addresses.find(({ ip_address: one }) => !one.includes(':')) ?? addresses[0];
  return found && spelled(found.ip_address);
}

/** A link works while its machine does; what is wrong with itself counts before that. */
function stateOf({ server }: Pick<Machine, 'server'>, own: LinkState, whileDown: LinkState): LinkState {
  if (own.state === 'error') return own;
  const state = LINK_STATE[computeState(server).state];
  if (state !== 'active') return { state };
  return own.state === 'inactive' ? whileDown : own;
}

const shown = ({ state, message }: LinkState) => ({
  'occi.networkinterface.state': state,
  ...(message !== undefined && { 'occi.networkinterface.state.message': message }),
});

const CONNECTING: LinkState = { state: 'waiting', message: 'The interface is being connected.' };

function toPortLink(machine: Pick<Machine, 'server'>, port: Port, name: string): Link {
  const { server } = machine;
  const address = addressOfPort(port);
  return {
    kind: 'networkinterface',
    id: linkId(server.id, port.id),
    attributes: {
      [INTERFACE]: name,
      [MAC]: port.mac_address,
      ...shown(stateOf(machine, portState(port.status), CONNECTING)),
      ...(address !== undefined && { [ADDRESS]: address, [ALLOCATION]: 'dynamic' }),
    },
    mixins: address === undefined ? [] : [IP_INTERFACE],
    source: { kind: 'compute', id: server.id },
    target: { kind: 'network', id: port.network_id },
  };
}

function toAddressLink(machine: Pick<Machine, 'server'>, port: Port, name: string, floating: FloatingIp): Link {
  const own = linkedAddressState(floating.status ?? 'ACTIVE');
  return {
    kind: 'networkinterface',
    id: linkId(machine.server.id, port.id, floating.id),
    attributes: {
      [INTERFACE]: name,
      [MAC]: port.mac_address,
      ...shown(stateOf(machine, own, own)),
      [ADDRESS]: spelled(floating.floating_ip_address),
      [ALLOCATION]: 'dynamic',
    },
    mixins: [IP_INTERFACE],
    source: { kind: 'compute', id: machine.server.id },
    target: isOfLink(floating)
      ? { kind: 'network', id: floating.floating_network_id }
      : { kind: 'ipreservation', id: floating.id },
  };
}

/**
 * The network interfaces of a machine, and behind them the floating addresses that they have: links to their reservations, or
 * to the external network where a link has reserved the address.
 */
export function toNetworkinterfaces(machine: Machine): readonly Link[] {
  const ports = portsInOrder(machine);
  const names = namesOf(machine);
  const nameOf = ({ id }: Port) => names.get(id) ?? '';
  const addresses = ports.flatMap((port) =>
    machine.floatingIps
      .filter(({ port_id: id }) => id === port.id)
      .toSorted((one, other) => one.id.localeCompare(other.id))
      .map((floating) => toAddressLink(machine, port, nameOf(port), floating)),
  );
  return [...ports.map((port) => toPortLink(machine, port, nameOf(port))), ...addresses];
}
