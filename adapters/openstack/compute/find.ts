/** Finds what a create has made whose answer was lost. */
import type { Page } from '../../../lib/adapter/contract.ts';
import type { Cloud } from '../cloud.ts';
import { KEY } from '../machine/labels.ts';
import { readServers, readTagged } from '../machine/server-pages.ts';
import { markOf } from '../mark.ts';
import type { Server } from '../native/server.ts';

/** The server that an earlier create with this token made: 1 call, or below 2.52 1 for each page of all servers. */
export async function findServer(cloud: Cloud, token: string): Promise<Server | undefined> {
  const mark = markOf(token);
  if (await cloud.client.knows('compute', '2.52')) {
    return (await readTagged(cloud, mark)).find(({ tags = [] }) => tags.includes(mark));
  }
  let cursor: string | undefined;
  do {
    const page: Page<Server> = await readServers(cloud, cursor === undefined ? {} : { cursor });
    const found = page.items.find(({ metadata }) => metadata[KEY.token] === mark);
    if (found) return found;
    cursor = page.next;
  } while (cursor !== undefined);
  return undefined;
}
