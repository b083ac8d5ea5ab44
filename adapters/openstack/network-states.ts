/** States of Neutron as OCCI's: total tables of what it documents. */
import { type Shown, stateIn } from '../../lib/adapter/states.ts';
import type { KindOf } from '../../lib/occi/kinds/index.ts';
import type { StateOf } from '../../lib/occi/types.ts';

type StateOfNetwork = StateOf<KindOf<'network'>>;

/** `status` of networks (Network API v2, Show network details; neutron-lib `NET_STATUS_*`). */
const NETWORK = {
  ACTIVE: 'active',
  BUILD: 'waiting',
  DOWN: 'inactive',
  ERROR: 'error',
} as const satisfies Record<string, StateOfNetwork>;

/** `status` of ports (neutron-lib `PORT_STATUS_*`); a port that no agent serves has none that applies. */
const PORT = {
  ACTIVE: 'active',
  BUILD: 'waiting',
  DOWN: 'inactive',
  ERROR: 'error',
  'N/A': 'active',
} as const satisfies Record<string, StateOf<KindOf<'networkinterface'>>>;

/** `status` of floating addresses (neutron-lib `FLOATINGIP_STATUS_*`): DOWN while no router passes its packets on. */
const FLOATING_ADDRESS = {
  ACTIVE: 'active',
  DOWN: 'inactive',
  ERROR: 'error',
} as const satisfies Record<string, StateOf<KindOf<'networkinterface'>>>;

/** The same of one that is reserved, whether or not a port has it: the reservation itself needs no router. */
const RESERVED_ADDRESS = {
  ACTIVE: 'active',
  DOWN: 'active',
  ERROR: 'error',
} as const satisfies Record<keyof typeof FLOATING_ADDRESS, StateOf<KindOf<'ipreservation'>>>;

/** Reasons of states that do not explain themselves. */
const REASONS = {
  network: {
    BUILD: 'The network is being made.',
    ERROR: 'The network service of the cloud could not make the network.',
  },
  port: {
    BUILD: 'The interface is being connected.',
    ERROR: 'The network service of the cloud could not connect the interface.',
  },
  address: {
    DOWN: 'No router of the cloud passes packets for the address on yet.',
    ERROR: 'The network service of the cloud could not connect the address.',
  },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

function shown<State extends string>(
  table: Readonly<Record<string, State>>,
  reasons: Readonly<Record<string, string>>,
  status: string,
): Shown<State | 'waiting'> {
  const { state, message = reasons[status] } = stateIn(table, status);
  return { state, ...(message !== undefined && { message }) };
}

/** The state of a network. One that is switched off stays ACTIVE in Neutron, and passes no packets. */
export const networkState = ({
  status,
  admin_state_up: isUp,
}: {
  readonly status: string;
  readonly admin_state_up: boolean;
}): Shown<StateOfNetwork> => {
  const now = shown(NETWORK, REASONS.network, status);
  return isUp || now.state === 'error' ? now : { state: 'inactive' };
};

/** The state of a port, as far as Neutron knows it. */
export const portState = (status: string): Shown<StateOf<KindOf<'networkinterface'>>> =>
  shown(PORT, REASONS.port, status);

/** The state of a floating address that is linked to a port. */
export const linkedAddressState = (status: string): Shown<StateOf<KindOf<'networkinterface'>>> =>
  shown(FLOATING_ADDRESS, REASONS.address, status);

/** The state of a floating address by itself. */
export const reservedState = (status: string): Shown<StateOf<KindOf<'ipreservation'>>> =>
  shown(RESERVED_ADDRESS, { ERROR: REASONS.address.ERROR }, status);
