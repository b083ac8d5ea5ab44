/** Neutron as Nova sees it. */
import type { GroupView, NetworkView, Ports, PortView, PortWish } from '../between.ts';
import { Refused } from '../service.ts';
import { writtenCidr } from './address.ts';
import { defaultGroup } from './default-group.ts';
import { makePort, removePort, setGroups } from './port-life.ts';
import { holdQuota } from './resources.ts';
import type { Group, Network, Port } from './rows.ts';
import type { State } from './state.ts';

const networkView = ({ id, name, projectId, isExternal, isShared, subnets }: Network): NetworkView => ({
  id,
  name,
  projectId,
  isExternal,
  isShared,
  subnets: [...subnets].map((subnet) => ({
    id: subnet.id,
    cidr: writtenCidr(subnet.cidr),
    version: subnet.cidr.version,
  })),
});

const groupView = ({ id, name }: Group): GroupView => ({ id, name });

const portView = (state: State, port: Port): PortView => ({
  id: port.id,
  networkId: port.network.id,
  networkName: port.network.name,
  mac: port.mac,
  status: port.status,
  deviceId: port.deviceId,
  fixedIps: port.fixedIps.map(({ subnet, address }) => ({
    subnetId: subnet.id,
    address,
    version: subnet.cidr.version,
  })),
  floating: [...(state.floatingOf.get(port.id) ?? [])]
    .filter(({ updated }) => state.site.now() - updated >= state.site.addressesLateMs)
    .map(({ address, fixed }) => ({ address, fixed: fixed! })),
  groups: port.groups.map(groupView),
});

const REASONS: Readonly<Record<string, 'addressInUse' | 'addressOutside' | 'noAddress' | 'quota'>> = {
  IpAddressAlreadyAllocated: 'addressInUse',
  InvalidIpForNetwork: 'addressOutside',
  InvalidIpForSubnet: 'addressOutside',
  IpAddressGenerationFailure: 'noAddress',
  OverQuota: 'quota',
};

function reasonOf(cause: unknown): (typeof REASONS)[string] {
  const body = cause instanceof Refused ? (cause.answer.body as { NeutronError?: { type: string } }) : undefined;
  const reason = REASONS[body?.NeutronError?.type ?? ''];
  if (!reason) throw cause;
  return reason;
}

export function portsForNova(state: State): Ports {
  const mayPlug = ({ projectId, isShared }: Network, project: string): boolean => isShared || projectId === project;
  const groupsNamed = (projectId: string, ids: readonly string[]): Group[] =>
    ids.map((id) => state.groups.get(id)).filter((group) => group?.projectId === projectId) as Group[];
  const create = (projectId: string, { networkId, address, groupIds }: PortWish): Port => {
    const network = state.networks.get(networkId)!;
    holdQuota(state, { quota: 'port', rows: state.ports }, projectId, 1);
    return makePort(state, {
      network,
      projectId,
      ...(address !== undefined && { wishes: [{ ip_address: address }] }),
      ...(groupIds && { groups: groupsNamed(projectId, groupIds) }),
    });
  };
  return {
    network(projectId, id) {
      const network = state.networks.get(id);
      return network && (mayPlug(network, projectId) || network.isExternal) ? networkView(network) : undefined;
    },
    networksOf: (projectId) =>
      [...state.networks.values()].filter((one) => mayPlug(one, projectId) && !one.isExternal).map(networkView),
    port(projectId, id) {
      const port = state.ports.get(id);
      return port?.projectId === projectId ? portView(state, port) : undefined;
    },
    create(projectId, wish) {
      try {
        return portView(state, create(projectId, wish));
      } catch (cause) {
        return reasonOf(cause);
      }
    },
    bind(portId, serverId, zone) {
      const port = state.ports.get(portId);
      if (!port) return;
      state.setDevice(port, serverId, `compute:${zone}`);
      Object.assign(port, { status: 'ACTIVE', hostId: 'fake1' });
      state.touch(port);
    },
    unbind(portId) {
      const port = state.ports.get(portId);
      if (!port) return;
      state.setDevice(port, '', '');
      Object.assign(port, { status: 'DOWN', hostId: '' });
      state.touch(port);
    },
    remove(portId) {
      const port = state.ports.get(portId);
      if (port) removePort(state, port);
    },
    ofServer: (serverId) => state.portsOf(serverId).map((port) => portView(state, port)),
    groups(projectId, idOrName) {
      defaultGroup(state, projectId);
      return [...state.groups.values()]
        .filter((group) => group.projectId === projectId && (group.id === idOrName || group.name === idOrName))
        .map(groupView);
    },
    setGroups(portId, groupIds) {
      const port = state.ports.get(portId);
      if (port) setGroups(port, groupsNamed(port.projectId, groupIds));
    },
  };
}
