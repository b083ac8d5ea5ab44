/** OCCI's actions as OpenNebula's (`one.vm.action name id`; success means accepted). */
import type { KindOf } from '../../lib/occi/kinds/index.ts';
import type { ActionTermOf } from '../../lib/occi/types.ts';
import { OneRefusal } from './api/xml-rpc.ts';

type ComputeAction = Exclude<ActionTermOf<KindOf<'compute'>>, 'save'>;

/** Names of `one.vm.action` that we send. */
type NativeAction =
  | 'resume'
  | 'poweroff'
  | 'poweroff-hard'
  | 'reboot'
  | 'reboot-hard'
  | 'suspend'
  | 'terminate-hard'
  | 'shutdown-hard'
  | 'delete';

/**
 * The native action of each action and method; `default` is that of a request without method, the gentle one.
 *
 * Both methods of suspend are `suspend`: it writes the memory to the disk of the host and ends the guest's process,
 * which is what OCCI calls hibernate, and there is nothing that only pauses. OpenNebula's `stop` moves the memory to
 * the datastore and gives the host's room away as well; a resume goes through the scheduler then and may find no host.
 */
export const COMPUTE_ACTIONS = {
  start: { default: 'resume' },
  stop: { default: 'poweroff', graceful: 'poweroff', acpioff: 'poweroff', poweroff: 'poweroff-hard' },
  restart: { default: 'reboot', graceful: 'reboot', warm: 'reboot', cold: 'reboot-hard' },
  suspend: { default: 'suspend', hibernate: 'suspend', suspend: 'suspend' },
} as const satisfies Record<ComputeAction, { readonly default: NativeAction } & Readonly<Record<string, NativeAction>>>;

/** The native action for an action and its method, which the kind's table has checked. */
export function nativeAction(action: ComputeAction, method?: unknown): NativeAction {
  const methods: { readonly default: NativeAction } & Readonly<Record<string, NativeAction>> = COMPUTE_ACTIONS[action];
  return (
    (typeof method === 'string' && Object.hasOwn(methods, method) ? methods[method] : undefined) ?? methods.default
  );
}

/** First parameter of `one.image.enable`. */
export const IMAGE_ENABLE = { online: true, offline: false } as const;

/**
 * How a machine is deleted: the names to try in this order, each only when the one before is unknown
 * (`isUnknownAction`). `terminate-hard` came with 5.0; before, `shutdown-hard` was for what runs and `delete` for the
 * rest (from the sources; 6.10 has neither). Without a version the new name comes first.
 */
export function deleteActions(version: string | undefined, running: boolean): readonly NativeAction[] {
  const older: NativeAction = running ? 'shutdown-hard' : 'delete';
  const major = Number(/^(\d+)\./.exec(version ?? '')?.[1] ?? Number.NaN);
  return major < 5 ? [older] : major >= 6 ? ['terminate-hard'] : ['terminate-hard', older];
}

/** True when oned does not know the name of an action. */
export const isUnknownAction = (error: unknown): boolean =>
  error instanceof OneRefusal &&
  error.code === 2048 &&
  /^(?:\[[\w.]+\] )?Action ".*" is not supported/.test(error.sentence);
