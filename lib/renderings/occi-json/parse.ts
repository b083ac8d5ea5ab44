import { OcciError } from '../../errors.ts';
import { kindTermOf } from '../../occi/identifiers.ts';
import { isLinkTerm } from '../../occi/kinds/index.ts';
import { typeId } from '../../occi/types.ts';
import { emptyAttributes } from '../attributes.ts';
import { codePoint, excerpt, forbiddenAt, isUriReference } from '../characters.ts';
import { isObject, parseJson } from '../json-text.ts';
import { type Message, NOTHING, type Parsed, type ParsedCategory, type Part } from '../rendering.ts';
import { readAttributes } from './attributes.ts';
import { readCategory, readIdentifier } from './categories.ts';
import { check, under } from './check.ts';
import { readEntity } from './entities.ts';
import { checkPlace } from './place.ts';
import {
  type CollectionBody,
  categoryObject,
  collection,
  type EntityBody,
  entity,
  type InvocationBody,
  invocation,
} from './schema.ts';

const COLLECTIONS = Object.keys(collection.shape);
/** A body with one of these members is a collection. */
const COLLECTIONS_ONLY = ['resources', 'locations'] as const satisfies readonly (keyof CollectionBody)[];
const MEMBERS = [...new Set([...COLLECTIONS, ...Object.keys(entity.shape), 'action'])];

type Request = Pick<Message, 'body'> & Partial<Message>;

/** Reads a JSON body (GFD.226, and what was sent before it). Throws `OcciError('invalid')` naming the member. */
export function parseOcciJson(request: Request): Parsed {
  const body = parseJson(request.body, 'The body');
  if (!isObject(body)) throw new OcciError('invalid', `The body must be a JSON object, not ${nameOf(body)}.`);
  if (request.body.includes('\\') || forbiddenAt(request.body) >= 0) refuseControlCharacters(body, '');
  if (Object.hasOwn(body, 'action')) return readInvocation(check(invocation, body), request);
  if (Object.hasOwn(body, 'term'))
    return { parts: [partOf([readCategory(check(categoryObject, body), undefined, '')])], locations: [] };
  if (isCollection(body)) return readCollection(check(collection, body, MEMBERS), request);
  const sent = check(entity, body, MEMBERS);
  checkPlace(sent, request, '');
  return { parts: [readEntity(sent, '')], locations: [] };
}

function isCollection(body: Record<string, unknown>): boolean {
  const members = Object.keys(body);
  const isOfCollections = members.length > 0 && members.every((member) => COLLECTIONS.includes(member));
  return isOfCollections || COLLECTIONS_ONLY.some((member) => Object.hasOwn(body, member));
}

const nameOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;

/** ADR-5. The nesting was limited before, so recursion is safe. */
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

const partOf = (categories: readonly ParsedCategory[], attributes = emptyAttributes()): Part => ({
  categories,
  links: [],
  actions: [],
  attributes,
});

function readInvocation({ action, attributes, ...members }: InvocationBody, request: Request): Parsed {
  const category = readIdentifier(action, 'action', 'action');
  const { parts, locations } = readCollection(members, request);
  return { parts: [partOf([category], readAttributes(attributes, 'attributes')), ...parts], locations };
}

function readLocations(locations: readonly string[]): readonly string[] {
  const wrong = locations.findIndex((location) => !isUriReference(location));
  if (wrong >= 0) throw new OcciError('invalid', `locations[${wrong}] is not a URI: "${excerpt(locations[wrong]!)}".`);
  return locations;
}

/** Categories are one part, which comes first; each entity is one. */
function readCollection(body: CollectionBody, request: Request): Parsed {
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
  for (const member of ['resources', 'links'] as const) {
    const list = body[member] ?? [];
    for (const [index, one] of list.entries()) {
      const path = `${member}[${index}]`;
      checkPlace(one, request, path);
      checkList(one, member, path);
      parts.push(readEntity(one, path));
    }
  }
  if (parts.length > 0) checkOfEntities(categories, parts);
  else if (categories.length > 0) parts.push(partOf(categories));
  // An empty list of entities means no entities; an empty list of categories does not concern entities.
  else if (!(body.resources ?? body.links ?? body.locations)) return NOTHING;
  return { parts, locations: readLocations(body.locations ?? []) };
}

/** Throws `OcciError('invalid')` for a resource in the list of links, or a link in that of resources. */
function checkList({ kind }: EntityBody, list: 'resources' | 'links', path: string): void {
  const term = kind === undefined ? undefined : kindTermOf(kind);
  if (term === undefined || isLinkTerm(term) === (list === 'links')) return;
  throw new OcciError('invalid', `${path}.kind is ${excerpt(kind!, 200)}, whose entities do not stand in ${list}.`);
}

/**
 * Categories next to entities may only repeat those of the entities. Throws `OcciError('invalid')` for any other, since
 * it is unclear which entity it belongs to.
 */
function checkOfEntities(categories: readonly ParsedCategory[], entities: readonly Part[]): void {
  const isSaidBy = (id: string) => (part: Part) => part.categories.some((own) => typeId(own) === id);
  for (const category of categories) {
    const id = typeId(category);
    const said = category.class === 'kind' ? entities.every(isSaidBy(id)) : entities.some(isSaidBy(id));
    if (!said)
      throw new OcciError(
        'invalid',
        `The body names ${excerpt(id, 200)} beside entities that do not: name it in the entity.`,
      );
  }
}
