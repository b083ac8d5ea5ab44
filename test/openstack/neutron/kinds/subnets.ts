import { isAdmin, isMember } from '../../service.ts';
import { type Cidr, cidrOf, first, overlap, written, writtenCidr } from '../address.ts';
import { isOwn, type Kind, type Values } from '../kind.ts';
import { invalidInput, notFound, refused } from '../refusals.ts';
import type { Network, Pool, Subnet } from '../rows.ts';
import type { State } from '../state.ts';
import { checkDhcp, checkModes, gatewayIn, holdGatewayOutside, poolsAround, poolsIn } from '../subnet-values.ts';
import { address, any, boolean, list, oneOf, orNull, text, uuid } from '../values.ts';
import { COMMON_FIELDS, PROJECT_FIELDS } from './networks.ts';

/** The network of a creation. Throws `Refused` where there is none. */
function networkIn(state: State, { network_id }: Values): Network {
  const network = state.networks.get(network_id as string);
  if (!network) throw notFound('NetworkNotFound', `Network ${network_id} could not be found.`);
  return network;
}

export function removeSubnet(state: State, subnet: Subnet): void {
  state.subnets.delete(subnet.id);
  subnet.network.subnets.delete(subnet);
  state.touch(subnet.network);
}

const MODES = ['dhcpv6-stateful', 'dhcpv6-stateless', 'slaac', null];

function cidrIn({ cidr }: Values): Cidr {
  if (cidr === undefined || cidr === null) {
    const sentence = 'Bad subnets request: a subnetpool must be specified in the absence of a cidr.';
    throw refused(400, 'BadRequest', sentence);
  }
  return cidrOf(cidr as string)!;
}

const cidr = (value: unknown): unknown => {
  if (typeof value === 'string' && cidrOf(value)) return writtenCidr(cidrOf(value)!);
  throw invalidInput(`${String(value)} is not in a CIDR format.`);
};

const ipVersion = (value: unknown, name: string): unknown =>
  oneOf([4, 6])(typeof value === 'string' ? Number(value) : value, name);

function holdApart({ id, subnets }: Network, range: Cidr): void {
  if (![...subnets].some((other) => overlap(other.cidr, range))) return;
  throw invalidInput(
    `Requested subnet with cidr: ${writtenCidr(range)} for network: ${id} overlaps with another subnet.`,
  );
}

export function subnets(state: State): Kind<Subnet> {
  const shownPool = ({ cidr: { version } }: Subnet, { start, end }: Pool) => ({
    start: written({ version, value: start }),
    end: written({ version, value: end }),
  });
  return {
    one: 'subnet',
    many: 'subnets',
    type: 'Subnet',
    missing: (id) => `Subnet ${id} could not be found.`,
    rows: state.subnets,
    quota: 'subnet',
    fields: {
      id: ({ id }) => id,
      name: ({ name }) => name,
      ...PROJECT_FIELDS,
      network_id: ({ network }) => network.id,
      ip_version: ({ cidr: { version } }) => version,
      subnetpool_id: () => null,
      enable_dhcp: ({ hasDhcp }) => hasDhcp,
      ipv6_ra_mode: ({ raMode }) => raMode,
      ipv6_address_mode: ({ addressMode }) => addressMode,
      gateway_ip: ({ gateway }) => gateway,
      cidr: ({ cidr: range }) => writtenCidr(range),
      allocation_pools: (row) => row.pools.map((pool) => shownPool(row, pool)),
      host_routes: ({ routes }) => routes,
      dns_nameservers: ({ dns }) => dns,
      'router:external': ({ network }) => network.isExternal,
      service_types: () => [],
      ...COMMON_FIELDS,
    },
    attributes: {
      network_id: { check: uuid, settable: 'post', isRequired: true },
      ip_version: { check: ipVersion, settable: 'post', isRequired: true },
      name: { check: text(255), settable: 'put' },
      description: { check: text(255), settable: 'put' },
      cidr: { check: orNull(cidr), settable: 'post' },
      gateway_ip: { check: orNull(address), settable: 'put' },
      allocation_pools: { check: any, settable: 'put' },
      dns_nameservers: { check: list(address), settable: 'put' },
      host_routes: { check: any, settable: 'put' },
      enable_dhcp: { check: boolean, settable: 'put' },
      ipv6_ra_mode: { check: oneOf(MODES), settable: 'post' },
      ipv6_address_mode: { check: oneOf(MODES), settable: 'post' },
      subnetpool_id: { check: any, settable: 'post' },
    },
    filters: {
      network_id: 'text',
      ip_version: 'text',
      cidr: 'text',
      gateway_ip: 'text',
      enable_dhcp: 'boolean',
      subnetpool_id: 'text',
      ipv6_ra_mode: 'text',
      ipv6_address_mode: 'text',
      shared: (row, [value]) => String(row.network.isShared) === value?.toLowerCase(),
      'router:external': 'boolean',
    },
    isVisible: (row, owner) =>
      isOwn(row, owner) || row.network.isShared || row.network.isExternal || isOwn(row.network, owner),
    mayChange: (row, owner) => isOwn(row, owner) || isOwn(row.network, owner),
    mayCreate: (values, owner) =>
      isMember(owner) &&
      (isAdmin(owner) || isOwn(networkIn(state, values), owner)) &&
      networkIn(state, values) !== undefined,
    create(values, projectId) {
      const network = networkIn(state, values);
      const range = cidrIn(values);
      if (range.version !== values.ip_version)
        throw invalidInput(`cidr '${writtenCidr(range)}' does not match the ip_version '${values.ip_version}'.`);
      checkModes(range, values);
      const hasDhcp = values.enable_dhcp !== false;
      if (hasDhcp) checkDhcp(range);
      const gateway = gatewayIn(range, values);
      const pools = poolsIn(range, values) ?? poolsAround(range, gateway);
      holdGatewayOutside(range, pools, gateway);
      holdApart(network, range);
      const subnet: Subnet = {
        ...state.row(projectId, values),
        network,
        cidr: range,
        gateway,
        pools,
        dns: (values.dns_nameservers ?? []) as string[],
        routes: (values.host_routes ?? []) as object[],
        hasDhcp,
        raMode: (values.ipv6_ra_mode ?? null) as string | null,
        addressMode: (values.ipv6_address_mode ?? null) as string | null,
        taken: new Set(),
        cursor: first(range),
      };
      subnet.revision = 0;
      state.subnets.set(subnet.id, subnet);
      network.subnets.add(subnet);
      state.touch(network);
      return subnet;
    },
    update(row, values) {
      const gateway = values.gateway_ip === undefined ? row.gateway : gatewayIn(row.cidr, values);
      const pools = poolsIn(row.cidr, values) ?? row.pools;
      holdGatewayOutside(row.cidr, pools, gateway);
      Object.assign(row, { gateway, pools });
      row.name = (values.name ?? row.name) as string;
      row.description = (values.description ?? row.description) as string;
      row.hasDhcp = (values.enable_dhcp ?? row.hasDhcp) as boolean;
      row.dns = (values.dns_nameservers ?? row.dns) as string[];
      row.routes = (values.host_routes ?? row.routes) as object[];
    },
    remove(row) {
      if ([...row.network.ports].some(({ fixedIps }) => fixedIps.some(({ subnet }) => subnet === row))) {
        const what = 'One or more ports have an IP allocation from this subnet.';
        throw refused(409, 'SubnetInUse', `Unable to complete operation on subnet ${row.id}: ${what}`);
      }
      removeSubnet(state, row);
    },
  };
}
