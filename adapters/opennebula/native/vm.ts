import * as z from 'zod';
import {
  attributes,
  integer,
  looseFlag,
  looseNumber,
  looseText,
  numbers,
  pool,
  root,
  several,
  text,
  vector,
} from './fields.ts';

const disk = {
  DISK_ID: integer,
  /** Absent for a volatile disk. */
  IMAGE_ID: looseNumber,
  TARGET: looseText,
  DEV_PREFIX: looseText,
  /** MB. */
  SIZE: looseNumber,
  /** `swap`, `fs` for volatile disks; else how the image is stored. */
  TYPE: looseText,
  DATASTORE_ID: looseNumber,
  PERSISTENT: looseFlag,
  READONLY: looseFlag,
  /** True while the disk is being attached or detached. */
  ATTACH: looseFlag,
  /** Ours: which create attached it. oned keeps it in the full forms (measured on 6.10), not in the short pool. */
  OCCI_TOKEN: looseText,
};

const nic = {
  NIC_ID: integer,
  /** Absent for a NIC whose network is not chosen yet (NETWORK_MODE=auto). */
  NETWORK_ID: looseNumber,
  /** Device name in the guest, where it was asked for; otherwise oned's name of the tap device. */
  TARGET: looseText,
  MAC: looseText,
  /** Absent on networks without IPv4. */
  IP: looseText,
  IP6: looseText,
  IP6_GLOBAL: looseText,
  IP6_ULA: looseText,
  IP6_LINK: looseText,
  GATEWAY: looseText,
  GATEWAY6: looseText,
  NETWORK_ADDRESS: looseText,
  NETWORK_MASK: looseText,
  SECURITY_GROUPS: numbers,
  ATTACH: looseFlag,
  /** NIC and the id, unless somebody gave another. */
  NAME: looseText,
  /** `static`, `dhcp` and others: how the guest is told to take its address. */
  METHOD: looseText,
  IP6_METHOD: looseText,
  /**
   * Ours: which create attached it, and that its network is an ipreservation. oned keeps them in the full forms
   * (measured on 6.10).
   */
  OCCI_TOKEN: looseText,
  OCCI_TARGET: looseText,
};

/** An alias has its own address and id, and rides on the NIC `PARENT_ID`. The short pool shows it as a plain NIC. */
const alias = { ...nic, PARENT_ID: looseNumber, ALIAS_ID: looseNumber };

const context = vector({
  SSH_PUBLIC_KEY: looseText,
  USER_DATA: looseText,
  USERDATA_ENCODING: looseText,
  SET_HOSTNAME: looseText,
});

const template = vector({
  /** Share of a host's cores. */
  CPU: looseNumber,
  /** Cores that the guest sees; absent means one. */
  VCPU: looseNumber,
  /** MB. */
  MEMORY: looseNumber,
  /** Id of the VM template that it was made of. */
  TEMPLATE_ID: looseNumber,
  OS: vector({ ARCH: looseText }),
  CONTEXT: context,
  DISK: several(disk),
  NIC: several(nic),
  NIC_ALIAS: several(alias),
});

/**
 * Each action and migration adds a record: a machine of some age has dozens. one.vm.info has all, pools the last only.
 * ACTION is what ended the record; 0 or absent for the one that goes on.
 */
const history = several({ SEQ: integer, CID: looseNumber, HOSTNAME: looseText, ACTION: looseNumber });

const vmElement = z.object({
  ID: integer,
  UID: integer,
  GID: integer,
  NAME: text,
  STATE: integer,
  LCM_STATE: integer,
  /** Absent unless somebody locked it. */
  LOCK: vector({ LOCKED: looseNumber }),
  TEMPLATE: template,
  /** What users may write: descriptions, our own attributes, ERROR and SCHED_MESSAGE by oned. */
  USER_TEMPLATE: attributes,
  HISTORY_RECORDS: vector({ HISTORY: history }),
});

export type Vm = z.infer<typeof vmElement>;
export type Disk = Vm['TEMPLATE']['DISK'][number];
export type Nic = Vm['TEMPLATE']['NIC'][number];
export type NicAlias = Vm['TEMPLATE']['NIC_ALIAS'][number];

/** Answer to one.vm.info. */
export const vm: z.ZodType<Vm> = root('VM', vmElement);
/** Answer to one.vmpool.infoextended. That of one.vmpool.info lacks context, OS, template id and aliases. */
export const vmPool: z.ZodType<Vm[]> = pool('VM_POOL', 'VM', vmElement);

const identified = z.object({ ID: integer }).transform(({ ID }) => ID);

/** Answer to one.vmpool.info, of which only the ids are wanted. */
export const vmIds: z.ZodType<number[]> = pool('VM_POOL', 'VM', identified);
