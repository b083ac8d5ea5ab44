/** Listings of servers: pages of Nova, or what is kept of them with what has changed since. */
import type { NativeId, Page, PageQuery } from '../../../lib/adapter/contract.ts';
import type { CallOptions } from '../api/call.ts';
import { translateErrors } from '../api/errors.ts';
import { isUnknownMarker } from '../api/pages.ts';
import { path } from '../api/path.ts';
import { linksNext } from '../catalogue/pages.ts';
import type { Cloud } from '../cloud.ts';
import { viewOf } from '../identity/session.ts';
import { type Server, serverIdsAnswer, serversAnswer } from '../native/server.ts';
import { isDeleted } from '../states.ts';
import { type Kept, keptOf, sinceOf, withChanges } from './kept-servers.ts';
import { SERVER_MICROVERSION } from './machine.ts';

interface ServerPage {
  /** As Nova lists them, those that are deleted included. */
  readonly servers: readonly Server[];
  readonly next?: string;
  /** Nova's clock, in milliseconds since the epoch. */
  readonly date?: number;
}

/** The cursor of the next page, if there is one. */
const nextIn = (answer: { servers: readonly { id: string }[]; servers_links: readonly { rel: string }[] }) => {
  const last = answer.servers.at(-1);
  return linksNext(answer.servers_links) && last ? { next: last.id } : {};
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
    if (cursor === undefined || !isUnknownMarker(error)) throw error;
    return await read(undefined);
  }
}

type Query = NonNullable<CallOptions['query']>;

/** One page of the long listing: 1 call. */
const readPage = ({ client }: Cloud, cursor: string | undefined, query: Query): Promise<ServerPage> =>
  translateErrors('compute', async () => {
    const { value, headers } = await afterCursor(cursor, (marker) =>
      client.call('compute', 'GET', path`servers/detail`, serversAnswer, {
        query: { ...query, marker },
        microversion: SERVER_MICROVERSION,
      }),
    );
    const date = Date.parse(headers.date ?? '');
    return { servers: value.servers, ...nextIn(value), ...(Number.isFinite(date) && { date }) };
  });

/** All pages of a listing that is short as a rule, with Nova's time of the first. */
async function readPages(cloud: Cloud, query: Query): Promise<ServerPage> {
  const limited = { ...query, limit: cloud.settings.page };
  const first = await readPage(cloud, undefined, limited);
  const servers = [...first.servers];
  for (let { next } = first; next !== undefined; ) {
    const page = await readPage(cloud, next, limited);
    servers.push(...page.servers);
    next = page.next;
  }
  return { servers, ...(first.date !== undefined && { date: first.date }) };
}

/** Servers with a tag: 1 call. Nova finds them from the create on. */
export const readTagged = async (cloud: Cloud, tags: string): Promise<readonly Server[]> =>
  (await readPage(cloud, undefined, { tags })).servers.filter((server) => !isDeleted(server));

/** A page of the short listing, in the order of the other: 1 call. */
export const readServerIds = ({ client, settings }: Cloud, { cursor }: PageQuery): Promise<Page<NativeId>> =>
  translateErrors('compute', async () => {
    const answer = await afterCursor(cursor, (marker) =>
      client.read('compute', path`servers`, serverIdsAnswer, { query: { limit: settings.page, marker } }),
    );
    return { items: answer.servers.map(({ id }) => id), ...nextIn(answer) };
  });

/** What is kept, brought up to date: 2 calls, one after the other, so that what is built in between is in the second. */
async function broughtUpToDate(cloud: Cloud, kept: Kept): Promise<Kept> {
  const { servers: building } = await readPages(cloud, { status: 'BUILD' });
  const { servers: changed, date = kept.asOf } = await readPages(cloud, { 'changes-since': sinceOf(kept) });
  return keptOf(withChanges(kept, building, changed), date);
}

/**
 * A page of servers, the newest first: 1 call. Nova lists those that wait for a host before all others, in any order.
 * Where the process has listed them before, the first page is all of them, by 2 calls for what has changed.
 */
export async function readServers(cloud: Cloud, { cursor }: PageQuery): Promise<Page<Server>> {
  const { listings } = cloud;
  const session = await cloud.session();
  // Policies may show less to other users, and to tokens of the same user with other roles.
  const view = `${session.userId} ${viewOf(session)}`;
  const kept = cursor === undefined ? listings.whole(view) : undefined;
  if (kept) {
    const now = await broughtUpToDate(cloud, kept);
    listings.keep(view, now);
    return { items: [...now.servers.values()] };
  }
  const { servers, next, date } = await readPage(cloud, cursor, { limit: cloud.settings.page });
  const items = servers.filter((server) => !isDeleted(server));
  const isFirst = cursor === undefined && date !== undefined;
  const reading = isFirst ? { servers: new Map(), asOf: date } : listings.takeBegun(view, cursor);
  if (reading) {
    for (const server of items) reading.servers.set(server.id, server);
    if (next === undefined) listings.keep(view, keptOf(reading.servers, reading.asOf));
    else listings.begin(view, next, reading);
  }
  return { items, ...(next !== undefined && { next }) };
}
