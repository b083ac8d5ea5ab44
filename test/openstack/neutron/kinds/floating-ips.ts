import { isMember } from '../../service.ts';
import { take } from '../allocation.ts';
import { isOwn, type Kind, type Values } from '../kind.ts';
import { noAddress, notFound, refused } from '../refusals.ts';
import type { FixedIp, FloatingIp, Network, Port, Router, Subnet } from '../rows.ts';
import type { State } from '../state.ts';
import { address, any, orNull, text, uuid } from '../values.ts';
import { COMMON_FIELDS, PROJECT_FIELDS } from './networks.ts';
import { externalNetwork } from './routers.ts';

/** Takes an address of the pool: the next free one, as `freeIn` of ports does. */
function addressOf(network: Network): FixedIp {
  for (const subnet of network.subnets) {
    if (subnet.cidr.version !== 4) continue;
    for (const { start, end } of subnet.pools)
      for (let value = start; value <= end; value += 1n)
        if (!subnet.taken.has(value)) return take(subnet, { version: 4, value });
  }
  throw noAddress(network.id);
}

/** The router that joins a subnet to an external network. */
function routerBetween(state: State, subnet: Subnet, external: Network): Router | undefined {
  return [...state.routers.values()].find(
    ({ gateway, interfaces }) =>
      gateway?.network === external &&
      [...interfaces].some(({ fixedIps }) => fixedIps.some((one) => one.subnet === subnet)),
  );
}

const byIPv4 = ({ fixedIps }: Port): FixedIp[] => fixedIps.filter(({ subnet }) => subnet.cidr.version === 4);

function fixedIn(port: Port, wanted: string | null | undefined, what: string): FixedIp {
  const found = wanted ? byIPv4(port).find((one) => one.address === wanted) : byIPv4(port)[0];
  if (found) return found;
  const sentence = wanted
    ? `Port ${port.id} does not have fixed ip ${wanted}`
    : `Cannot add floating IP to port ${port.id} that has no fixed IPv4 addresses`;
  throw refused(400, 'BadRequest', `Bad ${what} request: ${sentence}.`);
}

export function floatingIps(state: State): Kind<FloatingIp> {
  const dissociate = (floating: FloatingIp): void => {
    if (floating.port) state.floatingOf.get(floating.port.id)?.delete(floating);
    Object.assign(floating, { port: null, fixed: null, router: null });
  };

  /** Where a floating address is to lead, checked. */
  const target = (self: FloatingIp, values: Values) => {
    const { network: external, projectId } = self;
    const port = state.ports.get(values.port_id as string);
    if (port?.projectId !== projectId) throw notFound('PortNotFound', `Port ${values.port_id} could not be found.`);
    const fixed = fixedIn(port, values.fixed_ip_address as string | null | undefined, 'floatingip');
    const router = routerBetween(state, fixed.subnet, external);
    if (!router) {
      const sentence = `External network ${external.id} is not reachable from subnet ${fixed.subnet.id}.  Therefore, cannot associate Port ${port.id} with a Floating IP.`;
      throw notFound('ExternalGatewayForFloatingIPNotFound', sentence);
    }
    const other = [...(state.floatingOf.get(port.id) ?? [])].find(
      (one) => one !== self && one.fixed === fixed.address && one.network === external,
    );
    if (other) {
      const sentence = `Cannot associate floating IP ${self.address} (${self.id}) with port ${port.id} using fixed IP ${fixed.address}, as that fixed IP already has a floating IP on external network ${external.id}.`;
      throw refused(409, 'FloatingIPPortAlreadyAssociated', sentence);
    }
    return { port, fixed: fixed.address, router };
  };

  const associate = (floating: FloatingIp, to: ReturnType<typeof target>): void => {
    dissociate(floating);
    Object.assign(floating, to);
    state.floatingOf.set(to.port.id, (state.floatingOf.get(to.port.id) ?? new Set()).add(floating));
  };

  const shownPort = ({ name, network, mac, isUp, status, deviceId, deviceOwner }: Port): object => ({
    name,
    network_id: network.id,
    mac_address: mac,
    admin_state_up: isUp,
    status,
    device_id: deviceId,
    device_owner: deviceOwner,
  });

  return {
    one: 'floatingip',
    many: 'floatingips',
    type: 'FloatingIP',
    missing: (id) => `Floating IP ${id} could not be found`,
    rows: state.floatingIps,
    quota: 'floatingip',
    fields: {
      id: ({ id }) => id,
      ...PROJECT_FIELDS,
      floating_ip_address: (floating) => floating.address,
      floating_network_id: ({ network }) => network.id,
      router_id: ({ router }) => router?.id ?? null,
      port_id: ({ port }) => port?.id ?? null,
      fixed_ip_address: ({ fixed }) => fixed,
      // Only an L3 agent sets it to ACTIVE, and the recorded site had none.
      status: () => 'DOWN',
      port_details: ({ port }) => port && shownPort(port),
      ...COMMON_FIELDS,
    },
    attributes: {
      floating_network_id: { check: uuid, settable: 'post', isRequired: true },
      floating_ip_address: { check: orNull(address), settable: 'post', isPoliced: true },
      subnet_id: { check: orNull(uuid), settable: 'post' },
      port_id: { check: orNull(uuid), settable: 'put' },
      fixed_ip_address: { check: orNull(address), settable: 'put' },
      description: { check: text(255), settable: 'put' },
      router_id: { check: any, settable: 'none' },
    },
    filters: {
      floating_ip_address: 'text',
      floating_network_id: 'text',
      port_id: 'text',
      fixed_ip_address: 'text',
      router_id: 'text',
      status: 'text',
    },
    isVisible: isOwn,
    mayChange: isOwn,
    mayCreate: (_, owner) => isMember(owner),
    maySay: (attribute, values) => attribute !== 'floating_ip_address' || values.floating_ip_address === null,
    create(values, projectId) {
      const id = values.floating_network_id as string;
      const refusal = `Bad floatingip request: Network ${id} is not a valid external network.`;
      const network = externalNetwork(state, id, refusal);
      const { subnet, address: found, value } = addressOf(network);
      const floating: FloatingIp = {
        ...state.row(projectId, values),
        network,
        address: found,
        subnet,
        value,
        port: null,
        fixed: null,
        router: null,
      };
      floating.revision = 0;
      try {
        if (values.port_id) associate(floating, target(floating, values));
      } catch (cause) {
        subnet.taken.delete(value);
        throw cause;
      }
      state.floatingIps.set(floating.id, floating);
      return floating;
    },
    update(row, values) {
      row.description = (values.description ?? row.description) as string;
      if (values.port_id === null) dissociate(row);
      else if (values.port_id !== undefined) associate(row, target(row, values));
    },
    remove(row) {
      dissociate(row);
      row.subnet.taken.delete(row.value);
      state.floatingIps.delete(row.id);
    },
  };
}
