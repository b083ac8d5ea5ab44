/**
 * One reading of a project's machines for all kinds that a request lists at the same time: links are parts of machines, so each of
 * their kinds would read all of them again.
 */
import type { Page, PageQuery } from '../../../lib/adapter/contract.ts';
import type { Cloud } from '../cloud.ts';
import type { Server } from '../native/server.ts';
import { readServers } from './server-pages.ts';
import { Whole } from './whole-project.ts';

type Cursor = PageQuery['cursor'];

interface Reading {
  readonly whole: Whole;
  /** The pages of late, by their cursors, the oldest first. */
  readonly pages: Map<Cursor, Promise<Page<Server>>>;
  /** True until the first page is there: whoever asks for it later wants to know what is there by then. */
  isBeginning: boolean;
}

const READINGS = new WeakMap<Cloud, Reading>();

/** The kinds go through the pages at their own pace, and a page that all of them have had is of no more use. */
const MOST_PAGES = 4;

function begin(cloud: Cloud): Reading {
  const reading: Reading = { whole: new Whole(cloud), pages: new Map(), isBeginning: true };
  READINGS.set(cloud, reading);
  return reading;
}

/** A page of servers: the calls of `readServers`, or none if another kind of the request has asked for the same page. */
export function readingFor(
  cloud: Cloud,
  query: PageQuery,
): { readonly whole: Whole; readonly servers: Promise<Page<Server>> } {
  const { cursor } = query;
  const present = READINGS.get(cloud);
  const reading = present && (cursor !== undefined || present.isBeginning) ? present : begin(cloud);
  const { whole, pages } = reading;
  const known = pages.get(cursor);
  if (known) return { whole, servers: known };
  const servers = readServers(cloud, query);
  pages.set(cursor, servers);
  if (pages.size > MOST_PAGES) pages.delete(pages.keys().next().value);
  const begun = () => {
    reading.isBeginning = false;
  };
  if (cursor === undefined) servers.then(begun, begun);
  return { whole, servers };
}
