/** What all kinds of links share: a link is part of its machine and is read with it. */
import type { KindAdapter, Native, NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import type { LinkTerm } from '../../../lib/occi/kinds/index.ts';
import { type Cloud, isOwn } from '../cloud.ts';
import type { Vm } from '../native/index.ts';
import { readVm, readVms } from './reads.ts';

/**
 * Reads of a kind of links, of which `toLinks` gives those of one machine. Their ids begin with the machine's:
 * `42:nic0:net7`.
 */
export function linkReads<K extends LinkTerm>(cloud: Cloud, kind: K, toLinks: (vm: Vm) => Native<K>[]) {
  const { settings } = cloud;
  const noSuchLink = () => new OcciError('notFound', `There is no such ${kind}.`);

  /** A link is published with its machine. */
  const marked = async (vm: Vm, links: Native<K>[]): Promise<Native<K>[]> =>
    isOwn(settings, await cloud.verdict(), vm) ? links : links.map((link) => ({ ...link, published: true }));

  /** A link and its machine: 1 call. Slot and target must both be those of the id. Throws `notFound`. */
  const read = async (id: NativeId) => {
    const [, compute] = /^(\d+):/.exec(id) ?? [];
    if (compute === undefined) throw noSuchLink();
    const vm = await readVm(cloud, compute).catch((error) => {
      throw isFailure(error, 'notFound') ? noSuchLink() : error;
    });
    const link = toLinks(vm).find((one) => one.id === id);
    if (!link) throw noSuchLink();
    return { vm, link };
  };

  const list: KindAdapter<K>['list'] = async (query) => {
    const page = await readVms(cloud, query);
    const links = await Promise.all(page.items.map((vm) => marked(vm, toLinks(vm))));
    return { ...page, items: links.flat() };
  };

  return {
    /** 1 call per page of machines. */
    list,

    /** From the long form as well: the short one shows aliases as NICs, and not what is being detached. */
    async ids(query: Parameters<typeof list>[0]) {
      const page = await list(query);
      return { ...page, items: page.items.map(({ id }) => id) };
    },

    async get(id: NativeId): Promise<Native<K>> {
      const { vm, link } = await read(id);
      return (await marked(vm, [link]))[0]!;
    },

    /** A link that the caller may change, and its machine: 1 call. Throws `forbidden` for a link of another user. */
    async readOwn(id: NativeId) {
      const found = await read(id);
      if (isOwn(settings, await cloud.verdict(), found.vm)) return found;
      throw new OcciError('forbidden', `The compute of the ${kind} is not yours and cannot be changed.`);
    },

    /** The first link that is found in a machine: 1 call per page of machines, up to the one that has it. */
    async find(inMachine: (vm: Vm) => Native<K> | undefined): Promise<Native<K> | undefined> {
      let query = {};
      for (;;) {
        const { items, next } = await readVms(cloud, query);
        for (const vm of items) {
          const link = inMachine(vm);
          if (link) return (await marked(vm, [link]))[0];
        }
        if (next === undefined) return undefined;
        query = { cursor: next };
      }
    },
  };
}
