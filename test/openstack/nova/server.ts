import type { Walking } from '../../oned/steps.ts';
import type { Flavor } from './state.ts';

export type VmState =
  | 'building'
  | 'active'
  | 'stopped'
  | 'paused'
  | 'suspended'
  | 'rescued'
  | 'resized'
  | 'shelved'
  | 'shelved_offloaded'
  | 'soft-delete'
  | 'error'
  | 'deleted';

export type TaskState = string | null;

/** What `status` says of a vm_state, unless its task has a word of its own. */
const STATUS: Readonly<Record<VmState, string>> = {
  building: 'BUILD',
  active: 'ACTIVE',
  stopped: 'SHUTOFF',
  paused: 'PAUSED',
  suspended: 'SUSPENDED',
  rescued: 'RESCUE',
  resized: 'VERIFY_RESIZE',
  shelved: 'SHELVED',
  shelved_offloaded: 'SHELVED_OFFLOADED',
  'soft-delete': 'SOFT_DELETED',
  error: 'ERROR',
  deleted: 'DELETED',
};

const TASKS: readonly (readonly [pattern: RegExp, states: readonly VmState[], status: string])[] = [
  [/^reboot(ing|_pending|_started)$/, ['active'], 'REBOOT'],
  [/^reboot(ing|_pending|_started)_hard$/, ['active'], 'HARD_REBOOT'],
  [/^rebuild/, ['active', 'stopped', 'error'], 'REBUILD'],
  [/^resize_(prep|migrating|migrated|finish)$/, ['active', 'stopped'], 'RESIZE'],
  [/^resize_reverting$/, ['resized'], 'REVERT_RESIZE'],
  [/^migrating$/, ['active', 'paused'], 'MIGRATING'],
];

export interface Attachment {
  readonly attachmentId: string;
  readonly bdmId: string;
  readonly volumeId: string;
  readonly device: string;
  readonly deleteOnTermination: boolean;
  readonly isRoot: boolean;
  readonly tag: string | null;
}

/** A port as Nova remembers it: its network's name stays although the port may be taken away. */
export interface Nic {
  readonly portId: string;
  /** True for one that Nova made, and that goes with the server. */
  readonly isOurs: boolean;
}

export interface Fault {
  readonly code: number;
  readonly message: string;
  readonly created: number;
}

export interface InstanceAction {
  readonly action: string;
  readonly requestId: string;
  readonly start: number;
  message: string | null;
}

interface NewServer {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
  readonly userId: string;
  readonly flavor: Flavor;
  /** Empty for a server that boots from a volume. */
  readonly imageId: string;
  readonly created: number;
}

/** One instance, from the request to build it until it is deleted. */
export class Server implements Walking {
  readonly steps: (() => void)[] = [];
  due = 0;
  readonly id: string;
  readonly projectId: string;
  readonly userId: string;
  readonly created: number;
  name: string;
  flavor: Flavor;
  /** What it was before a resize. */
  wasStopped = false;
  /** The flavor before a resize that nobody has confirmed. */
  otherFlavor: Flavor | undefined;
  imageId: string;
  keyName: string | null = null;
  metadata: Record<string, string> = {};
  tags: string[] = [];
  description: string | null = null;
  hostname: string;
  userData: string | null = null;
  /** The zone that was asked for; empty for any. */
  wishedZone = '';
  host = '';
  /** Where the scheduler put it; empty before that, and for a server that has no host any more. */
  zone = '';
  vm: VmState = 'building';
  task: TaskState = 'scheduling';
  power = 0;
  updated: number;
  launched: number | null = null;
  terminated: number | null = null;
  fault: Fault | undefined;
  isLocked = false;
  lockedReason: string | null = null;
  /** True until the scheduler has looked at it: GET and DELETE know it, actions do not. */
  isBuildRequest = true;
  /** What a PUT has changed while it was only a request, as it was before. */
  asked: Partial<Pick<Server, 'name' | 'description' | 'hostname'>> = {};
  /** True until something has changed it: `changes-since` does not know it, for its `updated_at` is empty. */
  isUntouched = false;
  attachments: Attachment[] = [];
  nics: Nic[] = [];
  reservationId = '';
  readonly actions: InstanceAction[] = [];
  /** True when only `changes-since` shows it. */
  isGone = false;

  constructor(wish: NewServer) {
    this.id = wish.id;
    this.name = wish.name;
    this.projectId = wish.projectId;
    this.userId = wish.userId;
    this.flavor = wish.flavor;
    this.imageId = wish.imageId;
    this.created = wish.created;
    this.updated = wish.created;
    this.hostname = wish.name.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  }

  get status(): string {
    const task = this.task;
    const found = task === null ? undefined : TASKS.find(([pattern, vm]) => pattern.test(task) && vm.includes(this.vm));
    return found?.[2] ?? STATUS[this.vm];
  }

  get stateName(): string {
    return `server:${this.task ?? this.vm}`;
  }

  /** Into a state; what `power_state` is then, where it changes. */
  goTo(now: number, vm: VmState, task: TaskState = null, power: number = this.power): void {
    this.vm = vm;
    this.task = task;
    this.power = power;
    this.touch(now);
  }

  touch(now: number): void {
    this.updated = now;
    this.isUntouched = false;
  }

  fail(now: number, message: string): void {
    this.fault = { code: 500, message, created: now };
    this.host = '';
    this.zone = '';
    for (const action of this.actions.slice(-1)) action.message = 'Error';
    this.goTo(now, 'error');
  }
}
