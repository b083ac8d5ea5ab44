import type { ServiceAnswer, TokenOwner } from '../../service.ts';
import type { Allowed } from '../find.ts';
import type { Microversion } from '../microversion.ts';
import type { Server, VmState } from '../server.ts';
import type { NovaState } from '../state.ts';

/** What an action is done with. */
export interface Acting {
  readonly state: NovaState;
  readonly server: Server;
  readonly owner: TokenOwner;
  readonly version: Microversion;
  /** `http://127.0.0.1:<port>` of Nova. */
  readonly origin: string;
  /** The value of the action in the request. */
  readonly value: unknown;
}

export interface Action extends Allowed {
  /** Without `os_compute_api:`. */
  readonly policy: string;
  /** As `os-instance-actions` names it; the name of the action, if nothing is said. */
  readonly recorded?: string;
  /** The microversion from which it is gone. */
  readonly until?: string;
  readonly isForAdmins?: boolean;
  /** Throws for a value that cannot be; may say more about the states that are allowed. */
  readonly run: (acting: Acting) => ServiceAnswer | undefined;
}

export const ACCEPTED: ServiceAnswer = { status: 202 };

/** Walks through tasks, one a step, and then into a state. */
export function walk(
  { state, server }: Pick<Acting, 'state' | 'server'>,
  tasks: readonly string[],
  end: { readonly vm: VmState; readonly power?: number; readonly before?: () => void },
): void {
  const { site } = state;
  const [first, ...others] = tasks;
  server.goTo(site.now(), server.vm, first);
  const steps = others.map((task) => () => server.goTo(site.now(), server.vm, task));
  const last = (): void => {
    end.before?.();
    server.goTo(site.now(), end.vm, null, end.power);
  };
  site.steps.start(server, [...steps, last]);
}

/** An action that only walks. */
export const walking =
  (tasks: readonly string[], vm: VmState, power?: number): Action['run'] =>
  (acting) => {
    walk(acting, tasks, power === undefined ? { vm } : { vm, power });
    return undefined;
  };
