/** Listings of machines: a page of servers, joined with what the other services list of the whole project. */
import type { Page, PageQuery } from '../../../lib/adapter/contract.ts';
import type { Cloud } from '../cloud.ts';
import type { Port } from '../native/port.ts';
import type { Server } from '../native/server.ts';
import { ownPorts } from './labels.ts';
import type { Machine } from './machine.ts';
import { readServers } from './server-pages.ts';
import { wholeOf } from './whole-project.ts';

/**
 * Servers as machines: 1 call each for the ports, the floating addresses and the volumes of the project, with the first
 * page of a listing. Asked whether or not the servers show some: what is kept of them may be of an earlier time.
 */
async function machinesOf(cloud: Cloud, servers: readonly Server[], isFirstPage: boolean): Promise<readonly Machine[]> {
  const whole = wholeOf(cloud, isFirstPage);
  const [ports, byId, floating, attachments] = await Promise.all([
    whole.ports(),
    whole.portsById(),
    whole.floating(),
    whole.attachments(),
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
  const { items, ...rest } = await readServers(cloud, query);
  return { ...rest, items: await machinesOf(cloud, items, query.cursor === undefined) };
}
