/** Listings of machines: a page of servers, joined with what the other services list of the whole project. */
import type { Page, PageQuery } from '../../../lib/adapter/contract.ts';
import { ifUp } from '../api/if-up.ts';
import type { Cloud } from '../cloud.ts';
import type { Port } from '../native/port.ts';
import type { Server } from '../native/server.ts';
import { attachmentsIn } from './attachments.ts';
import { ownPorts } from './labels.ts';
import { type Machine, missing } from './machine.ts';
import { readingFor } from './reading.ts';
import type { Whole } from './whole-project.ts';

/** What a listing may be without while its service is down. */
export type Part = 'network' | 'volume';

/** What a service lists, or undefined where it is down and its part is not needed. */
const read = <T>(part: Part, needed: readonly Part[], answer: Promise<T>): Promise<T | undefined> =>
  needed.includes(part) ? answer : ifUp(answer, undefined);

/**
 * Servers as machines: 1 call each for the ports, the floating addresses and the volumes of the project, with the first
 * page of a listing. Asked whether or not the servers show some: what is kept of them may be of an earlier time.
 */
async function machinesOf(
  whole: Whole,
  servers: readonly Server[],
  needed: readonly Part[],
): Promise<readonly Machine[]> {
  const [network, attachments] = await Promise.all([
    read('network', needed, Promise.all([whole.ports(), whole.portsById(), whole.floating()])),
    read('volume', needed, whole.attachments()),
  ]);
  const [ports, byId, floating] = network ?? [];
  return servers.map((server) => {
    const bound: readonly Port[] = ports?.get(server.id) ?? [];
    const unbound = server.status === 'BUILD' ? ownPorts(server).flatMap((id) => byId?.get(id) ?? []) : [];
    const own = [...bound, ...unbound.filter(({ id }) => !bound.some((one) => one.id === id))];
    return {
      server,
      ports: own,
      floatingIps: own.flatMap(({ id }) => floating?.get(id) ?? []),
      attachments: attachments ? attachmentsIn(attachments, server) : [],
      ...missing({ network, volume: attachments }),
    };
  });
}

/**
 * A page of machines: the calls of `readServers` and `machinesOf`, once for all kinds that a request lists at the same time.
 * While a service is down whose part is not `needed`, machines are without it, and say so.
 */
export async function readMachines(
  cloud: Cloud,
  query: PageQuery,
  needed: readonly Part[] = [],
): Promise<Page<Machine>> {
  const { whole, servers } = readingFor(cloud, query);
  const { items, ...rest } = await servers;
  return { ...rest, items: await machinesOf(whole, items, needed) };
}
