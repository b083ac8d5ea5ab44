import { isAdmin, isMember } from '../../service.ts';
import { seconds } from '../../site.ts';
import { isOwn, type Kind, type Viewer } from '../kind.ts';
import { refused } from '../refusals.ts';
import type { Network, Row } from '../rows.ts';
import type { State } from '../state.ts';
import { any, boolean, number, text } from '../values.ts';
import { removeSubnet } from './subnets.ts';

/** Fields that all kinds end with. */
export const COMMON_FIELDS = {
  description: ({ description }: Row) => description,
  tags: ({ tags }: Row) => tags,
  created_at: ({ created }: Row) => seconds(created),
  updated_at: ({ updated }: Row) => seconds(updated),
  revision_number: ({ revision }: Row) => revision,
} as const;

export const PROJECT_FIELDS = {
  project_id: ({ projectId }: Row) => projectId,
  tenant_id: ({ projectId }: Row) => projectId,
} as const;

const forAdmin =
  (value: unknown) =>
  (_: Row, { isAdmin }: Viewer): unknown =>
    isAdmin ? value : undefined;

const PROVIDER = { check: any, settable: 'put', isPoliced: true } as const;
const ADMIN_ONLY = [
  'shared',
  'router:external',
  'is_default',
  'provider:network_type',
  'provider:physical_network',
  'provider:segmentation_id',
];

function refuseUsed({ id, ports }: Network): void {
  const used = [...ports].filter(({ deviceOwner }) => deviceOwner !== 'network:dhcp').map((port) => port.id);
  if (used.length === 0) return;
  const what = `There are one or more ports still in use on the network, id for these ports is: ${used.sort().join(',')}.`;
  throw refused(409, 'NetworkInUse', `Unable to complete operation on network ${id}. ${what}`);
}

export function networks(state: State): Kind<Network> {
  return {
    one: 'network',
    many: 'networks',
    type: 'Network',
    missing: (id) => `Network ${id} could not be found.`,
    rows: state.networks,
    quota: 'network',
    fields: {
      id: ({ id }) => id,
      name: ({ name }) => name,
      ...PROJECT_FIELDS,
      admin_state_up: ({ isUp }) => isUp,
      mtu: ({ mtu }) => mtu,
      status: () => 'ACTIVE',
      subnets: ({ subnets }) => [...subnets].map(({ id }) => id).sort(),
      shared: ({ isShared }) => isShared,
      port_security_enabled: ({ hasPortSecurity }) => hasPortSecurity,
      'router:external': ({ isExternal }) => isExternal,
      'provider:network_type': forAdmin('local'),
      'provider:physical_network': forAdmin(null),
      'provider:segmentation_id': forAdmin(null),
      is_default: ({ isExternal }, { isCreation }) => (isExternal || isCreation ? false : undefined),
      availability_zone_hints: () => [],
      availability_zones: () => [],
      ipv4_address_scope: () => null,
      ipv6_address_scope: () => null,
      ...COMMON_FIELDS,
    },
    attributes: {
      name: { check: text(255), settable: 'put' },
      description: { check: text(255), settable: 'put' },
      admin_state_up: { check: boolean, settable: 'put' },
      mtu: { check: number, settable: 'put' },
      shared: { check: boolean, settable: 'put', isPoliced: true },
      'router:external': { check: boolean, settable: 'put', isPoliced: true },
      is_default: { check: boolean, settable: 'put', isPoliced: true },
      port_security_enabled: { check: boolean, settable: 'put' },
      availability_zone_hints: { check: any, settable: 'post' },
      'provider:network_type': PROVIDER,
      'provider:physical_network': PROVIDER,
      'provider:segmentation_id': PROVIDER,
    },
    filters: {
      admin_state_up: 'boolean',
      status: 'text',
      shared: 'boolean',
      'router:external': 'boolean',
      mtu: 'text',
      is_default: 'boolean',
    },
    isVisible: (row, owner) => isOwn(row, owner) || row.isShared || row.isExternal,
    mayChange: isOwn,
    mayCreate: (_, owner) => isMember(owner),
    maySay: (attribute, values) => !(ADMIN_ONLY.includes(attribute) && values[attribute] !== false),
    create(values, projectId) {
      const network: Network = {
        ...state.row(projectId, values),
        isUp: values.admin_state_up !== false,
        isShared: values.shared === true,
        isExternal: values['router:external'] === true,
        hasPortSecurity: values.port_security_enabled !== false,
        mtu: (values.mtu as number | undefined) ?? 1500,
        subnets: new Set(),
        ports: new Set(),
      };
      state.networks.set(network.id, network);
      return network;
    },
    update(row, values) {
      row.name = (values.name ?? row.name) as string;
      row.description = (values.description ?? row.description) as string;
      row.isUp = (values.admin_state_up ?? row.isUp) as boolean;
      row.isShared = (values.shared ?? row.isShared) as boolean;
      row.isExternal = (values['router:external'] ?? row.isExternal) as boolean;
      row.mtu = (values.mtu ?? row.mtu) as number;
    },
    remove(row) {
      refuseUsed(row);
      for (const subnet of row.subnets) removeSubnet(state, subnet);
      state.networks.delete(row.id);
    },
  };
}

/** Networks that somebody may make ports on: their own and shared ones. */
export const mayUse = (network: Network, owner: Parameters<typeof isAdmin>[0]): boolean =>
  isAdmin(owner) || isOwn(network, owner) || network.isShared;
