import type { ServiceAnswer, TokenOwner } from '../service.ts';
import { find } from './find.ts';
import { record } from './history.ts';
import { mustWrite, refused } from './refusals.ts';
import type { Server } from './server.ts';
import type { NovaState } from './state.ts';

/** Its ports and volumes: those that are its own go with it, the user's are free again. */
function release(state: NovaState, server: Server): void {
  const { ports, volumes } = state.site.between;
  for (const { portId, isOurs } of server.nics) {
    if (isOurs) ports.remove(portId);
    else if (ports.port(server.projectId, portId)?.deviceId === server.id) ports.unbind(portId);
  }
  for (const { volumeId, deleteOnTermination } of server.attachments) {
    volumes.detach(volumeId, server.id);
    if (deleteOnTermination) volumes.remove(volumeId);
  }
  server.attachments = [];
}

/** DELETE `/servers/{id}`, in any state; a second one is accepted too, until it is gone. */
export function removeServer(state: NovaState, owner: TokenOwner, id: string): ServiceAnswer {
  const server = find(state, owner, id, 'servers:delete');
  mustWrite(owner, 'os_compute_api:servers:delete');
  if (server.isLocked && !owner.roles.includes('admin')) throw refused(409, `Instance ${id} is locked`);
  if (server.task === 'deleting' || server.vm === 'deleted') return { status: 204 };
  const { site } = state;
  site.steps.stop(server);
  record(state, server, 'delete');
  if (server.isBuildRequest) {
    // Only the request is there, and no listing by changes-since ever names it.
    state.forget(server);
    return { status: 204 };
  }
  server.goTo(site.now(), server.vm, 'deleting');
  site.steps.start(server, [
    () => {
      release(state, server);
      server.terminated = site.now();
      server.goTo(site.now(), 'deleted', null, 0);
    },
    () => {
      server.isGone = true;
    },
  ]);
  return { status: 204 };
}
