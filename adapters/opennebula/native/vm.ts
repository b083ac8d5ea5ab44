import * as z from 'zod';
import type { PoolShape } from '../api/shape.ts';
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
  /** `swap` or `fs` for volatile disks; otherwise the storage format of the image. */
  TYPE: looseText,
  DATASTORE_ID: looseNumber,
  PERSISTENT: looseFlag,
  READONLY: looseFlag,
  /** True while the disk is being attached or detached. */
  ATTACH: looseFlag,
  /**
   * Our attribute: the token of the create that attached the disk. oned keeps it in full answers (measured on 6.10),
   * not in the short pool.
   */
  OCCI_TOKEN: looseText,
};

const nic = {
  NIC_ID: integer,
  /** Absent for a NIC whose network is not chosen yet (NETWORK_MODE=auto). */
  NETWORK_ID: looseNumber,
  /** Device name in the guest if one was requested; otherwise oned's name of the tap device. */
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
  /** `NIC` and the id, unless another name was set. */
  NAME: looseText,
  /** How the guest gets its address: `static`, `dhcp` and others. */
  METHOD: looseText,
  IP6_METHOD: looseText,
  /**
   * Our attributes: the token of the create that attached the NIC, and a flag for a network that is an ipreservation.
   * oned keeps them in full answers (measured on 6.10).
   */
  OCCI_TOKEN: looseText,
  OCCI_TARGET: looseText,
};

/** An alias has its own address and id, and shares the NIC `PARENT_ID`. The short pool shows it as a plain NIC. */
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
  /** Id of the VM template that the machine was created from. */
  TEMPLATE_ID: looseNumber,
  OS: vector({ ARCH: looseText }),
  CONTEXT: context,
  /** What oned is to do later, in one.vm.info only; pools have the ids alone. TIME is in epoch seconds. */
  SCHED_ACTION: several({ ACTION: looseText, TIME: looseNumber }),
  DISK: several(disk),
  NIC: several(nic),
  NIC_ALIAS: several(alias),
});

/**
 * Each action and migration adds a record, so an older machine has dozens. one.vm.info returns all records, pools only
 * the last one. ACTION is the action that ended the record; 0 or absent for the current record.
 */
const history = several({ SEQ: integer, CID: looseNumber, HOSTNAME: looseText, ACTION: looseNumber });

const vmElement = z.object({
  ID: integer,
  UID: integer,
  GID: integer,
  NAME: text,
  STATE: integer,
  LCM_STATE: integer,
  /** Absent unless the machine is locked. */
  LOCK: vector({ LOCKED: looseNumber }),
  TEMPLATE: template,
  /** Attributes that users can write: descriptions, LABELS, our own attributes. oned adds ERROR and SCHED_MESSAGE. */
  USER_TEMPLATE: attributes,
  HISTORY_RECORDS: vector({ HISTORY: history }),
});

export type Vm = z.infer<typeof vmElement>;
export type Disk = Vm['TEMPLATE']['DISK'][number];
export type Nic = Vm['TEMPLATE']['NIC'][number];
export type NicAlias = Vm['TEMPLATE']['NIC_ALIAS'][number];

/** Answer to one.vm.info. */
export const vm: z.ZodType<Vm> = root('VM', vmElement);
/** Answer to one.vmpool.infoextended. The answer to one.vmpool.info lacks context, OS, template id and aliases. */
export const vmPool: PoolShape<Vm> = pool('VM_POOL', 'VM', vmElement);

const labelled = z.object({
  ID: integer,
  UID: integer,
  GID: integer,
  STATE: integer,
  LCM_STATE: integer,
  USER_TEMPLATE: vector({ LABELS: looseText }),
});

export type LabelledVm = z.infer<typeof labelled>;

const identified = z.object({ ID: integer }).transform(({ ID }) => ID);

/** Only a machine with labels is read further: a listing has thousands without. */
const hasLabels = (value: unknown): boolean =>
  typeof (value as { USER_TEMPLATE?: { LABELS?: unknown } }).USER_TEMPLATE?.LABELS === 'string';

/** Answer to one.vmpool.info, of which only the ids are wanted, and more of machines with labels. */
export const vmIds: PoolShape<number | LabelledVm> = pool(
  'VM_POOL',
  'VM',
  z.unknown().transform((value) => (hasLabels(value) ? labelled.parse(value) : identified.parse(value))),
);
