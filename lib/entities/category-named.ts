/** What a client calls a category in a query. */

import { OcciError } from '../errors.ts';
import type { CategoryDescription, Model } from '../occi/model.ts';
import { typeId } from '../occi/types.ts';
import { hint, unknownCategory } from '../occi/unknown.ts';
import type { Backend } from './backend.ts';
import { pathHere } from './locate.ts';

/** Candidates that a message names. */
const MAX_CANDIDATES = 5;

/** The category at a location of this endpoint: a path, or its URL. */
function located(name: string, model: Model, backend: Pick<Backend, 'isOurs'>): CategoryDescription | undefined {
  const path = pathHere(name, backend);
  return path?.startsWith('/') ? model.at(path) : undefined;
}

/** Those with a term. An action has its term from a kind, so kinds and mixins go first. */
function withTerm(term: string, model: Model): readonly CategoryDescription[] {
  const all = model.categories.filter((category) => category.term === term);
  const others = all.filter((category) => category.class !== 'action');
  return others.length > 0 ? others : all;
}

/** A term is compared with terms, an identifier with identifiers. */
function unknown(name: string, model: Model): OcciError {
  if (name.includes('#')) return unknownCategory(name, model);
  const terms = model.categories.map(({ term }) => term);
  return new OcciError('invalid', `The category ${name.slice(0, 200)} is not known here${hint(name, terms)}`);
}

/**
 * The type identifier of what `?category=` names: by scheme and term, by location, or by the term alone. Throws `invalid`
 * for a category that is not known, and for a term that several have.
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
