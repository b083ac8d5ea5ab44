import * as z from 'zod';
import { attributes, ids, integer, looseNumber, looseText, pool, root, several, text, vector } from './fields.ts';

const lease = {
  IP: looseText,
  IP6: looseText,
  IP6_GLOBAL: looseText,
  MAC: looseText,
  /** Id of the machine that has it; -1 for one on hold. */
  VM: looseNumber,
};

/** Users see only the leases of machines that they see: what is free cannot be computed from them. */
const addressRange = {
  AR_ID: integer,
  /** IP4, IP6, IP6_STATIC, IP4_6, IP4_6_STATIC or ETHER. */
  TYPE: looseText,
  /** Addresses in it. */
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
  /** 1 where the group, or everybody, may use it; beside them ACLs say who may. */
  PERMISSIONS: vector({ GROUP_U: looseNumber, OTHER_U: looseNumber }),
  CLUSTERS: ids,
  BRIDGE: looseText,
  VN_MAD: looseText,
  PHYDEV: looseText,
  VLAN_ID: looseNumber,
  /** Absent before 6.0. */
  STATE: looseNumber,
  /** Id of the network that it was reserved from; absent for one that is none. */
  PARENT_NETWORK_ID: looseNumber,
  USED_LEASES: looseNumber,
  /** Absent unless somebody locked it. */
  LOCK: vector({ LOCKED: looseNumber }),
  /** Description, GATEWAY, NETWORK_ADDRESS, NETWORK_MASK, SECURITY_GROUPS, our own attributes. */
  TEMPLATE: attributes,
  /** Empty until the network is READY, and in the short form that pools of some releases give. */
  AR_POOL: vector({ AR: several(addressRange) }),
});

export type Vnet = z.infer<typeof vnetElement>;
export type AddressRange = Vnet['AR_POOL']['AR'][number];

/** Answer to one.vn.info. */
export const vnet: z.ZodType<Vnet> = root('VNET', vnetElement);
/** Answer to one.vnpool.info. */
export const vnetPool: z.ZodType<Vnet[]> = pool('VNET_POOL', 'VNET', vnetElement);
