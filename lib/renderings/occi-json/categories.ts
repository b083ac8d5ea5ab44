import { OcciError } from '../../errors.ts';
import { excerpt, isName, isUri, isUriReference } from '../characters.ts';
import { isObject } from '../json-text.ts';
import type { ParsedCategory } from '../rendering.ts';
import { under } from './check.ts';
import type { CategoryObject } from './schema.ts';

type Class = NonNullable<ParsedCategory['class']>;

const invalid = (path: string, what: string): OcciError => new OcciError('invalid', `${path} ${what}.`);

/**
 * Scheme and term of a type identifier (CORE-1): schemes end in `#`, those that do not are cut as the model cuts them.
 * Throws `OcciError('invalid')` naming the member.
 */
export function readIdentifier(identifier: string, asClass: Class | undefined, path: string): ParsedCategory {
  const hash = identifier.lastIndexOf('#');
  const cut = (hash >= 0 ? hash : Math.max(identifier.lastIndexOf('/'), identifier.lastIndexOf(':'))) + 1;
  const scheme = identifier.slice(0, cut);
  const term = identifier.slice(cut);
  if (cut === 0 || !isName(term) || !isUri(scheme)) throw invalid(path, 'is not a type identifier');
  return { term, scheme, ...(asClass && { class: asClass }) };
}

/**
 * A type identifier or a category with its members (JSON-6 to JSON-8). The class follows from where it stands; without
 * one it is left to the model. Throws `OcciError('invalid')`.
 */
export function readCategory(
  category: string | CategoryObject,
  asClass: Class | undefined,
  path: string,
): ParsedCategory {
  if (typeof category === 'string') return readIdentifier(category, asClass, path);
  const { term, scheme, title, location } = category;
  if (!isName(term)) throw invalid(under(path, 'term'), `is not a term: "${excerpt(term)}"`);
  if (!isUri(scheme)) throw invalid(under(path, 'scheme'), `is not a URI: "${excerpt(scheme)}"`);
  if (title !== undefined && typeof title !== 'string') throw invalid(under(path, 'title'), 'must be a string');
  if (location !== undefined && !(typeof location === 'string' && isUriReference(location))) {
    throw invalid(under(path, 'location'), 'must be a URI');
  }
  const rel = identifiersOf(
    asClass === 'kind' ? (category.parent ?? category.related) : (category.depends ?? category.related),
  );
  const actions = identifiersOf(category.actions);
  const applies = identifiersOf(category.applies);
  return {
    term,
    scheme,
    ...(asClass && { class: asClass }),
    ...(title !== undefined && { title }),
    ...(rel.length > 0 && { rel }),
    ...(location !== undefined && { location }),
    ...(isObject(category.attributes) && { attributes: definitionsOf(category.attributes, '') }),
    ...(actions.length > 0 && { actions }),
    ...(applies.length > 0 && { applies }),
  };
}

/** The identifiers that a category refers to. They are only compared with the model, so malformed ones are ignored. */
function identifiersOf(value: unknown): string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((one): one is string => typeof one === 'string' && isUriReference(one));
}

/** Before 1.2 definitions were nested; a definition is what has `mutable`, `required` or `type`. */
function definitionsOf(nest: Record<string, unknown>, prefix: string): NonNullable<ParsedCategory['attributes']> {
  return Object.keys(nest).flatMap((key) => {
    const value = nest[key];
    if (!isObject(value) || !isName(key)) return [];
    const isNest = !key.includes('.') && Object.keys(value).length > 0 && Object.values(value).every(isObject);
    if (isNest) return definitionsOf(value, `${prefix}${key}.`);
    return [{ name: prefix + key, immutable: value.mutable !== true, required: value.required === true }];
  });
}
