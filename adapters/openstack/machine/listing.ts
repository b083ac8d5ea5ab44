/** Listings of machines: a page of servers, joined with what the other services list of the whole project. */
import type { Page, PageQuery } from '../../../lib/adapter/contract.ts';
import type { Cloud } from '../cloud.ts';
import type { Port } from '../native/port.ts';
import type { Server } from '../native/server.ts';
import { ownPorts } from './labels.ts';
import { hasFloating, type Machine } from './machine.ts';
import { readServers } from './server-pages.ts';
import { wholeOf } from './whole-project.ts';

/**
 * Servers as machines: 1 call for all ports of the project, and 1 each for floating addresses and for volumes where one of
 * these has some, once per request. What
 * is kept of servers does not tell whether they have any: then both are asked for.
 */
export async function machinesOf(
  cloud: Cloud,
  servers: readonly Server[],
  isKept = false,
): Promise<readonly Machine[]> {
  const whole = wholeOf(cloud);
  const none = new Map<string, never>();
  const hasVolumes = isKept || servers.some((server) => server['os-extended-volumes:volumes_attached'].length > 0);
  const isBuilding = servers.some((server) => server.status === 'BUILD' && ownPorts(server).length > 0);
  const [ports, byId, floating, attachments] = await Promise.all([
    servers.length > 0 ? whole.ports() : none,
    isBuilding ? whole.portsById() : none,
    isKept || servers.some(hasFloating) || isBuilding ? whole.floating() : none,
    hasVolumes ? whole.attachments() : none,
  ]);
  return servers.map((server) => {
    const bound: readonly Port[] = ports.get(server.id) ?? [];
    const unbound = server.status === 'BUILD' ? ownPorts(server).flatMap((id) => byId.get(id) ?? []) : [];
    const own = [...bound, ...unbound.filter(({ id }) => !bound.some((one) => one.id === id))];
    return {
      server,
      ports: own,
      floatingIps: own.flatMap(({ id }) => floating.get(id) ?? []),
      attachments: attachments.get(server.id) ?? [],
    };
  });
}

/** A page of machines: the calls of `readServers` and `machinesOf`. */
export async function readMachines(cloud: Cloud, query: PageQuery): Promise<Page<Machine>> {
  const { items, isKept = false, ...rest } = await readServers(cloud, query);
  return { ...rest, items: await machinesOf(cloud, items, isKept) };
}
