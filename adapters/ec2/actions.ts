/** OCCI's actions on a compute as calls of EC2; success means accepted. */
import type { KindOf } from '../../lib/occi/kinds/index.ts';
import type { ActionTermOf } from '../../lib/occi/types.ts';

/** `save` makes an image: `compute/save.ts`. */
export type ComputeAction = Exclude<ActionTermOf<KindOf<'compute'>>, 'save'>;

/** A call that takes the id of the instance, and what it is told beside that. */
export interface NativeAction {
  readonly call: 'StartInstances' | 'StopInstances' | 'RebootInstances';
  readonly input?: { readonly Force?: true; readonly Hibernate?: true };
}

const START = { call: 'StartInstances' } as const;
/** The guest is asked to shut down, and is switched off when it does not. */
const STOP = { call: 'StopInstances' } as const;
/** The guest is not asked. */
const POWER_OFF = { call: 'StopInstances', input: { Force: true } } as const;
/** The memory goes to the root volume. EC2 has nothing that only pauses, so both methods of OCCI are this one. */
const HIBERNATE = { call: 'StopInstances', input: { Hibernate: true } } as const;
/**
 * The guest is asked to restart, and is reset when it does not within a few minutes. EC2 has no other restart: a cold
 * one would be a stop and a start, with a wait between them and perhaps another host after it.
 */
const REBOOT = { call: 'RebootInstances' } as const;

type Methods = { readonly default: NativeAction } & Readonly<Record<string, NativeAction>>;

/** The call of each action and method; `default` is that of a request without method, the gentle one. */
export const COMPUTE_ACTIONS = {
  start: { default: START },
  stop: { default: STOP, graceful: STOP, acpioff: STOP, poweroff: POWER_OFF },
  restart: { default: REBOOT, graceful: REBOOT, warm: REBOOT, cold: REBOOT },
  suspend: { default: HIBERNATE, hibernate: HIBERNATE, suspend: HIBERNATE },
} as const satisfies Record<ComputeAction, Methods>;

/** The call for an action and its method, which the kind's table has checked. */
export function nativeAction(action: ComputeAction, method?: unknown): NativeAction {
  const methods: Methods = COMPUTE_ACTIONS[action];
  return (typeof method === 'string' && Object.hasOwn(methods, method) && methods[method]) || methods.default;
}

/**
 * Whether a save leaves the guest alone (`NoReboot`). Without a method it does, as with `hot`: nobody who saves expects
 * a restart, and the copy is then as after a power failure. `deferred` asks for one that is whole: EC2 restarts the
 * guest to take it. A stopped machine is copied as it lies.
 */
export const savesRunning = (method: unknown): boolean => method !== 'deferred';
