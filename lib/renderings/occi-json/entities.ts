import { OcciError } from '../../errors.ts';
import { CORE } from '../../occi/schemes.ts';
import type { AttributeValue } from '../../occi/types.ts';
import type { AttributeBag } from '../attributes.ts';
import { isUriReference } from '../characters.ts';
import { isObject } from '../json-text.ts';
import type { ParsedCategory, ParsedLink, Part } from '../rendering.ts';
import { keep, readAttributes } from './attributes.ts';
import { readCategory, readIdentifier } from './categories.ts';
import { under } from './check.ts';
import type { EntityBody, InlineLinkBody, LinkBody } from './schema.ts';

/** What was sent of one entity; `path` is where it stands in the body. Throws `OcciError('invalid')` naming the member. */
export function readEntity(body: EntityBody, path: string): Part {
  const { attributes, again } = readSaid(body, path);
  for (const kind of relOf(body)) if (kind !== A_LINK) sayAs(attributes, 'occi.core.target.kind', kind, path);
  return {
    categories: readCategories(body, path),
    links: (body.links ?? []).map((link, index) => readLink(link, `${under(path, 'links')}[${index}]`)),
    actions: (body.actions ?? []).map((rel) => ({ uri: `?action=${rel.slice(rel.lastIndexOf('#') + 1)}`, rel })),
    attributes,
    ...(again && { again }),
  };
}

function readCategories({ kind, mixins = [] }: LinkBody, path: string): ParsedCategory[] {
  const categories = mixins.map((mixin, index) => readCategory(mixin, 'mixin', `${under(path, 'mixins')}[${index}]`));
  if (kind !== undefined) categories.unshift(readIdentifier(kind, 'kind', under(path, 'kind')));
  return categories;
}

const asList = (rel: LinkBody['rel'] = []): readonly string[] => (typeof rel === 'string' ? [rel] : rel);

/** Kinds of a link's target as they were sent before 1.2; the first drafts called `rel` `related`. */
const relOf = ({ rel, related }: LinkBody): readonly string[] => [...new Set([...asList(rel), ...asList(related)])];

/** Carries no information about a link; clients before 1.2 sent it as the `rel` of links. */
const A_LINK = `${CORE}link`;

/** An id may be written as URN or bare, in either case. */
const bareId = (id: AttributeValue): string =>
  String(id)
    .replace(/^urn:uuid:/i, '')
    .toLowerCase();

/**
 * Stores a member's value under the name of its attribute. Throws `OcciError('invalid')` if the attribute has another
 * value.
 */
function sayAs(attributes: AttributeBag, name: string, value: string, path: string): void {
  const kept = attributes[name];
  const isSame = name === 'occi.core.id' && kept !== undefined && bareId(kept) === bareId(value);
  if (isSame) attributes[name] = value;
  else keep(attributes, name, value, path || 'The body');
}

const MEMBERS = { id: 'occi.core.id', title: 'occi.core.title', summary: 'occi.core.summary' } as const;
const ENDS = { source: 'occi.core.source', target: 'occi.core.target' } as const;

type End = Exclude<LinkBody['source'], undefined>;

/** Where an end is among the attributes, with the kind that it brings there. */
function endAmong(attributes: AttributeBag, name: string, path: string): string | undefined {
  const value = attributes[name];
  if (!isObject(value) || typeof value.location !== 'string') return typeof value === 'string' ? value : undefined;
  if (typeof value.kind === 'string') sayAs(attributes, `${name}.kind`, value.kind, path);
  attributes[name] = value.location;
  return value.location;
}

/**
 * The attributes of an entity, with what its members say. Some clients say the same in both places; an end in other words
 * may still mean the same entity, and is kept beside.
 */
function readSaid(
  body: LinkBody,
  path: string,
): Pick<ParsedLink, 'attributes' | 'again'> & { attributes: AttributeBag } {
  const attributes = readAttributes(body.attributes, under(path, 'attributes'));
  for (const member of ['id', 'title', 'summary'] as const) {
    const value = body[member];
    if (value !== undefined) sayAs(attributes, MEMBERS[member], value, path);
  }
  let again: AttributeBag | undefined;
  for (const member of ['source', 'target'] as const) {
    const name = ENDS[member];
    const among = endAmong(attributes, name, path);
    const end: End | undefined = body[member];
    if (end === undefined) continue;
    const location = typeof end === 'string' ? end : end.location;
    if (among !== undefined && among !== location) again = { ...again, [name]: among };
    attributes[name] = location;
    if (typeof end === 'object' && end.kind !== undefined) sayAs(attributes, `${name}.kind`, end.kind, path);
  }
  return { attributes, ...(again && { again }) };
}

/** A link within a resource. Its target kind stood in `rel` before 1.2. */
function readLink(body: InlineLinkBody, path: string): ParsedLink {
  const { attributes, again } = readSaid(body, path);
  const { 'occi.core.target': target, 'occi.core.target.kind': kind } = attributes;
  // It goes to `rel`, where it stands in text.
  delete attributes['occi.core.target.kind'];
  if (typeof target !== 'string') throw new OcciError('invalid', `${under(path, 'target')} is missing.`);
  if (!isUriReference(target)) throw new OcciError('invalid', `${under(path, 'target')} is not a URI.`);
  if (body.self !== undefined && !isUriReference(body.self)) {
    throw new OcciError('invalid', `${under(path, 'self')} is not a URI.`);
  }
  const category = readCategories(body, path).map(({ scheme, term }) => scheme + term);
  return {
    target,
    rel: [...(typeof kind === 'string' ? [kind] : []), ...relOf(body)],
    ...(body.self !== undefined && { self: body.self }),
    ...(category.length > 0 && { category }),
    attributes,
    ...(again && { again }),
  };
}
