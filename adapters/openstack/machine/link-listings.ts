/** Listings of links: those of each machine of a page. */
import type { KindAdapter, Native } from '../../../lib/adapter/contract.ts';
import type { LinkTerm } from '../../../lib/occi/kinds/index.ts';
import type { Cloud } from '../cloud.ts';
import { type Part, readMachines } from './listing.ts';
import type { Machine } from './machine.ts';

/**
 * The calls of a listing of machines; what only other kinds of links need is left out while its service is down. Short
 * listings of Nova have nothing of which a link is made.
 */
export function linkListings<K extends LinkTerm>(
  cloud: Cloud,
  needed: Part,
  toLinks: (machine: Machine) => readonly Native<K>[],
): Pick<KindAdapter<K>, 'ids' | 'list'> {
  const list: KindAdapter<K>['list'] = async (query) => {
    const page = await readMachines(cloud, query, [needed]);
    return { ...page, items: page.items.flatMap(toLinks) };
  };
  return {
    list,
    async ids(query) {
      const page = await list(query);
      return { ...page, items: page.items.map(({ id }) => id) };
    },
  };
}
