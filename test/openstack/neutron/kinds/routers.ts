import { isMember } from '../../service.ts';
import { isOwn, type Kind, type Values } from '../kind.ts';
import { makePort, removePort } from '../port-life.ts';
import { notFound, refused } from '../refusals.ts';
import type { Gateway, Network, Router } from '../rows.ts';
import type { State } from '../state.ts';
import { any, boolean, text } from '../values.ts';
import { COMMON_FIELDS, PROJECT_FIELDS } from './networks.ts';

interface GatewayWish {
  readonly network_id: string;
  readonly enable_snat?: boolean;
  readonly external_fixed_ips?: readonly object[];
}

const wishIn = ({ external_gateway_info }: Values): GatewayWish | null | undefined => {
  const said = external_gateway_info as Partial<GatewayWish> | null | undefined;
  if (said === undefined) return undefined;
  return said?.network_id === undefined ? null : (said as GatewayWish);
};

/** @param refusal what is said of a network that is not external */
export function externalNetwork(state: State, id: string, refusal: string): Network {
  const network = state.networks.get(id);
  if (!network) throw notFound('NetworkNotFound', `Network ${id} could not be found.`);
  if (network.isExternal) return network;
  throw refused(400, 'BadRequest', refusal);
}

/** Refuses to leave a router without the gateway that its floating addresses need. */
function holdFloating(state: State, router: Router): void {
  const isNeeded = [...state.floatingIps.values()].some((one) => one.router === router);
  if (!isNeeded) return;
  const sentence = `Gateway cannot be updated for router ${router.id}, since a gateway to external network ${router.gateway!.network.id} is required by one or more floating IPs.`;
  throw refused(409, 'RouterExternalGatewayInUseByFloatingIp', sentence);
}

function setGateway(state: State, router: Router, wish: GatewayWish | null): void {
  const network =
    wish &&
    externalNetwork(
      state,
      wish.network_id,
      `Bad router request: Network ${wish.network_id} is not an external network.`,
    );
  if (router.gateway && router.gateway.network !== network) {
    holdFloating(state, router);
    removePort(state, router.gateway.port);
    router.gateway = null;
  }
  if (!network) return;
  const hasSnat = wish.enable_snat !== false;
  const port =
    router.gateway?.port ??
    makePort(state, { network, projectId: '', deviceId: router.id, deviceOwner: 'network:router_gateway' });
  router.gateway = { network, port, hasSnat };
}

const shownGateway = ({ network, port, hasSnat }: Gateway): object => ({
  network_id: network.id,
  external_fixed_ips: port.fixedIps.map(({ subnet, address }) => ({ subnet_id: subnet.id, ip_address: address })),
  enable_snat: hasSnat,
});

export function routers(state: State): Kind<Router> {
  return {
    one: 'router',
    many: 'routers',
    type: 'Router',
    missing: (id) => `Router ${id} could not be found`,
    rows: state.routers,
    quota: 'router',
    fields: {
      id: ({ id }) => id,
      name: ({ name }) => name,
      ...PROJECT_FIELDS,
      admin_state_up: ({ isUp }) => isUp,
      status: () => 'ACTIVE',
      external_gateway_info: ({ gateway }) => gateway && shownGateway(gateway),
      availability_zones: () => [],
      availability_zone_hints: () => [],
      routes: ({ routes }) => routes,
      flavor_id: () => null,
      ...COMMON_FIELDS,
    },
    attributes: {
      name: { check: text(255), settable: 'put' },
      description: { check: text(255), settable: 'put' },
      admin_state_up: { check: boolean, settable: 'put' },
      external_gateway_info: {
        check: any,
        settable: 'put',
        isPoliced: true,
        parts: (value) => Object.keys((value ?? {}) as object),
      },
      routes: { check: any, settable: 'put' },
      availability_zone_hints: { check: any, settable: 'post' },
      flavor_id: { check: any, settable: 'post' },
    },
    filters: { admin_state_up: 'boolean', flavor_id: 'text' },
    isVisible: isOwn,
    mayChange: isOwn,
    mayCreate: (_, owner) => isMember(owner),
    maySay(attribute, values) {
      const wish = attribute === 'external_gateway_info' ? wishIn(values) : undefined;
      return wish?.enable_snat === undefined && wish?.external_fixed_ips === undefined;
    },
    create(values, projectId) {
      const router: Router = {
        ...state.row(projectId, values),
        isUp: values.admin_state_up !== false,
        gateway: null,
        routes: [],
        interfaces: new Set(),
      };
      setGateway(state, router, wishIn(values) ?? null);
      state.routers.set(router.id, router);
      return router;
    },
    update(row, values) {
      const wish = wishIn(values);
      if (wish !== undefined) setGateway(state, row, wish);
      row.name = (values.name ?? row.name) as string;
      row.description = (values.description ?? row.description) as string;
      row.isUp = (values.admin_state_up ?? row.isUp) as boolean;
      row.routes = (values.routes ?? row.routes) as object[];
    },
    remove(row) {
      if (row.interfaces.size > 0) {
        const used = [...row.interfaces].map(({ id }) => id).sort();
        throw refused(409, 'RouterInUse', `Router ${row.id} has ports still attached: ${used.join(', ')}`);
      }
      if (row.gateway) removePort(state, row.gateway.port);
      state.routers.delete(row.id);
    },
  };
}
