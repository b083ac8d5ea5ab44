/**
 * Tables of Nova's states of servers. `vm_state` says what a server is, `task_state` what is being done to it, `status` is
 * Nova's own summary of both (Compute API guide, Server concepts; Nova's developer documentation, Virtual machine states
 * and transitions).
 */
import type { KindOf } from '../../lib/occi/kinds/index.ts';
import type { StateOf } from '../../lib/occi/types.ts';

export type ComputeState = StateOf<KindOf<'compute'>>;

/** The state, and what a client is told where the state does not explain itself. */
export type Row = readonly [state: ComputeState, message?: string];

type VmState =
  | 'active'
  | 'building'
  | 'deleted'
  | 'error'
  | 'paused'
  | 'rescued'
  | 'resized'
  | 'shelved'
  | 'shelved_offloaded'
  | 'soft-delete'
  | 'stopped'
  | 'suspended';

const SHELVED = 'The compute is shelved: its memory was given up, and start brings it back from its disk.';
/** Its own system does not run, and the only way out is the end of the rescue, which `start` is. */
const RESCUED = 'The compute runs a rescue system instead of its own; start ends that.';
/** Nova refuses every action until the new size is confirmed or taken back. */
const RESIZED = 'The compute runs with a new size, which is still to be confirmed.';

/** Deleted ones are not shown. */
export const VM_STATES = {
  active: ['active'],
  building: ['waiting', 'The compute is being built.'],
  deleted: ['inactive', 'The compute is deleted.'],
  error: ['error'],
  paused: ['suspended', 'The compute is paused: its memory is kept on the host.'],
  rescued: ['inactive', RESCUED],
  resized: ['waiting', RESIZED],
  shelved: ['suspended', SHELVED],
  shelved_offloaded: ['suspended', SHELVED],
  'soft-delete': ['inactive', 'The compute is deleted.'],
  stopped: ['inactive'],
  suspended: ['suspended'],
} as const satisfies Record<VmState, Row>;

type TaskState =
  | 'scheduling'
  | 'block_device_mapping'
  | 'networking'
  | 'spawning'
  | 'image_snapshot'
  | 'image_snapshot_pending'
  | 'image_pending_upload'
  | 'image_uploading'
  | 'image_backup'
  | 'updating_password'
  | 'resize_prep'
  | 'resize_migrating'
  | 'resize_migrated'
  | 'resize_finish'
  | 'resize_reverting'
  | 'resize_confirming'
  | 'rebooting'
  | 'reboot_pending'
  | 'reboot_started'
  | 'rebooting_hard'
  | 'reboot_pending_hard'
  | 'reboot_started_hard'
  | 'pausing'
  | 'unpausing'
  | 'suspending'
  | 'resuming'
  | 'powering-off'
  | 'powering-on'
  | 'rescuing'
  | 'unrescuing'
  | 'rebuilding'
  | 'rebuild_block_device_mapping'
  | 'rebuild_spawning'
  | 'migrating'
  | 'deleting'
  | 'soft-deleting'
  | 'restoring'
  | 'shelving'
  | 'shelving_image_pending_upload'
  | 'shelving_image_uploading'
  | 'shelving_offloading'
  | 'unshelving';

const SAVING = 'The compute is being saved as an image.';
const RESIZING = 'The compute is getting another size.';
const REBOOTING = 'The compute is restarting.';
const RESETTING = 'The compute is being reset.';
const REBUILDING = 'The disk of the compute is being made again.';
const SHELVING = 'The compute is being shelved.';
const DELETING = 'The compute is being deleted.';

/** While a task is under way Nova takes no other action, so all are `waiting`. */
export const TASK_STATES = {
  scheduling: 'The cloud is looking for a host.',
  block_device_mapping: 'The disks of the compute are being prepared.',
  networking: 'The interfaces of the compute are being prepared.',
  spawning: 'The compute is being started on its host.',
  image_snapshot: SAVING,
  image_snapshot_pending: SAVING,
  image_pending_upload: SAVING,
  image_uploading: SAVING,
  image_backup: SAVING,
  updating_password: 'The password of the compute is being changed.',
  resize_prep: RESIZING,
  resize_migrating: RESIZING,
  resize_migrated: RESIZING,
  resize_finish: RESIZING,
  resize_reverting: 'The compute is getting its former size back.',
  resize_confirming: 'The new size of the compute is being confirmed.',
  rebooting: REBOOTING,
  reboot_pending: REBOOTING,
  reboot_started: REBOOTING,
  rebooting_hard: RESETTING,
  reboot_pending_hard: RESETTING,
  reboot_started_hard: RESETTING,
  pausing: 'The compute is being paused.',
  unpausing: 'The compute is being continued.',
  suspending: 'The compute is being suspended.',
  resuming: 'The compute is being resumed.',
  'powering-off': 'The compute is stopping.',
  'powering-on': 'The compute is starting.',
  rescuing: 'A rescue system is being started.',
  unrescuing: 'The compute is returning to its own system.',
  rebuilding: REBUILDING,
  rebuild_block_device_mapping: REBUILDING,
  rebuild_spawning: REBUILDING,
  migrating: 'The compute is moving to another host.',
  deleting: DELETING,
  'soft-deleting': DELETING,
  restoring: 'The compute is being restored.',
  shelving: SHELVING,
  shelving_image_pending_upload: SHELVING,
  shelving_image_uploading: SHELVING,
  shelving_offloading: SHELVING,
  unshelving: 'The compute is returning from the shelf.',
} as const satisfies Record<TaskState, string>;

type Status =
  | 'ACTIVE'
  | 'BUILD'
  | 'DELETED'
  | 'ERROR'
  | 'HARD_REBOOT'
  | 'MIGRATING'
  | 'PASSWORD'
  | 'PAUSED'
  | 'REBOOT'
  | 'REBUILD'
  | 'RESCUE'
  | 'RESIZE'
  | 'REVERT_RESIZE'
  | 'SHELVED'
  | 'SHELVED_OFFLOADED'
  | 'SHUTOFF'
  | 'SOFT_DELETED'
  | 'SUSPENDED'
  | 'UNKNOWN'
  | 'VERIFY_RESIZE';

/** For clouds that hide the other two (policy of `os-extended-server-attributes`), and for what Nova cannot reach. */
export const STATUSES = {
  ACTIVE: VM_STATES.active,
  BUILD: VM_STATES.building,
  DELETED: VM_STATES.deleted,
  ERROR: VM_STATES.error,
  HARD_REBOOT: ['waiting', RESETTING],
  MIGRATING: ['waiting', TASK_STATES.migrating],
  PASSWORD: ['waiting', TASK_STATES.updating_password],
  PAUSED: VM_STATES.paused,
  REBOOT: ['waiting', REBOOTING],
  REBUILD: ['waiting', REBUILDING],
  RESCUE: VM_STATES.rescued,
  RESIZE: ['waiting', RESIZING],
  REVERT_RESIZE: ['waiting', TASK_STATES.resize_reverting],
  SHELVED: VM_STATES.shelved,
  SHELVED_OFFLOADED: VM_STATES.shelved_offloaded,
  SHUTOFF: VM_STATES.stopped,
  SOFT_DELETED: VM_STATES['soft-delete'],
  SUSPENDED: VM_STATES.suspended,
  UNKNOWN: ['waiting', 'The cloud cannot reach the part of it that has the compute.'],
  VERIFY_RESIZE: VM_STATES.resized,
} as const satisfies Record<Status, Row>;

type PowerState = 'nostate' | 'running' | 'paused' | 'shutdown' | 'crashed' | 'suspended';

/** Nova's numbers of power states. */
const POWER_STATES: Readonly<Record<number, PowerState>> = {
  0: 'nostate',
  1: 'running',
  3: 'paused',
  4: 'shutdown',
  6: 'crashed',
  7: 'suspended',
};

/** What the hypervisor says of an active server, where it says something else. Nova follows after some minutes. */
const POWER_OF_ACTIVE = {
  nostate: undefined,
  running: undefined,
  paused: 'The hypervisor has paused the compute.',
  shutdown: 'The guest has shut itself down; the cloud is about to notice.',
  crashed: 'The guest has crashed; the cloud is about to notice.',
  suspended: 'The hypervisor has suspended the compute.',
} as const satisfies Record<PowerState, string | undefined>;

/** A remark about an active server whose power state is this number. */
export function powerRemark(power: number | null | undefined): string | undefined {
  const name = power === null || power === undefined ? undefined : POWER_STATES[power];
  return name && POWER_OF_ACTIVE[name];
}
