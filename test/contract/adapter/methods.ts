/** Which methods an adapter has, and therefore which cases of the contract apply to it. */
import type { KindAdapter, KindAdapters } from '../../../lib/adapter/contract.ts';
import { KIND_TERMS, type KindTerm } from '../../../lib/occi/kinds/index.ts';
import type { AdapterUnderTest } from './under-test.ts';

/** The methods that an adapter need not implement. */
export const OPTIONAL = ['create', 'update', 'remove', 'act'] as const;
export type Optional = (typeof OPTIONAL)[number];

/**
 * What a case needs besides the methods that every adapter has. `entity` is any entity, made by `create` or by the
 * test's `seed`. Of a nested list, one method is enough.
 */
export type Need = Optional | 'entity' | readonly Optional[];

/** The kinds by name, in whichever form the test gives them. */
export const termsOf = (kinds: AdapterUnderTest['kinds']): readonly KindTerm[] =>
  Array.isArray(kinds) ? (kinds as readonly KindTerm[]) : KIND_TERMS.filter((term) => (kinds as KindAdapters)[term]);

/** The optional methods that an adapter of a kind has. Kinds given by name are expected to have all. */
export const methodsOf = (kinds: AdapterUnderTest['kinds'], term: KindTerm): readonly Optional[] => {
  if (Array.isArray(kinds)) return OPTIONAL;
  const adapter = (kinds as KindAdapters)[term] as KindAdapter | undefined;
  return OPTIONAL.filter((method) => adapter?.[method]);
};

/** Why a case is skipped, or undefined if the adapter has everything that it needs. */
export function missing(
  needs: readonly Need[],
  term: KindTerm,
  { kinds, seed }: Pick<AdapterUnderTest, 'kinds' | 'seed'>,
): string | undefined {
  const methods = methodsOf(kinds, term);
  for (const need of needs) {
    if (need === 'entity') {
      if (!methods.includes('create') && !seed) return 'the adapter has no create, and the test no seed';
    } else {
      const any: readonly Optional[] = typeof need === 'string' ? [need] : need;
      if (!any.some((method) => methods.includes(method))) return `the adapter has no ${any.join(' and no ')}`;
    }
  }
  return undefined;
}
