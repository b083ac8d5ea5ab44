/** Native states as OCCI's. Each cloud has total tables of the states it documents; a cloud may be newer than they are. */
import { logger } from '../log.ts';
import type { KindOf, LinkTerm } from '../occi/kinds/index.ts';
import type { StateOf } from '../occi/types.ts';

/** A state as the client sees it, and the reason for it where there is one to tell. */
export interface Shown<State extends string> {
  readonly state: State;
  readonly message?: string;
}

/** A link works while its compute does (INF-13). */
export const LINK_STATE = {
  active: 'active',
  waiting: 'inactive',
  inactive: 'inactive',
  suspended: 'inactive',
  error: 'inactive',
} as const satisfies Record<StateOf<KindOf<'compute'>>, StateOf<KindOf<LinkTerm>>>;

/** Called for a native state that no table has, by the cloud's name of it. */
export type OnUnknownState = (native: string) => void;

/** Names of states are the cloud's; they are cut to this length, and so many are logged by a process. */
const MAX_NAME_CHARS = 64;
const MAX_LOGGED = 100;
const logged = new Set<string>();

/** One line in the log for each unknown state and process. */
const logOnce: OnUnknownState = (native) => {
  if (logged.has(native) || logged.size >= MAX_LOGGED) return;
  logged.add(native);
  logger.warn('The cloud has a state that its table does not have; it is shown as waiting', { state: native });
};

/** `waiting`, with a message that names the native state: for one that the cloud's table does not have. */
export function unknownState(native: string, onUnknown: OnUnknownState = logOnce): Shown<'waiting'> {
  const name = native.slice(0, MAX_NAME_CHARS);
  onUnknown(name);
  return { state: 'waiting', message: `The cloud calls this state ${name}.` };
}

/** The state of a row of the table, or an unknown one. */
export function stateIn<State extends string>(
  table: Readonly<Record<string, State>>,
  native: string,
  onUnknown?: OnUnknownState,
): Shown<State | 'waiting'> {
  const state = Object.hasOwn(table, native) ? table[native] : undefined;
  return state === undefined ? unknownState(native, onUnknown) : { state };
}
