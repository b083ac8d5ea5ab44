/** Ports as they are made and removed, by requests, routers and Nova. */
import { randomBytes } from 'node:crypto';
import { allocate, free, type WantedIp } from './allocation.ts';
import { defaultGroup } from './default-group.ts';
import type { Values } from './kind.ts';
import { refused } from './refusals.ts';
import type { Group, Network, Port } from './rows.ts';
import type { State } from './state.ts';

const randomMac = (): string =>
  `fa:16:3e:${randomBytes(3)
    .toString('hex')
    .replace(/(..)(..)(..)/, '$1:$2:$3')}`;

function takeMac(state: State, network: Network, wanted: string | undefined): string {
  if (wanted === undefined) {
    let found = randomMac();
    while (!state.takeMac(network, found)) found = randomMac();
    return found;
  }
  if (state.takeMac(network, wanted)) return wanted;
  const what = `The mac address ${wanted} is in use.`;
  throw refused(409, 'MacAddressInUse', `Unable to complete operation for network ${network.id}. ${what}`);
}

export function setGroups(port: Port, groups: readonly Group[]): void {
  for (const group of port.groups) group.ports.delete(port);
  port.groups = groups;
  for (const group of groups) group.ports.add(port);
}

export interface NewPort {
  readonly network: Network;
  readonly projectId: string;
  readonly mac?: string | undefined;
  readonly wishes?: readonly WantedIp[] | undefined;
  /** The project's default group, if nothing is said. */
  readonly groups?: readonly Group[] | undefined;
  readonly deviceId?: string;
  readonly deviceOwner?: string;
  readonly values?: Values;
}

/** Makes a port. Throws `Refused` where its MAC or its addresses cannot be had, and leaves nothing behind. */
export function makePort(
  state: State,
  { network, projectId, wishes, deviceId = '', deviceOwner = '', values = {}, ...rest }: NewPort,
): Port {
  const address = takeMac(state, network, rest.mac);
  try {
    const isSecured =
      values.port_security_enabled !== false &&
      network.hasPortSecurity &&
      projectId !== '' &&
      !deviceOwner.startsWith('network:');
    const groups = isSecured ? (rest.groups ?? [defaultGroup(state, projectId)]) : (rest.groups ?? []);
    const port: Port = {
      ...state.row(projectId, values),
      network,
      mac: address,
      isUp: values.admin_state_up !== false,
      status: 'DOWN',
      deviceId: '',
      deviceOwner: '',
      fixedIps: allocate(state, network, { mac: address, wishes }),
      groups: [],
      hasPortSecurity: isSecured,
      vnicType: (values['binding:vnic_type'] ?? 'normal') as string,
      addressPairs: (values.allowed_address_pairs ?? []) as object[],
      hostId: '',
      boundAt: 0,
    };
    setGroups(port, groups);
    state.setDevice(port, deviceId, deviceOwner);
    state.ports.set(port.id, port);
    network.ports.add(port);
    return port;
  } catch (cause) {
    state.freeMac(network, address);
    throw cause;
  }
}

/** Removes a port; floating addresses that lead to it are freed. */
export function removePort(state: State, port: Port): void {
  for (const floating of state.floatingOf.get(port.id) ?? []) {
    Object.assign(floating, { port: null, fixed: null, router: null });
    state.touch(floating);
  }
  state.floatingOf.delete(port.id);
  for (const one of port.fixedIps) free(one);
  state.freeMac(port.network, port.mac);
  setGroups(port, []);
  state.setDevice(port, '', '');
  port.network.ports.delete(port);
  state.ports.delete(port.id);
}
