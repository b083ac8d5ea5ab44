import type * as z from 'zod';
import { OcciError } from '../../errors.ts';
import type { HttpRequest } from '../../http/message.ts';
import { type AttributeBag, emptyAttributes } from '../attributes.ts';
import { codePoint, excerpt, forbiddenAt, isUriReference } from '../characters.ts';
import { isObject, parseJson } from '../json-text.ts';
import type { Parsed, ParsedCategory, ParsedLink, Part } from '../rendering.ts';
import { readAttributes } from './attributes.ts';
import { readCategory, readIdentifier } from './categories.ts';
import {
  type CollectionBody,
  collection,
  type EntityBody,
  entity,
  type InvocationBody,
  invocation,
  type LinkBody,
} from './schema.ts';

const COLLECTIONS: ReadonlySet<string> = new Set(['resources', 'links', 'kinds', 'mixins', 'actions']);

/** Reads a JSON body (GFD.226, and what was sent before it). Throws `OcciError('invalid')` naming the member. */
export function parseOcciJson(request: Pick<HttpRequest, 'body'>): Parsed {
  const body = parseJson(request.body, 'The body');
  if (!isObject(body)) throw new OcciError('invalid', `The body must be a JSON object, not ${nameOf(body)}.`);
  if (request.body.includes('\\') || forbiddenAt(request.body) >= 0) refuseControlCharacters(body, '');
  if (Object.hasOwn(body, 'action')) return readInvocation(check(invocation, body, ''));
  const members = Object.keys(body);
  const isCollection = members.length > 0 && members.every((member) => COLLECTIONS.has(member));
  if (isCollection) return { parts: readCollection(check(collection, body, '')), locations: [] };
  return { parts: [readEntity(check(entity, body, ''), '')], locations: [] };
}

const nameOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;

/** Decision 5. The nesting was limited before, so recursion is safe. */
function refuseControlCharacters(value: unknown, path: string): void {
  if (typeof value === 'string') {
    const at = forbiddenAt(value);
    if (at < 0) return;
    throw new OcciError('invalid', `${excerpt(path, 60)}: the character ${codePoint(value, at)} is not allowed.`);
  }
  if (Array.isArray(value))
    for (const [index, element] of value.entries()) refuseControlCharacters(element, `${path}[${index}]`);
  else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      if (forbiddenAt(key) >= 0)
        throw new OcciError('invalid', `${excerpt(path, 60) || 'The body'} has a name with a control character.`);
      refuseControlCharacters(value[key], under(path, key));
    }
  }
}

const under = (path: string, member: string): string => (path === '' ? excerpt(member) : `${path}.${excerpt(member)}`);

/** Holds a body against its shape; the first issue becomes the sentence. */
function check<S extends z.ZodType>(schema: S, body: unknown, path: string): z.infer<S> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const where = issue.path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : under(text, String(key))),
    path,
  );
  if (issue.code === 'unrecognized_keys') {
    throw new OcciError('invalid', `${under(where, issue.keys[0] ?? '')} is not a member of this object.`);
  }
  throw new OcciError('invalid', `${where || 'The body'} ${issue.message}.`);
}

function readInvocation({ action, attributes, locations = [], ...members }: InvocationBody): Parsed {
  const categories = [readIdentifier(action, 'action', 'action')];
  const invoked = { categories, links: [], actions: [], attributes: readAttributes(attributes, 'attributes') };
  return { parts: [invoked, ...readCollection(members)], locations };
}

/** Categories are one part, which comes first; each entity is one. */
function readCollection(body: CollectionBody): Part[] {
  const categories: ParsedCategory[] = [];
  for (const [member, asClass] of [
    ['kinds', 'kind'],
    ['mixins', 'mixin'],
    ['actions', 'action'],
  ] as const) {
    const list = body[member] ?? [];
    for (const [index, one] of list.entries()) categories.push(readCategory(one, asClass, `${member}[${index}]`));
  }
  const parts: Part[] = [];
  if (categories.length > 0) parts.push({ categories, links: [], actions: [], attributes: emptyAttributes() });
  for (const member of ['resources', 'links'] as const) {
    const list = body[member] ?? [];
    for (const [index, one] of list.entries()) parts.push(readEntity(one, `${member}[${index}]`));
  }
  return parts;
}

function readEntity(body: EntityBody, path: string): Part {
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
function readLink(body: LinkBody, path: string): ParsedLink {
  const attributes = readAttributes(body.attributes, under(path, 'attributes'));
  setCore(attributes, body);
  if (body.source !== undefined)
    attributes['occi.core.source'] = typeof body.source === 'string' ? body.source : body.source.location;
  const end = body.target ?? attributes['occi.core.target'];
  const target = isObject(end) ? end.location : end;
  if (typeof target !== 'string') throw new OcciError('invalid', `${under(path, 'target')} is missing.`);
  if (!isUriReference(target)) throw new OcciError('invalid', `${under(path, 'target')} is not a URI.`);
  const rel = typeof body.target === 'object' && body.target.kind !== undefined ? body.target.kind : (body.rel ?? []);
  const category = readCategories(body, path).map(({ scheme, term }) => scheme + term);
  return {
    target,
    rel: typeof rel === 'string' ? [rel] : rel,
    ...(category.length > 0 && { category }),
    attributes,
  };
}
