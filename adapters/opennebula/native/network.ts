import * as z from 'zod';
import type { PoolShape } from '../api/shape.ts';
import { attributes, ids, integer, looseNumber, looseText, pool, root, several, text, vector } from './fields.ts';

const lease = {
  IP: looseText,
  IP6: looseText,
  IP6_GLOBAL: looseText,
  MAC: looseText,
  /** Id of the machine that holds the lease; -1 for a lease on hold. */
  VM: looseNumber,
};

/** Users see only the leases of machines visible to them, so free addresses cannot be computed from the leases. */
const addressRange = {
  AR_ID: integer,
  /** IP4, IP6, IP6_STATIC, IP4_6, IP4_6_STATIC or ETHER. */
  TYPE: looseText,
  /** Number of addresses in the range. */
  SIZE: looseNumber,
  USED_LEASES: looseNumber,
  MAC: looseText,
  IP: looseText,
  IP_END: looseText,
  IP6: looseText,
  IP6_END: looseText,
  IP6_GLOBAL: looseText,
  IP6_GLOBAL_END: looseText,
  GLOBAL_PREFIX: looseText,
  ULA_PREFIX: looseText,
  PREFIX_LENGTH: looseNumber,
  PARENT_NETWORK_AR_ID: looseNumber,
  LEASES: vector({ LEASE: several(lease) }),
};

const vnetElement = z.object({
  ID: integer,
  UID: integer,
  GID: integer,
  NAME: text,
  /** 1 if the group, or every user, may use the network. ACLs can grant more. */
  PERMISSIONS: vector({ GROUP_U: looseNumber, OTHER_U: looseNumber }),
  CLUSTERS: ids,
  BRIDGE: looseText,
  VN_MAD: looseText,
  PHYDEV: looseText,
  VLAN_ID: looseNumber,
  /** Absent before 6.0. */
  STATE: looseNumber,
  /** Id of the network that a reservation was made from; absent for other networks. */
  PARENT_NETWORK_ID: looseNumber,
  USED_LEASES: looseNumber,
  /** Absent unless the network is locked. */
  LOCK: vector({ LOCKED: looseNumber }),
  /** Description, GATEWAY, NETWORK_ADDRESS, NETWORK_MASK, SECURITY_GROUPS, our own attributes. */
  TEMPLATE: attributes,
  /** Empty until the network is READY, and in the short form of pools in some releases. */
  AR_POOL: vector({ AR: several(addressRange) }),
});

export type Vnet = z.infer<typeof vnetElement>;
export type AddressRange = Vnet['AR_POOL']['AR'][number];

/** Answer to one.vn.info. */
export const vnet: z.ZodType<Vnet> = root('VNET', vnetElement);
/** Answer to one.vnpool.info. */
export const vnetPool: PoolShape<Vnet> = pool('VNET_POOL', 'VNET', vnetElement);
