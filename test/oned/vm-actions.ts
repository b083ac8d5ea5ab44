import type { HistoryAction } from './history.ts';
import { CODE, Refusal } from './refusal.ts';
import type { Caller } from './session.ts';
import type { Vm } from './vm.ts';
import { refreshContext } from './vm-context.ts';
import { deploy, done, unless, type Way, walk } from './vm-walk.ts';

interface Action {
  /** By the state that it is taken in: what follows. Other states refuse it. */
  readonly from: Readonly<Record<string, (vm: Vm) => readonly Way[]>>;
  /** Ends the stay that the history has. */
  readonly ends?: HistoryAction;
}

const graphicsGone = (vm: Vm) => (): void => {
  for (const graphics of vm.template.vectors('GRAPHICS')) graphics.delete('PORT');
  vm.touch();
};

const resumed =
  (boot: string) =>
  (vm: Vm): readonly Way[] => {
    const last = vm.history.at(-1);
    if (last && vm.stateName !== 'UNKNOWN') vm.arriveOn(last.host, false);
    refreshContext(vm);
    return [boot, unless(vm, 'deploy', 'BOOT_FAILURE'), 'RUNNING'];
  };

const redeployed =
  (from: 'STOPPED' | 'UNDEPLOYED') =>
  (vm: Vm): readonly Way[] => {
    vm.resumesFrom = from;
    return ['PENDING', () => deploy(vm)];
  };

const poweredOff = (vm: Vm): readonly Way[] => [
  'SHUTDOWN_POWEROFF',
  unless(vm, 'shutdown', 'RUNNING', false),
  'POWEROFF',
];

const stopped = (vm: Vm): readonly Way[] => [
  ...['SAVE_STOP', unless(vm, 'save', 'RUNNING', false), 'EPILOG_STOP'],
  ...[unless(vm, 'epilog', 'EPILOG_STOP_FAILURE'), 'STOPPED'],
];

const undeployed = (vm: Vm): readonly Way[] => [
  ...['SHUTDOWN_UNDEPLOY', unless(vm, 'shutdown', 'RUNNING', false), 'EPILOG_UNDEPLOY'],
  ...[unless(vm, 'epilog', 'EPILOG_UNDEPLOY_FAILURE'), graphicsGone(vm), 'UNDEPLOYED'],
];

const cleanedUp = (vm: Vm): readonly Way[] => ['EPILOG', unless(vm, 'epilog', 'EPILOG_FAILURE'), () => done(vm)];
const shutDown = (vm: Vm): readonly Way[] => ['SHUTDOWN', unless(vm, 'shutdown', 'RUNNING', false), ...cleanedUp(vm)];
const discarded = (vm: Vm): readonly Way[] => [() => done(vm)];

const deleted = (vm: Vm): readonly Way[] => ['CLEANUP_DELETE', () => done(vm)];

const FAILURES = [
  ...['BOOT_FAILURE', 'BOOT_MIGRATE_FAILURE', 'PROLOG_MIGRATE_FAILURE', 'PROLOG_FAILURE', 'EPILOG_FAILURE'],
  ...[
    'EPILOG_STOP_FAILURE',
    'EPILOG_UNDEPLOY_FAILURE',
    'PROLOG_MIGRATE_POWEROFF_FAILURE',
    'PROLOG_MIGRATE_SUSPEND_FAILURE',
  ],
  ...['BOOT_UNDEPLOY_FAILURE', 'BOOT_STOPPED_FAILURE', 'PROLOG_RESUME_FAILURE', 'PROLOG_UNDEPLOY_FAILURE'],
  'PROLOG_MIGRATE_UNKNOWN_FAILURE',
];

const terminated = {
  ...{ RUNNING: shutDown, UNKNOWN: shutDown, PENDING: discarded, HOLD: discarded, CLONING: discarded },
  ...{
    CLONING_FAILURE: discarded,
    STOPPED: cleanedUp,
    SUSPENDED: cleanedUp,
    POWEROFF: cleanedUp,
    UNDEPLOYED: cleanedUp,
  },
  ...Object.fromEntries(FAILURES.map((failure) => [failure, deleted])),
  DONE: () => [],
};

const nothing = (): readonly Way[] => [];

/** The action names of 6.0 and later, which no longer include `shutdown`, `boot`, `delete` and `cancel`. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  terminate: { from: terminated, ends: 'terminate' },
  // Over a shutdown that takes too long, as often as one likes.
  'terminate-hard': { from: { ...terminated, SHUTDOWN: shutDown }, ends: 'terminate-hard' },
  poweroff: { from: { RUNNING: poweredOff, UNKNOWN: poweredOff }, ends: 'poweroff' },
  'poweroff-hard': {
    from: { RUNNING: poweredOff, UNKNOWN: poweredOff, SHUTDOWN_POWEROFF: poweredOff },
    ends: 'poweroff-hard',
  },
  undeploy: {
    from: { RUNNING: undeployed, UNKNOWN: undeployed, POWEROFF: (vm) => undeployed(vm).slice(2) },
    ends: 'undeploy',
  },
  'undeploy-hard': {
    from: { RUNNING: undeployed, UNKNOWN: undeployed, POWEROFF: (vm) => undeployed(vm).slice(2) },
    ends: 'undeploy-hard',
  },
  stop: { from: { RUNNING: stopped, SUSPENDED: (vm) => stopped(vm).slice(2) }, ends: 'stop' },
  suspend: {
    from: { RUNNING: (vm) => ['SAVE_SUSPEND', unless(vm, 'save', 'RUNNING', false), 'SUSPENDED'] },
    ends: 'suspend',
  },
  resume: {
    from: {
      ...{ POWEROFF: resumed('BOOT_POWEROFF'), SUSPENDED: resumed('BOOT_SUSPENDED'), UNKNOWN: resumed('BOOT_UNKNOWN') },
      ...{ STOPPED: redeployed('STOPPED'), UNDEPLOYED: redeployed('UNDEPLOYED') },
    },
  },
  reboot: { from: { RUNNING: nothing } },
  'reboot-hard': { from: { RUNNING: nothing } },
  hold: { from: { PENDING: () => ['HOLD'] } },
  release: { from: { HOLD: (vm) => ['PENDING', () => deploy(vm)] } },
  resched: { from: { RUNNING: (vm) => [() => rescheduled(vm, 1)] } },
  unresched: { from: { RUNNING: (vm) => [() => rescheduled(vm, 0)] } },
};

const rescheduled = (vm: Vm, flag: number): void => {
  vm.rescheduled = flag;
  vm.touch();
};

/** Accepts or refuses; what follows happens step by step. @throws {Refusal} 2048 naming the state */
export const act = (vm: Vm, who: Caller, name: string): void => {
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!action) throw new Refusal(CODE.action, `Action "${name}" is not supported`);
  const state = vm.stateName;
  const way = Object.hasOwn(action.from, state) ? action.from[state] : undefined;
  if (!way) {
    const wrong = name.startsWith('terminate')
      ? `Could not terminate VM ${vm.id}, wrong state ${state}.`
      : `This action is not available for state ${state}`;
    const sentence = `Error performing action "${name}": ${wrong}`;
    throw new Refusal(CODE.action, sentence);
  }
  if (state === 'DONE') return;
  if (['PENDING', 'CLONING', 'SHUTDOWN', 'SHUTDOWN_POWEROFF'].includes(state)) vm.site.steps.stop(vm);
  const ways = way(vm);
  if (action.ends && vm.history.length > 0 && vm.state === 3) vm.leave(action.ends, who, false);
  walk(vm, ways);
};
