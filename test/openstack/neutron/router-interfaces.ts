/** `PUT /v2.0/routers/ID/add_router_interface` and `remove_router_interface`. */
import type { ServiceAnswer, ServiceRequest, TokenOwner } from '../service.ts';
import { addressOf } from './address.ts';
import { plainBody } from './body.ts';
import type { Kind, Values } from './kind.ts';
import { mayUse } from './kinds/networks.ts';
import { makePort, removePort } from './port-life.ts';
import { notFound, refused } from './refusals.ts';
import { changeable } from './resources.ts';
import type { Port, Router, Subnet } from './rows.ts';
import type { State } from './state.ts';

export type InterfaceChange = 'add_router_interface' | 'remove_router_interface';

/** As policies that guard attributes of routers make it. */
const RULES: Readonly<Record<InterfaceChange, string>> = {
  add_router_interface:
    '(((rule:add_router_interface and rule:add_router_interface:ha) and rule:add_router_interface:flavor_id) and rule:add_router_interface:distributed)',
  remove_router_interface: 'rule:remove_router_interface',
};

const bad = (what: string) => refused(400, 'BadRequest', `Bad router request: ${what}`);

const subnetsOf = ({ fixedIps }: Port): readonly Subnet[] => fixedIps.map(({ subnet }) => subnet);

function onSubnet(state: State, router: Router, id: string, owner: TokenOwner): Port {
  const subnet = state.subnets.get(id);
  if (!subnet || !mayUse(subnet.network, owner)) throw notFound('SubnetNotFound', `Subnet ${id} could not be found.`);
  if ([...router.interfaces].some((port) => subnetsOf(port).includes(subnet)))
    throw bad(`Router already has a port on subnet ${id}.`);
  if (subnet.gateway === null) throw bad('Subnet for router interface must have a gateway IP.');
  const value = addressOf(subnet.gateway)!.value;
  if (subnet.taken.has(value)) {
    const sentence = `IP address ${subnet.gateway} already allocated in subnet ${id}`;
    throw refused(409, 'IpAddressAlreadyAllocated', sentence);
  }
  return makePort(state, {
    network: subnet.network,
    projectId: router.projectId,
    wishes: [{ subnet_id: id, ip_address: subnet.gateway }],
    groups: [],
    deviceId: router.id,
    deviceOwner: 'network:router_interface',
  });
}

function byPort(state: State, router: Router, id: string): Port {
  const port = state.ports.get(id);
  if (port?.projectId !== router.projectId) throw notFound('PortNotFound', `Port ${id} could not be found.`);
  if (port.deviceId !== '') {
    const what = `Port ${id} is currently ${port.deviceOwner} for ${port.deviceId}`;
    throw refused(
      409,
      'PortInUse',
      `Unable to complete operation on port ${id} for network ${port.network.id}. ${what}.`,
    );
  }
  state.setDevice(port, router.id, 'network:router_interface');
  return port;
}

const answerOf = (router: Router, port: Port): ServiceAnswer => {
  const [subnet] = port.fixedIps;
  const body = {
    id: router.id,
    project_id: router.projectId,
    port_id: port.id,
    network_id: port.network.id,
    subnet_id: subnet!.subnet.id,
    subnet_ids: port.fixedIps.map((one) => one.subnet.id),
  };
  return { status: 200, body };
};

function removed(state: State, router: Router, said: Values): Port {
  const found = [...router.interfaces].find(
    (port) =>
      (said.port_id === undefined || port.id === said.port_id) &&
      (said.subnet_id === undefined || subnetsOf(port).some(({ id }) => id === said.subnet_id)),
  );
  if (!found) {
    const [type, what] =
      said.subnet_id === undefined
        ? ['RouterInterfaceNotFound', `Router ${router.id} does not have an interface with id ${said.port_id}`]
        : ['RouterInterfaceNotFoundForSubnet', `Router ${router.id} has no interface on subnet ${said.subnet_id}`];
    throw notFound(type!, what!);
  }
  const used = [...state.floatingIps.values()].find(
    ({ router: leads, port, fixed }) =>
      leads === router && port?.fixedIps.some((one) => one.address === fixed && subnetsOf(found).includes(one.subnet)),
  );
  if (used) {
    const sentence = `Router interface for subnet ${subnetsOf(found)[0]!.id} on router ${router.id} cannot be deleted, as it is required by one or more floating IPs.`;
    throw refused(409, 'RouterInterfaceInUseByFloatingIP', sentence);
  }
  return found;
}

export interface InterfaceRequest {
  readonly request: ServiceRequest;
  readonly owner: TokenOwner;
  readonly id: string;
  readonly change: InterfaceChange;
}

export function answerForInterface(
  state: State,
  kind: Kind<Router>,
  { request, owner, id, change }: InterfaceRequest,
): ServiceAnswer {
  const router = changeable(kind, { id, owner, how: 'update', rule: RULES[change] });
  const said = plainBody(request.text);
  if (said.subnet_id === undefined && said.port_id === undefined)
    throw bad('Either subnet_id or port_id must be specified.');
  if (change === 'remove_router_interface') {
    const port = removed(state, router, said);
    const answer = answerOf(router, port);
    router.interfaces.delete(port);
    removePort(state, port);
    return answer;
  }
  if (said.subnet_id !== undefined && said.port_id !== undefined)
    throw bad('Cannot specify both subnet-id and port-id.');
  const port =
    said.port_id === undefined
      ? onSubnet(state, router, said.subnet_id as string, owner)
      : byPort(state, router, said.port_id as string);
  router.interfaces.add(port);
  state.touch(router);
  return answerOf(router, port);
}
