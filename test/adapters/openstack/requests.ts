/** An adapter is made for one request, and keeps what it has read for as long: the suite wants one for a long time. */
import type { Adapter, KindAdapter, PageQuery } from '../../../lib/adapter/contract.ts';
import { KIND_TERMS, type KindTerm } from '../../../lib/occi/kinds/index.ts';

const isListing = (method: string | symbol): boolean => method === 'list' || method === 'ids';

/** An adapter of which each operation is a request of its own; a listing is one, with all of its pages. */
export function requestEach(begin: () => Adapter): Adapter {
  const first = begin();
  const kindOf = (term: KindTerm): KindAdapter => {
    let listing = first;
    return new Proxy(first.kinds[term] as KindAdapter, {
      get(target, method, receiver) {
        const value: unknown = Reflect.get(target, method, receiver);
        if (typeof value !== 'function') return value;
        return (...values: readonly unknown[]) => {
          const goesOn = isListing(method) && (values[0] as PageQuery | undefined)?.cursor !== undefined;
          const request = goesOn ? listing : begin();
          if (isListing(method)) listing = request;
          const kind = request.kinds[term] as unknown as Record<string | symbol, (...all: unknown[]) => unknown>;
          return kind[method]!(...values);
        };
      },
    });
  };
  const kinds = Object.fromEntries(KIND_TERMS.filter((term) => first.kinds[term]).map((term) => [term, kindOf(term)]));
  return {
    name: first.name,
    site: first.site,
    mixins: first.mixins,
    kinds,
    identify: async () => await begin().identify(),
    catalogue: async () => await begin().catalogue(),
  };
}
