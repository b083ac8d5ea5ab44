import { OcciError } from '../../errors.ts';
import type { AttributeBag } from '../attributes.ts';
import { isUriReference } from '../characters.ts';
import { isObject } from '../json-text.ts';
import type { ParsedCategory, ParsedLink, Part } from '../rendering.ts';
import { readAttributes } from './attributes.ts';
import { readCategory, readIdentifier } from './categories.ts';
import { under } from './check.ts';
import type { EntityBody, InlineLinkBody, LinkBody } from './schema.ts';

/** What was sent of one entity; `path` is where it stands in the body. Throws `OcciError('invalid')` naming the member. */
export function readEntity(body: EntityBody, path: string): Part {
  const attributes = readAttributes(body.attributes, under(path, 'attributes'));
  setCore(attributes, body);
  if (body.summary !== undefined) attributes['occi.core.summary'] = body.summary;
  setEnd(attributes, 'occi.core.source', body.source);
  setEnd(attributes, 'occi.core.target', body.target);
  return {
    categories: readCategories(body, path),
    links: (body.links ?? []).map((link, index) => readLink(link, `${under(path, 'links')}[${index}]`)),
    actions: (body.actions ?? []).map((rel) => ({ uri: `?action=${rel.slice(rel.lastIndexOf('#') + 1)}`, rel })),
    attributes,
  };
}

function readCategories({ kind, mixins = [] }: LinkBody, path: string): ParsedCategory[] {
  const categories = mixins.map((mixin, index) => readCategory(mixin, 'mixin', `${under(path, 'mixins')}[${index}]`));
  if (kind !== undefined) categories.unshift(readIdentifier(kind, 'kind', under(path, 'kind')));
  return categories;
}

/** The members of the object win over the same names among its attributes, where some clients repeat them. */
function setCore(attributes: AttributeBag, body: LinkBody): void {
  if (body.id !== undefined) attributes['occi.core.id'] = body.id;
  if (body.title !== undefined) attributes['occi.core.title'] = body.title;
}

function setEnd(attributes: AttributeBag, name: string, end: LinkBody['source']): void {
  if (end === undefined) return;
  attributes[name] = typeof end === 'string' ? end : end.location;
  if (typeof end === 'object' && end.kind !== undefined) attributes[`${name}.kind`] = end.kind;
}

/** A link within a resource. Its target kind stood in `rel` before 1.2. */
function readLink(body: InlineLinkBody, path: string): ParsedLink {
  const attributes = readAttributes(body.attributes, under(path, 'attributes'));
  setCore(attributes, body);
  if (body.source !== undefined)
    attributes['occi.core.source'] = typeof body.source === 'string' ? body.source : body.source.location;
  const end = body.target ?? attributes['occi.core.target'];
  const target = isObject(end) ? end.location : end;
  if (typeof target !== 'string') throw new OcciError('invalid', `${under(path, 'target')} is missing.`);
  if (!isUriReference(target)) throw new OcciError('invalid', `${under(path, 'target')} is not a URI.`);
  if (body.self !== undefined && !isUriReference(body.self)) {
    throw new OcciError('invalid', `${under(path, 'self')} is not a URI.`);
  }
  const rel = typeof body.target === 'object' && body.target.kind !== undefined ? body.target.kind : (body.rel ?? []);
  const category = readCategories(body, path).map(({ scheme, term }) => scheme + term);
  return {
    target,
    rel: typeof rel === 'string' ? [rel] : rel,
    ...(body.self !== undefined && { self: body.self }),
    ...(category.length > 0 && { category }),
    attributes,
  };
}
