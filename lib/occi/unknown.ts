/** Messages about unknown names: they suggest a similar known name or say where to find the list. */
import { OcciError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { CategoryDescription } from './category-description.ts';
import { KINDS, type KindTerm } from './kinds/index.ts';
import type { Model } from './model.ts';
import { actionScheme, type Kind, typeId } from './types.ts';

/** Messages do not list more names than this. */
const MAX_LISTED = 8;
/** How much of a client's name a message repeats. */
const MAX_SHOWN_CHARS = 200;

const listed = (names: readonly string[]): string =>
  names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/**
 * Text for the end of a message about an unknown name: the known name that it resembles, all names if there are few, or
 * where they are listed. Its time grows with the number of names, not with the length of what was written.
 */
export function hint(written: string, names: readonly string[]): string {
  const meant = nearest(written, names);
  if (meant !== undefined) return `; did you mean ${meant}?`;
  if (names.length === 0) return '.';
  return names.length > MAX_LISTED
    ? '; GET /-/ lists them all.'
    : `; there ${names.length === 1 ? 'is' : 'are'} ${listed(names)}.`;
}

/** A category that the model lacks. It may be new in the cloud, if the catalogue has its scheme. */
export class UnknownCategory extends OcciError {
  /** Type identifier. */
  readonly id: string;

  constructor(failure: 'invalid' | 'notFound', id: string, message: string) {
    super(failure, message);
    this.id = id;
  }
}

/**
 * The error about a category that the model lacks; `classes` are those of the categories that could be meant. `unavailable`
 * for a mixin in a scheme of which the cloud cannot say all at the moment.
 */
export function unknownCategory(
  id: string,
  model: Model,
  classes: readonly CategoryDescription['class'][] = ['kind', 'mixin'],
  failure: 'invalid' | 'notFound' = 'invalid',
): OcciError {
  const possible = model.categories.filter((category) => classes.includes(category.class));
  const what = classes.length === 1 ? classes[0] : 'category';
  if (classes.includes('mixin') && model.unread.some((scheme) => id.startsWith(scheme))) {
    return new OcciError(
      'unavailable',
      `The ${what} ${id.slice(0, MAX_SHOWN_CHARS)} is not known here at the moment, since a part of the cloud does not answer; try again later.`,
      { headers: { 'Retry-After': '15' } },
    );
  }
  return new UnknownCategory(
    failure,
    id,
    `The ${what} ${id.slice(0, MAX_SHOWN_CHARS)} is not known here${hint(id, possible.map(typeId))}`,
  );
}

/** The error about an action that a kind does not have. */
export function unknownAction(id: string, kind: KindTerm): OcciError {
  const known = Object.keys((KINDS[kind] as Kind).actions ?? {}).map((term) => actionScheme(KINDS[kind]) + term);
  return new OcciError('invalid', `${kind} has no action ${id.slice(0, MAX_SHOWN_CHARS)}${hint(id, known)}`);
}

/** The error about an attribute that no category of the model defines. */
export function unknownAttribute(name: string, model: Model): OcciError {
  const names = new Set(model.categories.flatMap(({ attributes }) => Object.keys(attributes)));
  return new OcciError(
    'invalid',
    `The attribute ${name.slice(0, MAX_SHOWN_CHARS)} is not defined here${hint(name, [...names])}`,
  );
}
