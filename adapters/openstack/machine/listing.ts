/** Listings of machines: a page of servers, joined with what the other services list of the whole project. */
import type { NativeId, Page, PageQuery } from '../../../lib/adapter/contract.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import { Refusal } from '../api/refusal.ts';
import { linksNext } from '../catalogue/pages.ts';
import type { Cloud } from '../cloud.ts';
import type { Port } from '../native/port.ts';
import { type Server, serverIdsAnswer, serversAnswer } from '../native/server.ts';
import { isDeleted } from '../states.ts';
import { ownPorts } from './labels.ts';
import { hasFloating, type Machine, SERVER_MICROVERSION } from './machine.ts';
import { wholeOf } from './whole-project.ts';

/**
 * Servers as machines: 1 call for all ports of the project, and 1 each for floating addresses and for volumes where one of
 * these has some, once per request.
 */
export async function machinesOf(cloud: Cloud, servers: readonly Server[]): Promise<readonly Machine[]> {
  const whole = wholeOf(cloud);
  const none = new Map<string, never>();
  const hasVolumes = servers.some((server) => server['os-extended-volumes:volumes_attached'].length > 0);
  const isBuilding = servers.some((server) => server.status === 'BUILD' && ownPorts(server).length > 0);
  const [ports, byId, floating, attachments] = await Promise.all([
    servers.length > 0 ? whole.ports() : none,
    isBuilding ? whole.portsById() : none,
    servers.some(hasFloating) || isBuilding ? whole.floating() : none,
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

const pageOf = <T extends { readonly id: string }>(items: readonly T[], hasNext: boolean) => {
  const last = items.at(-1);
  return hasNext && last ? { next: last.id } : {};
};

/**
 * Reads a page behind a cursor. Nova goes on behind a server that is deleted meanwhile; if an administrator has removed its
 * rows as well, the listing is read from its start again, since a server twice is better than one left out.
 */
async function afterCursor<T>(
  cursor: string | undefined,
  read: (marker: string | undefined) => Promise<T>,
): Promise<T> {
  try {
    return await read(cursor);
  } catch (error) {
    if (cursor === undefined || !(error instanceof Refusal && error.status === 400)) throw error;
    return await read(undefined);
  }
}

/**
 * A page of servers, the newest first: 1 call. Nova lists those that wait for a host before all others, in any order; so
 * this is the only one in which they keep their place.
 */
export const readServers = (
  { client, settings }: Cloud,
  { cursor, tags }: PageQuery & { readonly tags?: string },
): Promise<Page<Server>> =>
  translateErrors('compute', async () => {
    const { servers, servers_links } = await afterCursor(cursor, (marker) =>
      client.read('compute', path`servers/detail`, serversAnswer, {
        query: { limit: settings.page, marker, tags },
        microversion: SERVER_MICROVERSION,
      }),
    );
    return { items: servers.filter((server) => !isDeleted(server)), ...pageOf(servers, linksNext(servers_links)) };
  });

/** A page of machines: the calls of `readServers` and `machinesOf`. */
export async function readMachines(cloud: Cloud, query: PageQuery): Promise<Page<Machine>> {
  const { items, ...rest } = await readServers(cloud, query);
  return { ...rest, items: await machinesOf(cloud, items) };
}

/** A page of the short listing, in the order of the other: 1 call. */
export const readServerIds = ({ client, settings }: Cloud, { cursor }: PageQuery): Promise<Page<NativeId>> =>
  translateErrors('compute', async () => {
    const { servers, servers_links } = await afterCursor(cursor, (marker) =>
      client.read('compute', path`servers`, serverIdsAnswer, { query: { limit: settings.page, marker } }),
    );
    return { items: servers.map(({ id }) => id), ...pageOf(servers, linksNext(servers_links)) };
  });
