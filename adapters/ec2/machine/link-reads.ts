/** Reads that all kinds of links share. A link is part of an instance, and is read from its description. */
import type { KindAdapter, Native, NativeId } from '../../../lib/adapter/contract.ts';
import type { LinkTerm } from '../../../lib/occi/kinds/index.ts';
import { type Cloud, noSuch } from '../cloud.ts';
import type { Instance } from '../native/index.ts';
import { type Elastic, elasticOf, readInstance, readInstances } from './reads.ts';

const NO_ADDRESSES: Elastic = new Map();

/** Links that never show an elastic address set `showsAddresses` to false and save the call. */
export function linkReads<K extends LinkTerm>(
  cloud: Cloud,
  kind: K,
  toLinks: (cloud: Cloud, instance: Instance, elastic: Elastic) => Native<K>[],
  showsAddresses = true,
) {
  const addressesOf = async (some: readonly Instance[]) => (showsAddresses ? elasticOf(cloud, some) : NO_ADDRESSES);

  /** All links of the kind: one call per page of instances, and one for elastic addresses if there are any. */
  const list: KindAdapter<K>['list'] = async () => {
    const all = await readInstances(cloud);
    const elastic = await addressesOf(all);
    return { items: all.flatMap((instance) => toLinks(cloud, instance, elastic)) };
  };

  /**
   * A link and its instance: 1 call, 2 with an elastic address. Its id begins with the instance's. Throws `notFound`.
   */
  const read = async (id: NativeId) => {
    const instance = await readInstance(cloud, id.split(':', 1)[0] ?? '', kind);
    const elastic = await addressesOf([instance]);
    const link = toLinks(cloud, instance, elastic).find((one) => one.id === id);
    if (!link) throw noSuch(kind);
    return { instance, link };
  };

  return {
    list,
    ids: async (query: Parameters<typeof list>[0]) => {
      const { items } = await list(query);
      return { items: items.map(({ id }) => id) };
    },
    get: async (id: NativeId) => (await read(id)).link,
    read,
  };
}
