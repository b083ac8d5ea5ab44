/**
 * Native states mapped to OCCI states: total tables for 5.x to 7.x. Each row has OpenNebula's name, our state and an
 * explanation for the client, which ordinary states omit.
 */
import type { KindOf } from '../../lib/occi/kinds/index.ts';
import type { StateOf } from '../../lib/occi/types.ts';

export type ComputeState = StateOf<KindOf<'compute'>>;
export type StorageState = StateOf<KindOf<'storage'>>;
export type NetworkState = StateOf<KindOf<'network'>>;

export type Row<State> = readonly [name: string, state: State, says?: string];

/**
 * When oned deletes a machine: `now`, or not before the state has passed (`later`); `going`, it is deleting it already.
 * The states are those of `terminate` in DispatchManagerActions.cc, the same from 6.0 to 7.4.
 */
export type Deletes = 'now' | 'later' | 'going';

/**
 * A state of a machine. `passes` is in how many seconds to look again whether it has passed, for `Retry-After`; 0 for
 * one that lasts until somebody acts.
 */
export type VmRow = readonly [name: string, state: ComputeState, deletes: Deletes, passes: number, says?: string];

/** STATE of a machine, except ACTIVE (3), where LCM_STATE applies, and DONE (6), which is `notFound`. 7 is unused. */
type VmNumber = 0 | 1 | 2 | 4 | 5 | 8 | 9 | 10 | 11;

export const VM_STATES = {
  0: ['INIT', 'waiting', 'now', 2, 'is being registered'],
  1: ['PENDING', 'waiting', 'now', 15, 'waits for a host'],
  2: ['HOLD', 'waiting', 'now', 0, 'is on hold until it is released'],
  4: ['STOPPED', 'suspended', 'now', 0, 'its memory is saved in the datastore'],
  5: ['SUSPENDED', 'suspended', 'now', 0],
  8: ['POWEROFF', 'inactive', 'now', 0],
  9: ['UNDEPLOYED', 'inactive', 'now', 0, 'its disks are in the datastore'],
  10: ['CLONING', 'waiting', 'now', 30, 'waits for its images'],
  11: ['CLONING_FAILURE', 'error', 'now', 0, 'an image could not be copied'],
} as const satisfies Record<VmNumber, VmRow>;

const MOVING = 'moves to another host';
const SAVING = 'its memory is being saved';
const STARTING = 'is being started';
const STOPPING = 'is being stopped';

/**
 * LCM_STATE of an ACTIVE machine; 13, 14, 55 and 58 are retired. Operations on a running guest are `active`: hot plug,
 * disk snapshots, resize, backup. Operations on a guest that is off or suspended keep that state, but are `waiting`
 * while disks or NICs change. UNKNOWN is `inactive`: start and stop apply to it, and nothing more is known.
 */
type LcmNumber = Exclude<UpTo71, 13 | 14 | 55 | 58>;

export const LCM_STATES = {
  0: ['LCM_INIT', 'waiting', 'later', 2, STARTING],
  1: ['PROLOG', 'waiting', 'later', 15, 'its disks are being copied'],
  2: ['BOOT', 'waiting', 'later', 5, STARTING],
  3: ['RUNNING', 'active', 'now', 0],
  4: ['MIGRATE', 'waiting', 'later', 30, MOVING],
  5: ['SAVE_STOP', 'waiting', 'later', 15, SAVING],
  6: ['SAVE_SUSPEND', 'waiting', 'later', 15, SAVING],
  7: ['SAVE_MIGRATE', 'waiting', 'later', 30, MOVING],
  8: ['PROLOG_MIGRATE', 'waiting', 'later', 30, MOVING],
  9: ['PROLOG_RESUME', 'waiting', 'later', 15, STARTING],
  10: ['EPILOG_STOP', 'waiting', 'later', 15, STOPPING],
  11: ['EPILOG', 'waiting', 'going', 5, 'is being deleted'],
  12: ['SHUTDOWN', 'waiting', 'going', 15, 'is being shut down'],
  15: ['CLEANUP_RESUBMIT', 'waiting', 'later', 15, 'is being created again'],
  16: ['UNKNOWN', 'inactive', 'now', 0, 'monitoring lost: the host does not tell whether it runs'],
  17: ['HOTPLUG', 'active', 'later', 5, 'a disk or its configuration is being changed'],
  18: ['SHUTDOWN_POWEROFF', 'waiting', 'later', 15, STOPPING],
  19: ['BOOT_UNKNOWN', 'waiting', 'later', 5, STARTING],
  20: ['BOOT_POWEROFF', 'waiting', 'later', 5, STARTING],
  21: ['BOOT_SUSPENDED', 'waiting', 'later', 5, STARTING],
  22: ['BOOT_STOPPED', 'waiting', 'later', 5, STARTING],
  23: ['CLEANUP_DELETE', 'waiting', 'going', 5, 'is being deleted'],
  24: ['HOTPLUG_SNAPSHOT', 'active', 'later', 15, 'a snapshot is being made'],
  25: ['HOTPLUG_NIC', 'active', 'later', 5, 'a network interface is being attached or detached'],
  26: ['HOTPLUG_SAVEAS', 'active', 'later', 30, 'a disk is being saved'],
  27: ['HOTPLUG_SAVEAS_POWEROFF', 'waiting', 'later', 30, 'a disk is being saved'],
  28: ['HOTPLUG_SAVEAS_SUSPENDED', 'waiting', 'later', 30, 'a disk is being saved'],
  29: ['SHUTDOWN_UNDEPLOY', 'waiting', 'later', 15, STOPPING],
  30: ['EPILOG_UNDEPLOY', 'waiting', 'later', 15, STOPPING],
  31: ['PROLOG_UNDEPLOY', 'waiting', 'later', 15, STARTING],
  32: ['BOOT_UNDEPLOY', 'waiting', 'later', 5, STARTING],
  33: ['HOTPLUG_PROLOG_POWEROFF', 'waiting', 'later', 5, 'a disk is being attached'],
  34: ['HOTPLUG_EPILOG_POWEROFF', 'waiting', 'later', 5, 'a disk is being detached'],
  35: ['BOOT_MIGRATE', 'waiting', 'later', 5, MOVING],
  36: ['BOOT_FAILURE', 'error', 'now', 0, 'it could not be started'],
  37: ['BOOT_MIGRATE_FAILURE', 'error', 'now', 0, 'it could not be started on the other host'],
  38: ['PROLOG_MIGRATE_FAILURE', 'error', 'now', 0, 'its disks could not be moved'],
  39: ['PROLOG_FAILURE', 'error', 'now', 0, 'its disks could not be copied'],
  40: ['EPILOG_FAILURE', 'error', 'now', 0, 'its disks could not be cleaned up'],
  41: ['EPILOG_STOP_FAILURE', 'error', 'now', 0, 'its memory could not be saved'],
  42: ['EPILOG_UNDEPLOY_FAILURE', 'error', 'now', 0, 'its disks could not be saved'],
  43: ['PROLOG_MIGRATE_POWEROFF', 'waiting', 'later', 30, MOVING],
  44: ['PROLOG_MIGRATE_POWEROFF_FAILURE', 'error', 'now', 0, 'its disks could not be moved'],
  45: ['PROLOG_MIGRATE_SUSPEND', 'waiting', 'later', 30, MOVING],
  46: ['PROLOG_MIGRATE_SUSPEND_FAILURE', 'error', 'now', 0, 'its disks could not be moved'],
  47: ['BOOT_UNDEPLOY_FAILURE', 'error', 'now', 0, 'it could not be started'],
  48: ['BOOT_STOPPED_FAILURE', 'error', 'now', 0, 'it could not be started'],
  49: ['PROLOG_RESUME_FAILURE', 'error', 'now', 0, 'its disks could not be copied'],
  50: ['PROLOG_UNDEPLOY_FAILURE', 'error', 'now', 0, 'its disks could not be copied'],
  51: ['DISK_SNAPSHOT_POWEROFF', 'inactive', 'later', 15, 'a snapshot is being made'],
  52: ['DISK_SNAPSHOT_REVERT_POWEROFF', 'inactive', 'later', 15, 'a disk goes back to a snapshot'],
  53: ['DISK_SNAPSHOT_DELETE_POWEROFF', 'inactive', 'later', 15, 'a snapshot is being deleted'],
  54: ['DISK_SNAPSHOT_SUSPENDED', 'suspended', 'later', 15, 'a snapshot is being made'],
  56: ['DISK_SNAPSHOT_DELETE_SUSPENDED', 'suspended', 'later', 15, 'a snapshot is being deleted'],
  57: ['DISK_SNAPSHOT', 'active', 'later', 15, 'a snapshot is being made'],
  59: ['DISK_SNAPSHOT_DELETE', 'active', 'later', 15, 'a snapshot is being deleted'],
  60: ['PROLOG_MIGRATE_UNKNOWN', 'waiting', 'later', 30, MOVING],
  61: ['PROLOG_MIGRATE_UNKNOWN_FAILURE', 'error', 'now', 0, 'its disks could not be moved'],
  62: ['DISK_RESIZE', 'active', 'later', 15, 'a disk is being resized'],
  63: ['DISK_RESIZE_POWEROFF', 'inactive', 'later', 15, 'a disk is being resized'],
  64: ['DISK_RESIZE_UNDEPLOYED', 'inactive', 'later', 15, 'a disk is being resized'],
  65: ['HOTPLUG_NIC_POWEROFF', 'waiting', 'later', 5, 'a network interface is being attached or detached'],
  66: ['HOTPLUG_RESIZE', 'active', 'later', 5, 'its size is being changed'],
  67: ['HOTPLUG_SAVEAS_UNDEPLOYED', 'waiting', 'later', 30, 'a disk is being saved'],
  68: ['HOTPLUG_SAVEAS_STOPPED', 'waiting', 'later', 30, 'a disk is being saved'],
  69: ['BACKUP', 'active', 'later', 60, 'a backup is being made'],
  70: ['BACKUP_POWEROFF', 'inactive', 'later', 60, 'a backup is being made'],
  71: ['RESTORE', 'waiting', 'later', 60, 'is being restored from a backup'],
} as const satisfies Record<LcmNumber, VmRow>;

export const IMAGE_STATES = {
  0: ['INIT', 'waiting', 'is being registered'],
  1: ['READY', 'online'],
  2: ['USED', 'online'],
  3: ['DISABLED', 'offline'],
  4: ['LOCKED', 'waiting', 'is being copied or made'],
  5: ['ERROR', 'error', 'it could not be made'],
  6: ['CLONE', 'online', 'is being copied'],
  7: ['DELETE', 'waiting', 'is being deleted'],
  8: ['USED_PERS', 'online'],
  9: ['LOCKED_USED', 'waiting', 'is being made; a compute waits for it'],
  10: ['LOCKED_USED_PERS', 'waiting', 'is being made; a compute waits for it'],
} as const satisfies Record<0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10, Row<StorageState>>;

/**
 * DONE (4) is `notFound`. After UPDATE_FAILURE the network works, but its last change has not reached every machine.
 */
export const VNET_STATES = {
  0: ['INIT', 'waiting', 'is being registered'],
  1: ['READY', 'active'],
  2: ['LOCK_CREATE', 'waiting', 'is being made'],
  3: ['LOCK_DELETE', 'waiting', 'is being deleted'],
  5: ['ERROR', 'error', 'it could not be made or deleted'],
  6: ['UPDATE_FAILURE', 'active', 'the last change did not reach every compute'],
} as const satisfies Record<0 | 1 | 2 | 3 | 5 | 6, Row<NetworkState>>;

type Upto<N extends number, Counted extends readonly number[] = []> = Counted['length'] extends N
  ? Counted[number]
  : Upto<N, readonly [...Counted, Counted['length']]>;
type UpTo71 = Upto<72>;
