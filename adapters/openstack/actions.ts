/** OCCI's actions on a compute as Nova's (`POST /servers/{id}/action`, accepted with 202). */
import type { KindOf } from '../../lib/occi/kinds/index.ts';
import type { ActionTermOf } from '../../lib/occi/types.ts';
import type { OpenStackSettings } from './config.ts';
import type { Server } from './native/server.ts';

/** `save` makes an image (`compute/save.ts`). */
export type ComputeAction = Exclude<ActionTermOf<KindOf<'compute'>>, 'save'>;

/** The body of an action. */
type Body = Readonly<Record<string, object | null>>;

/** How a server starts out of each state that is `inactive` or `suspended`. */
const STARTS: Readonly<Record<string, Body>> = {
  stopped: { 'os-start': null },
  suspended: { resume: null },
  paused: { unpause: null },
  shelved: { unshelve: null },
  shelved_offloaded: { unshelve: null },
  rescued: { unrescue: null },
};
const START_BY_STATUS: Readonly<Record<string, string>> = {
  SHUTOFF: 'stopped',
  SUSPENDED: 'suspended',
  PAUSED: 'paused',
  SHELVED: 'shelved',
  SHELVED_OFFLOADED: 'shelved_offloaded',
  RESCUE: 'rescued',
};

/** Nova asks the guest to shut down, and powers it off if it does not within a time of the image's or the provider's. */
const STOP: Body = { 'os-stop': null };
const SOFT: Body = { reboot: { type: 'SOFT' } };
const HARD: Body = { reboot: { type: 'HARD' } };

/** Bodies by method; `default` is that of a request without one. */
const METHODS: Readonly<Record<'stop' | 'restart', Readonly<Record<string, Body>> & { readonly default: Body }>> = {
  // Nova has one way to stop, and it ends with the power off.
  stop: { default: STOP, graceful: STOP, acpioff: STOP, poweroff: STOP },
  restart: { default: SOFT, graceful: SOFT, warm: SOFT, cold: HARD },
};

/** The body of an action with its method, which the kind's table has checked. */
export function nativeAction(
  { hibernate }: Pick<OpenStackSettings, 'hibernate'>,
  { status, 'OS-EXT-STS:vm_state': vm }: Server,
  action: ComputeAction,
  method?: unknown,
): Body {
  switch (action) {
    case 'start':
      return STARTS[vm || (START_BY_STATUS[status] ?? '')] ?? STARTS.stopped!;
    case 'suspend':
      return method === 'hibernate' && hibernate === 'shelve' ? { shelve: null } : { suspend: null };
    default:
      return METHODS[action][typeof method === 'string' ? method : 'default'] ?? METHODS[action].default;
  }
}
