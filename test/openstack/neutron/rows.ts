/** What Neutron keeps: rows of its tables. */
import type { Cidr } from './address.ts';

export interface Row {
  readonly id: string;
  /** Empty for ports that routers and floating addresses have on external networks. */
  readonly projectId: string;
  name: string;
  description: string | null;
  tags: readonly string[];
  readonly created: number;
  updated: number;
  revision: number;
}

export interface Network extends Row {
  isUp: boolean;
  isShared: boolean;
  isExternal: boolean;
  hasPortSecurity: boolean;
  mtu: number;
  readonly subnets: Set<Subnet>;
  readonly ports: Set<Port>;
}

/** Both ends belong to it. */
export interface Pool {
  readonly start: bigint;
  readonly end: bigint;
}

export interface Subnet extends Row {
  readonly network: Network;
  readonly cidr: Cidr;
  gateway: string | null;
  pools: readonly Pool[];
  dns: readonly string[];
  routes: readonly object[];
  hasDhcp: boolean;
  readonly raMode: string | null;
  readonly addressMode: string | null;
  /** Addresses in use. */
  readonly taken: Set<bigint>;
  /** Where the search for a free address goes on. */
  cursor: bigint;
}

export interface FixedIp {
  readonly subnet: Subnet;
  readonly address: string;
  readonly value: bigint;
}

export interface Port extends Row {
  readonly network: Network;
  mac: string;
  isUp: boolean;
  status: 'ACTIVE' | 'DOWN' | 'BUILD';
  deviceId: string;
  deviceOwner: string;
  fixedIps: readonly FixedIp[];
  groups: readonly Group[];
  hasPortSecurity: boolean;
  readonly vnicType: string;
  addressPairs: readonly object[];
  hostId: string;
  /** Counts up with each binding, so that ports of a server stay in order. */
  boundAt: number;
}

export interface Gateway {
  readonly network: Network;
  readonly port: Port;
  readonly hasSnat: boolean;
}

export interface Router extends Row {
  isUp: boolean;
  gateway: Gateway | null;
  routes: readonly object[];
  readonly interfaces: Set<Port>;
}

export interface FloatingIp extends Row {
  readonly network: Network;
  readonly address: string;
  readonly subnet: Subnet;
  readonly value: bigint;
  port: Port | null;
  fixed: string | null;
  router: Router | null;
}

export interface Group extends Row {
  readonly isDefault: boolean;
  isStateful: boolean;
  readonly rules: Set<Rule>;
  /** Ports that are in it. */
  readonly ports: Set<Port>;
  /** Projects that it is shared with (RBAC). */
  readonly sharedWith: Set<string>;
}

export interface Rule extends Row {
  readonly group: Group;
  readonly direction: string;
  readonly ethertype: string;
  readonly protocol: string | null;
  readonly portMin: number | null;
  readonly portMax: number | null;
  readonly remotePrefix: string | null;
  readonly remoteGroupId: string | null;
  readonly number: number;
}
