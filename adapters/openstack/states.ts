/** Native states as OCCI's, from total tables of what the services document. */
import { type OnUnknownState, type Shown, unknownState } from '../../lib/adapter/states.ts';
import { clientText } from './api/client-text.ts';
import type { Server } from './native/server.ts';
import { type ComputeState, powerRemark, type Row, STATUSES, TASK_STATES, VM_STATES } from './server-states.ts';

type ServerState = Pick<Server, 'status' | 'fault'> &
  Partial<Pick<Server, 'OS-EXT-STS:vm_state' | 'OS-EXT-STS:task_state' | 'OS-EXT-STS:power_state'>>;

const rowIn = <R>(rows: Readonly<Record<string, R>>, name: string): R | undefined =>
  Object.hasOwn(rows, name) ? rows[name] : undefined;

/** True for a server that is deleted, which Nova still shows for a moment, or keeps until it is reclaimed. */
export const isDeleted = ({ status }: Pick<Server, 'status'>): boolean =>
  status === 'DELETED' || status === 'SOFT_DELETED';

const failureOf = ({ fault }: ServerState): string => {
  const said = fault ? clientText(fault.message) : '';
  return said === '' ? 'The cloud does not say what went wrong.' : said;
};

/**
 * State of a server: a task under way counts before the state that it started in; an error comes with the text of its
 * fault, which Nova shows without the details that only administrators see.
 */
export function computeState(server: ServerState, onUnknown?: OnUnknownState): Shown<ComputeState> {
  const { status, 'OS-EXT-STS:vm_state': vm, 'OS-EXT-STS:task_state': task } = server;
  if (task) {
    const message = rowIn<string>(TASK_STATES, task);
    return message === undefined ? unknownState(`task_state ${task}`, onUnknown) : { state: 'waiting', message };
  }
  const row = vm ? rowIn<Row>(VM_STATES, vm) : rowIn<Row>(STATUSES, status);
  if (!row) return unknownState(vm ? `vm_state ${vm}` : `status ${status}`, onUnknown);
  const [state, says] = row;
  const message =
    state === 'error' ? failureOf(server) : state === 'active' ? powerRemark(server['OS-EXT-STS:power_state']) : says;
  return message === undefined ? { state } : { state, message };
}
