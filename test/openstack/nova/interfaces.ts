import type { PortView } from '../between.ts';
import type { ServiceAnswer, ServiceRequest, TokenOwner } from '../service.ts';
import { parsed } from './body.ts';
import { checkState, find, findBuilt } from './find.ts';
import { record } from './history.ts';
import type { Microversion } from './microversion.ts';
import { bad, fault, mustWrite, refused } from './refusals.ts';
import type { Server, VmState } from './server.ts';
import type { NovaState } from './state.ts';

const PLUGGABLE: readonly VmState[] = ['active', 'paused', 'stopped'];

const body = (port: PortView, version: Microversion): object => ({
  net_id: port.networkId,
  port_id: port.id,
  mac_addr: port.mac,
  port_state: port.status,
  fixed_ips: port.fixedIps.map(({ subnetId, address }) => ({ subnet_id: subnetId, ip_address: address })),
  ...(version.has('2.70') && { tag: null }),
});

function portFor(state: NovaState, server: Server, wish: Wish): PortView {
  const { ports } = state.site.between;
  const { port_id: portId, net_id: networkId, fixed_ips: fixed } = wish;
  if (portId !== undefined) {
    const port = ports.port(server.projectId, portId);
    if (!port) throw refused(404, `Port id ${portId} could not be found.`);
    if (port.deviceId !== '') throw refused(409, `Port ${portId} is still in use.`);
    return port;
  }
  const own = ports.networksOf(server.projectId);
  const chosen = networkId ?? (own.length === 1 ? own[0]!.id : undefined);
  if (chosen === undefined)
    throw bad(
      own.length === 0
        ? `No specific network was requested and none are available for project '${server.projectId}'.`
        : 'Multiple possible networks found, use a Network ID to be more specific.',
    );
  // The network is looked up by the compute host, whose exception Nova does not expect.
  if (!ports.network(server.projectId, chosen)) throw fault('oslo_messaging.rpc.client.RemoteError');
  const address = fixed?.[0]?.ip_address;
  const made = ports.create(server.projectId, { networkId: chosen, address });
  if (made === 'addressInUse') throw refused(409, `Fixed IP ${address} is already in use.`);
  if (made === 'quota') throw refused(403, 'Maximum number of ports exceeded');
  if (made === 'noAddress') throw bad(`No fixed IP addresses available for network: ${chosen}`);
  if (made === 'addressOutside') throw bad(`Fixed IP ${address} is not a valid ip address for network ${chosen}.`);
  return made;
}

interface Wish {
  readonly port_id?: string;
  readonly net_id?: string;
  readonly fixed_ips?: readonly { readonly ip_address: string }[];
}

function attached(
  state: NovaState,
  request: ServiceRequest,
  version: Microversion,
  owner: TokenOwner,
  server: Server,
): ServiceAnswer {
  const wish = ((parsed(request).interfaceAttachment as Wish | undefined) ?? {}) satisfies Wish;
  if (wish.port_id !== undefined && wish.net_id !== undefined) throw bad('Must not input both network_id and port_id');
  if (wish.fixed_ips && wish.net_id === undefined) throw bad('Must input network_id when request IP address');
  checkState(server, owner, { name: 'attach_interface', vm: PLUGGABLE });
  const port = portFor(state, server, wish);
  const { ports } = state.site.between;
  ports.bind(port.id, server.id, server.wishedZone || 'nova');
  server.nics.push({ portId: port.id, isOurs: wish.port_id === undefined });
  record(state, server, 'attach_interface');
  // `updated` stays: seen with a listing by changes-since.
  const bound = ports.port(server.projectId, port.id)!;
  return { status: 200, body: { interfaceAttachment: body(bound, version) } };
}

function detached(state: NovaState, owner: TokenOwner, server: Server, portId: string): ServiceAnswer {
  const { ports } = state.site.between;
  const nic = server.nics.find((one) => one.portId === portId);
  checkState(server, owner, { name: 'detach_interface', vm: PLUGGABLE });
  record(state, server, 'detach_interface');
  // Accepted also for a port that it has not got: the compute host finds that out later.
  if (!nic) return { status: 202 };
  state.site.steps.start({ steps: [], due: 0, stateName: 'interface:detaching' }, [
    () => {
      // The request was accepted: nobody hears of the failure.
      if (state.site.fails('detachPort') !== undefined) return;
      server.nics = server.nics.filter((one) => one !== nic);
      if (nic.isOurs) ports.remove(portId);
      else ports.unbind(portId);
    },
  ]);
  return { status: 202 };
}

/** `/servers/{id}/os-interface` and one of them. */
export function interfaces(
  state: NovaState,
  request: ServiceRequest,
  version: Microversion,
  owner: TokenOwner,
  [id, portId]: readonly string[],
): ServiceAnswer {
  const { ports } = state.site.between;
  if (request.method === 'GET') {
    const server = find(state, owner, id!, 'os-attach-interfaces:list');
    const bound = ports.ofServer(server.id);
    if (portId === undefined)
      return { status: 200, body: { interfaceAttachments: bound.map((port) => body(port, version)) } };
    const port = bound.find((one) => one.id === portId);
    if (!port) throw refused(404, `Instance ${id} does not have a port with id ${portId}`);
    return { status: 200, body: { interfaceAttachment: body(port, version) } };
  }
  const server = findBuilt(state, owner, id!);
  const verb = request.method === 'POST' ? 'create' : 'delete';
  mustWrite(owner, `os_compute_api:os-attach-interfaces:${verb}`);
  return request.method === 'POST'
    ? attached(state, request, version, owner, server)
    : detached(state, owner, server, portId!);
}
