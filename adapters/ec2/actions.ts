/** Maps the OCCI actions of a compute to EC2 calls. Success means that EC2 has accepted the call. */
import type { KindOf } from '../../lib/occi/kinds/index.ts';
import type { ActionTermOf } from '../../lib/occi/types.ts';
import type { Ec2Settings } from './config.ts';

/** `save` creates an image, see `compute/save.ts`. */
type ComputeAction = Exclude<ActionTermOf<KindOf<'compute'>>, 'save'>;

/** A call that takes the id of the instance, and its further input. */
interface NativeAction {
  readonly call: 'StartInstances' | 'StopInstances' | 'RebootInstances';
  readonly input?: { readonly Force?: true; readonly Hibernate?: true };
}

const START = { call: 'StartInstances' } as const;
/** Asks the guest to shut down, and powers it off if it does not. */
const STOP = { call: 'StopInstances' } as const;
/** Powers off without asking the guest. */
const POWER_OFF = { call: 'StopInstances', input: { Force: true } } as const;
/** Hibernates: writes the memory to the root volume. EC2 cannot just pause, so both OCCI methods map to this. */
const HIBERNATE = { call: 'StopInstances', input: { Hibernate: true } } as const;
/**
 * Asks the guest to restart, and resets it if it does not within a few minutes. EC2 has no other restart: a cold one
 * would be a stop and a start, with a wait between them and possibly another host afterwards.
 */
const REBOOT = { call: 'RebootInstances' } as const;

type Methods = { readonly default: NativeAction } & Readonly<Record<string, NativeAction>>;

/** The call of each action and method. `default`, for a request without a method, is the graceful one. */
export const COMPUTE_ACTIONS = {
  start: { default: START },
  stop: { default: STOP, graceful: STOP, acpioff: STOP, poweroff: POWER_OFF },
  restart: { default: REBOOT, graceful: REBOOT, warm: REBOOT, cold: REBOOT },
  suspend: { default: HIBERNATE, hibernate: HIBERNATE, suspend: HIBERNATE },
} as const satisfies Record<ComputeAction, Methods>;

const NO_HIBERNATION =
  'Computes cannot be suspended here: the provider does not launch them for hibernation. Stop the compute instead.';

/** The actions of a compute that this cloud can never carry out. */
export const cannotAct = ({ hibernation }: Pick<Ec2Settings, 'hibernation'>): { readonly suspend?: string } =>
  hibernation ? {} : { suspend: NO_HIBERNATION };

/** The call for an action and its method. `lib` has already validated both against the kind. */
export function nativeAction(action: ComputeAction, method?: unknown): NativeAction {
  const methods: Methods = COMPUTE_ACTIONS[action];
  return (typeof method === 'string' && Object.hasOwn(methods, method) && methods[method]) || methods.default;
}

/**
 * True if a save must not restart the guest (`NoReboot`): for `hot`, and without a method, because users do not expect
 * a restart. The copy is then crash-consistent. For `deferred` EC2 restarts the guest, which makes the copy consistent.
 * A stopped instance is copied as it is.
 */
export const savesRunning = (method: unknown): boolean => method !== 'deferred';
