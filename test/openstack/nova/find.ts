import type { TokenOwner } from '../service.ts';
import { forbidden, instanceNotFound, refused } from './refusals.ts';
import type { Server, VmState } from './server.ts';
import type { NovaState } from './state.ts';

/**
 * The server that a caller may see. Throws 404 for what is another project's; where that is a request still, 403 by the
 * policy of what is asked.
 */
export function find(state: NovaState, owner: TokenOwner, id: string, policy = 'servers:show'): Server {
  const server = state.servers.get(id);
  if (!server || server.isGone) throw instanceNotFound(id);
  if (server.projectId === owner.projectId || owner.roles.includes('admin')) return server;
  throw server.isBuildRequest ? forbidden(`os_compute_api:${policy}`) : instanceNotFound(id);
}

/** As `find`, and beyond the time in which a server is only a request: for all that is done to one. */
export function findBuilt(state: NovaState, owner: TokenOwner, id: string): Server {
  if (state.servers.get(id)?.isBuildRequest) throw instanceNotFound(id);
  const server = find(state, owner, id);
  if (server.vm === 'deleted') throw instanceNotFound(id);
  return server;
}

const conflict = (message: string) => refused(409, message);

export interface Allowed {
  /** As sentences name the action: `stop`. */
  readonly name: string;
  /** Absent where any will do. */
  readonly vm?: readonly VmState[];
  /** Tasks that may be under way; none, if nothing is said, any if null. */
  readonly tasks?: readonly (string | null)[] | null;
  /** True for what only a server on a host can do. */
  readonly needsHost?: boolean;
}

/** Throws 409 unless the server is in a state that allows the action. */
export function checkState(server: Server, owner: TokenOwner, { name, vm, tasks = [null], needsHost }: Allowed): void {
  const { id } = server;
  if (server.isLocked && !owner.roles.includes('admin')) throw conflict(`Instance ${id} is locked`);
  if (needsHost && server.host === '') throw conflict(`Instance ${id} is not ready`);
  const cannot = (what: string): Error => conflict(`Cannot '${name}' instance ${id} while it is in ${what}`);
  if (vm && !vm.includes(server.vm)) throw cannot(`vm_state ${server.vm}`);
  if (tasks !== null && !tasks.includes(server.task)) throw cannot(`task_state ${server.task}`);
}
