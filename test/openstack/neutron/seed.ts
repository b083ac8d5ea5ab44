import { PROJECTS } from '../seed.ts';
import { cidrOf, first } from './address.ts';
import type { Network, Subnet } from './rows.ts';
import type { State } from './state.ts';
import { poolsAround } from './subnet-values.ts';

/** Ids of the recorded site. */
export const PUBLIC_NETWORK = 'f18fd0c7-7433-4ed3-bd9b-ebc9743f7f7d';
const PUBLIC_SUBNET = 'df6d3617-b3f2-466e-98cc-8d015af4d976';

/** The external network of the recorded site, 203.0.113.0/24, which the administrators' project owns. */
export function seed(state: State): void {
  const cidr = cidrOf('203.0.113.0/24')!;
  const network: Network = {
    ...state.row(PROJECTS.admin, { name: 'public' }),
    id: PUBLIC_NETWORK,
    isUp: true,
    isShared: false,
    isExternal: true,
    hasPortSecurity: true,
    mtu: 1500,
    subnets: new Set(),
    ports: new Set(),
  };
  const subnet: Subnet = {
    ...state.row(PROJECTS.admin, { name: 'public-v4' }),
    id: PUBLIC_SUBNET,
    network,
    cidr,
    gateway: '203.0.113.1',
    pools: poolsAround(cidr, '203.0.113.1'),
    dns: [],
    routes: [],
    hasDhcp: false,
    raMode: null,
    addressMode: null,
    taken: new Set(),
    cursor: first(cidr),
  };
  network.subnets.add(subnet);
  state.networks.set(network.id, network);
  state.subnets.set(subnet.id, subnet);
}
