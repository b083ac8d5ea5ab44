import { isAdmin, isMember, type TokenOwner } from '../../service.ts';
import { allocate, free, type WantedIp } from '../allocation.ts';
import { isOwn, type Kind, type Values, type Viewer } from '../kind.ts';
import { makePort, removePort, setGroups } from '../port-life.ts';
import { notFound, refused } from '../refusals.ts';
import type { Group, Network, Port } from '../rows.ts';
import type { State } from '../state.ts';
import { any, boolean, fixedIp, list, mac, oneOf, orNull, text, uuid } from '../values.ts';
import { COMMON_FIELDS, mayUse, PROJECT_FIELDS } from './networks.ts';

function networkIn(state: State, { network_id }: Values, owner: TokenOwner): Network {
  const network = state.networks.get(network_id as string);
  if (network && (mayUse(network, owner) || network.isExternal)) return network;
  throw notFound('NetworkNotFound', `Network ${network_id} could not be found.`);
}

function groupsIn(state: State, { security_groups }: Values, projectId: string): Group[] {
  return (security_groups as string[]).map((id) => {
    const group = state.groups.get(id);
    if (group?.projectId === projectId) return group;
    throw notFound('SecurityGroupNotFound', `Security group ${id} does not exist`);
  });
}

const forAdmin =
  (value: (port: Port) => unknown) =>
  (port: Port, viewer: Viewer): unknown =>
    viewer.isAdmin ? value(port) : undefined;

const VIF_DETAILS = {
  connectivity: 'l2',
  port_filter: true,
  ovs_hybrid_plug: null,
  ovs_create_tap: true,
  datapath_type: 'system',
  bound_drivers: { '0': 'openvswitch' },
};

/** `ip_address=10.0.0.5`, `subnet_id=…`, `ip_address_substr=10.0` */
function hasFixedIp({ fixedIps }: Port, terms: readonly string[]): boolean {
  const tests = terms.map((term) => [term.slice(0, term.indexOf('=')), term.slice(term.indexOf('=') + 1)] as const);
  const values = (wanted: string): string[] => tests.filter(([name]) => name === wanted).map(([, value]) => value);
  const [subnets, addresses, parts] = [values('subnet_id'), values('ip_address'), values('ip_address_substr')];
  return fixedIps.some(
    ({ address, subnet }) =>
      (subnets.length === 0 || subnets.includes(subnet.id)) &&
      (addresses.length === 0 || addresses.includes(address)) &&
      parts.every((part) => address.includes(part)),
  );
}

const partsOfFixedIps = (value: unknown): string[] =>
  ['ip_address', 'subnet_id'].filter((name) => (value as Values[]).some((one) => name in one));

export function ports(state: State): Kind<Port> {
  return {
    one: 'port',
    many: 'ports',
    type: 'Port',
    missing: (id) => `Port ${id} could not be found.`,
    rows: state.ports,
    quota: 'port',
    fields: {
      id: ({ id }) => id,
      name: ({ name }) => name,
      network_id: ({ network }) => network.id,
      ...PROJECT_FIELDS,
      mac_address: (port) => port.mac,
      admin_state_up: ({ isUp }) => isUp,
      status: ({ status }) => status,
      device_id: ({ deviceId }) => deviceId,
      device_owner: ({ deviceOwner }) => deviceOwner,
      fixed_ips: ({ fixedIps }) =>
        fixedIps.map(({ subnet, address }) => ({ subnet_id: subnet.id, ip_address: address })),
      allowed_address_pairs: ({ addressPairs }) => addressPairs,
      extra_dhcp_opts: () => [],
      security_groups: ({ groups }) => groups.map(({ id }) => id),
      'binding:vnic_type': ({ vnicType }) => vnicType,
      'binding:profile': forAdmin(() => ({})),
      'binding:host_id': forAdmin(({ hostId }) => hostId),
      'binding:vif_type': forAdmin(({ hostId }) => (hostId === '' ? 'unbound' : 'ovs')),
      'binding:vif_details': forAdmin(({ hostId }) => (hostId === '' ? {} : VIF_DETAILS)),
      port_security_enabled: ({ hasPortSecurity }) => hasPortSecurity,
      ...COMMON_FIELDS,
      // Tags that a creation brings are kept, but its answer does not show them.
      tags: ({ tags }, { isCreation }) => (isCreation ? [] : tags),
    },
    attributes: {
      network_id: { check: uuid, settable: 'post', isRequired: true },
      name: { check: text(255), settable: 'put' },
      description: { check: text(255), settable: 'put' },
      admin_state_up: { check: boolean, settable: 'put' },
      mac_address: { check: mac, settable: 'put', isPoliced: true },
      fixed_ips: { check: list(fixedIp), settable: 'put', isPoliced: true, parts: partsOfFixedIps },
      device_id: { check: text(255), settable: 'put', isPoliced: true },
      device_owner: { check: text(255), settable: 'put', isPoliced: true },
      security_groups: { check: orNull(list(uuid)), settable: 'put' },
      port_security_enabled: { check: boolean, settable: 'put', isPoliced: true },
      allowed_address_pairs: { check: any, settable: 'put', isPoliced: true },
      extra_dhcp_opts: { check: any, settable: 'put' },
      tags: { check: any, settable: 'post' },
      'binding:vnic_type': { check: oneOf(['normal', 'direct', 'macvtap']), settable: 'put', isPoliced: true },
      'binding:host_id': { check: any, settable: 'put', isPoliced: true },
      'binding:profile': { check: any, settable: 'put', isPoliced: true },
    },
    filters: {
      network_id: 'text',
      mac_address: 'text',
      admin_state_up: 'boolean',
      status: 'text',
      device_id: 'text',
      device_owner: 'text',
      'binding:host_id': ({ hostId }, values) => values.includes(hostId),
      fixed_ips: hasFixedIp,
      security_groups: ({ groups }, values) => groups.some(({ id }) => values.includes(id)),
    },
    isVisible: (row, owner) => isOwn(row, owner) || isOwn(row.network, owner),
    mayChange: (row, owner, how) =>
      (isOwn(row, owner) || isOwn(row.network, owner)) &&
      // Since 2026.2 a member may not delete the port of a server.
      !(how === 'delete' && row.deviceOwner.startsWith('compute:') && !state.site.boundPortsDeletable),
    mayCreate(values, owner) {
      const network = networkIn(state, values, owner);
      return isMember(owner) && mayUse(network, owner);
    },
    maySay(attribute, values, owner, row) {
      const network = row?.network ?? state.networks.get(values.network_id as string)!;
      const isNetworkOwner = isAdmin(owner) || isOwn(network, owner);
      if (attribute === 'binding:host_id' || attribute === 'binding:profile') return false;
      if (attribute === 'mac_address') return row ? values.mac_address === row.mac : isNetworkOwner;
      if (attribute === 'device_owner') return isNetworkOwner || !String(values.device_owner).startsWith('network:');
      if (attribute === 'fixed_ips')
        return isNetworkOwner || !(values.fixed_ips as Values[]).some((one) => 'ip_address' in one);
      return attribute === 'port_security_enabled' || attribute === 'allowed_address_pairs' ? isNetworkOwner : true;
    },
    create(values, projectId) {
      const said = values.security_groups;
      return makePort(state, {
        network: state.networks.get(values.network_id as string)!,
        projectId,
        mac: values.mac_address as string | undefined,
        wishes: values.fixed_ips as WantedIp[] | undefined,
        groups: said === undefined ? undefined : said === null ? [] : groupsIn(state, values, projectId),
        deviceId: (values.device_id ?? '') as string,
        deviceOwner: (values.device_owner ?? '') as string,
        values,
      });
    },
    update: (row, values) => updatePort(state, row, values),
    remove(row) {
      if (row.deviceOwner.startsWith('network:router')) {
        const sentence = `Port ${row.id} cannot be deleted directly via the port API: has device owner ${row.deviceOwner}.`;
        throw refused(409, 'ServicePortInUse', sentence);
      }
      removePort(state, row);
    },
  };
}

function updatePort(state: State, row: Port, values: Values): void {
  const groups = values.security_groups ? groupsIn(state, values, row.projectId) : undefined;
  if (values.fixed_ips !== undefined) {
    const before = row.fixedIps;
    for (const one of before) free(one);
    try {
      row.fixedIps = allocate(state, row.network, { mac: row.mac, wishes: values.fixed_ips as WantedIp[] });
    } catch (cause) {
      for (const { subnet, value } of before) subnet.taken.add(value);
      throw cause;
    }
  }
  if (groups) setGroups(row, groups);
  if (values.device_id !== undefined || values.device_owner !== undefined)
    state.setDevice(
      row,
      (values.device_id ?? row.deviceId) as string,
      (values.device_owner ?? row.deviceOwner) as string,
    );
  row.name = (values.name ?? row.name) as string;
  row.description = (values.description ?? row.description) as string;
  row.isUp = (values.admin_state_up ?? row.isUp) as boolean;
  row.hasPortSecurity = (values.port_security_enabled ?? row.hasPortSecurity) as boolean;
  row.addressPairs = (values.allowed_address_pairs ?? row.addressPairs) as object[];
}
