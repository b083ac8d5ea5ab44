/** Resolves the name of a category in a query. */

import { OcciError } from '../../errors.ts';
import type { CategoryDescription } from '../../occi/category-description.ts';
import type { Model } from '../../occi/model.ts';
import { typeId } from '../../occi/types.ts';
import { hint, unknownCategory } from '../../occi/unknown.ts';
import type { Backend } from '../backend.ts';
import { pathHere } from '../locate.ts';

/** How many candidates a message names. */
const MAX_CANDIDATES = 5;

/** The category at a location of this endpoint: a path, or its URL. */
function located(name: string, model: Model, backend: Pick<Backend, 'isOurs'>): CategoryDescription | undefined {
  const path = pathHere(name, backend);
  return path?.startsWith('/') ? model.at(path) : undefined;
}

/** The categories with a term. Actions repeat terms of kinds, so kinds and mixins take precedence. */
function withTerm(term: string, model: Model): readonly CategoryDescription[] {
  const all = model.categories.filter((category) => category.term === term);
  const others = all.filter((category) => category.class !== 'action');
  return others.length > 0 ? others : all;
}

/** Suggests terms for a term and identifiers for an identifier. */
function unknown(name: string, model: Model): OcciError {
  if (name.includes('#')) return unknownCategory(name, model);
  const terms = model.categories.map(({ term }) => term);
  return new OcciError('invalid', `The category ${name.slice(0, 200)} is not known here${hint(name, terms)}`);
}

/**
 * The type identifier of what `?category=` names: by scheme and term, by location, or by the term alone. Throws
 * `invalid` for an unknown category and for an ambiguous term.
 */
export function categoryNamed(name: string, model: Model, backend: Pick<Backend, 'isOurs'>): string {
  const found = model.find(name) ?? located(name, model, backend);
  if (found) return typeId(found);
  const [one, ...more] = withTerm(name, model);
  if (!one) throw unknown(name, model);
  if (more.length === 0) return typeId(one);
  const candidates = [one, ...more].map(typeId);
  const shown = candidates.slice(0, MAX_CANDIDATES).join(', ');
  throw new OcciError(
    'invalid',
    `The term ${name.slice(0, 64)} is that of ${candidates.length} categories: write ${shown}${candidates.length > MAX_CANDIDATES ? ' or another' : ''}.`,
  );
}
