import { checkQuota } from '../quotas.ts';
import { bad } from '../refusals.ts';
import type { Flavor } from '../state.ts';
import { type Acting, type Action, walk } from './action.ts';
import { leaveHost, reachHost } from './move-volumes.ts';

function flavorOf({ state, value }: Acting): Flavor {
  const ref = (value as { flavorRef?: string } | null)?.flavorRef ?? '';
  const found = state.flavors.get(ref);
  if (!found) throw bad(`Flavor ${ref} could not be found.`);
  return found;
}

/** The new flavor is shown from VERIFY_RESIZE on. */
export const resize: Action['run'] = (acting) => {
  const { state, server } = acting;
  const flavor = flavorOf(acting);
  const before = server.flavor;
  if (flavor.id === before.id) throw bad('When resizing, instances must change flavor!');
  checkQuota(state, server.projectId, {
    cores: Math.max(flavor.vcpus - before.vcpus, 0),
    ram: Math.max(flavor.ramMib - before.ramMib, 0),
    instances: 0,
  });
  const { vm } = server;
  const { site } = state;
  const change = (): void => {
    server.otherFlavor = before;
    server.flavor = flavor;
    server.launched = site.now();
    leaveHost(state, server);
    reachHost(state, server);
  };
  const failure = site.fails('resize') ?? (flavor.vcpus > state.host.vcpus ? 'No valid host was found. ' : undefined);
  if (failure !== undefined) {
    // Nova leaves the server as it was, with a fault that only the list of actions shows.
    walk(acting, ['resize_prep'], { vm });
    return undefined;
  }
  server.wasStopped = vm === 'stopped';
  const tasks = ['resize_prep', 'resize_migrating', 'resize_migrated', 'resize_finish'];
  walk(acting, tasks, { vm: 'resized', before: change });
  return undefined;
};

const stateAfter = ({ server }: Acting) =>
  server.wasStopped ? ({ vm: 'stopped', power: 4 } as const) : ({ vm: 'active', power: 1 } as const);

/** Shows VERIFY_RESIZE without a task until it is done. */
export const confirmResize: Action['run'] = (acting) => {
  const { state, server } = acting;
  const { site } = state;
  const done = stateAfter(acting);
  const confirmed = (): void => {
    server.otherFlavor = undefined;
    server.goTo(site.now(), done.vm, null, done.power);
  };
  site.steps.start(server, [() => undefined, confirmed]);
  return { status: 204 };
};

export const revertResize: Action['run'] = (acting) => {
  const { state, server } = acting;
  const before = (): void => {
    leaveHost(state, server);
    reachHost(state, server);
    server.flavor = server.otherFlavor ?? server.flavor;
    server.otherFlavor = undefined;
  };
  walk(acting, ['resize_reverting'], { ...stateAfter(acting), before });
  return undefined;
};
