/**
 * How rOCCI 4.x reads JSON, which it knows in the form of before 1.2 only. Where it would end with an error, or silently
 * take something for something else, this throws. CLIENT-28.
 */
import type { Reply } from '../endpoint.ts';
import { mediaTypeOf } from './rocci.ts';

type Nest = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Nest =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function object(value: unknown, what: string): Nest {
  if (!isObject(value)) throw new Error(`${what} must be a hash-like structure, not ${JSON.stringify(value)}`);
  return value;
}

function text(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') throw new Error(`${what} is ${JSON.stringify(value)}`);
  return value;
}

const texts = (value: unknown, what: string): readonly string[] => {
  if (!Array.isArray(value ?? [])) throw new Error(`${what} is no list`);
  return ((value ?? []) as unknown[]).map((one) => text(one, what));
};

const objects = (value: unknown, what: string): readonly Nest[] =>
  ((value ?? []) as unknown[]).map((one) => object(one, what));

/** It reads a collection whatever it has asked for; a body with an `action` is an invocation. */
function collectionIn(reply: Reply): Nest {
  if (!/^application\/(occi\+)?json$/.test(mediaTypeOf(reply))) throw new Error(`${mediaTypeOf(reply)} is no JSON`);
  const body = object(JSON.parse(reply.body), 'The body');
  if (body.action !== undefined) throw new Error('An invocation is no answer');
  for (const member of Object.keys(body)) {
    if (!['kinds', 'mixins', 'actions', 'resources', 'links'].includes(member)) throw new Error(`${member} is lost`);
  }
  return body;
}

const PROPERTIES = ['type', 'required', 'mutable', 'default', 'description', 'pattern'];
const TYPES = ['string', 'number', 'boolean'];

/** Names of defined attributes. What has one property with a simple value, and none with another, is a definition. */
function definedIn(nest: Nest, prefix = ''): readonly string[] {
  return Object.entries(nest).flatMap(([key, value]) => {
    const one = object(value, 'Hash');
    const properties = Object.keys(one).filter((name) => PROPERTIES.includes(name.toLowerCase()));
    const isDefinition = properties.length > 0 && !properties.some((name) => isObject(one[name]));
    if (!isDefinition) return definedIn(one, `${prefix}${key}.`);
    if (!TYPES.includes(String(one.type ?? 'string'))) throw new Error(`Type ${one.type} unsupported in properties`);
    return [prefix + key];
  });
}

export interface JsonCategory {
  readonly id: string;
  readonly term: string;
  readonly scheme: string;
  readonly rel: readonly string[];
  readonly location: string;
  readonly attributes: readonly string[];
  readonly actions: readonly string[];
}

function readCategory(category: Nest, byDefault: (term: string) => string): JsonCategory {
  const [scheme, term] = [text(category.scheme, 'scheme'), text(category.term, 'term')];
  // Kinds that a mixin applies to end in an error, whichever they are.
  if (category.applies !== undefined) throw new Error(`${scheme}${term} applies to something`);
  const location = text(category.location ?? byDefault(term), 'location');
  if (!/^\/\S+\/$/.test(new URL(location, 'http://a').pathname)) throw new Error(`The location is ${location}`);
  return {
    id: scheme + term,
    term,
    scheme,
    rel: texts(category.depends ?? category.related, 'related'),
    location,
    attributes: definedIn(object(category.attributes ?? {}, 'Hash')),
    actions: texts(category.actions, 'actions'),
  };
}

/** Kinds, mixins and actions. A kind is a resource or a link by its first `related`, to the end. */
export function readJsonModel(reply: Reply): readonly JsonCategory[] {
  const { kinds, mixins, actions } = collectionIn(reply);
  const all = objects(kinds, 'A kind');
  for (const kind of all.filter(({ term }) => term !== 'entity')) {
    if (texts(kind.related, 'related').length === 0) throw new Error(`${kind.term} is related to nothing`);
  }
  return [
    ...all.map((kind) => readCategory(kind, (term) => `/${term}/`)),
    ...objects(mixins, 'A mixin').map((mixin) => readCategory(mixin, (term) => `/mixin/${term}/`)),
    ...objects(actions, 'An action').map((action) => readCategory(action, () => '/none/')),
  ];
}

/** Attributes under their dotted names. A name that goes on behind a value replaces it, if it comes later. */
function valuesIn(nest: Nest, prefix = ''): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(nest)) {
    const name = prefix + key;
    const isSimple = ['string', 'number', 'boolean'].includes(typeof value);
    if (!isSimple && !isObject(value)) throw new Error(`Value of type ${typeof value} not supported as attribute`);
    for (const other of Object.keys(values)) if (other.startsWith(`${name}.`)) delete values[other];
    if (Object.keys(values).some((other) => name.startsWith(`${other}.`))) throw new Error(`${name} replaces another`);
    Object.assign(values, isObject(value) ? valuesIn(value, `${name}.`) : { [name]: value });
  }
  return values;
}

export interface JsonEntity {
  readonly kind: string;
  readonly mixins: readonly string[];
  readonly actions: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly location: string;
  readonly links: readonly JsonLink[];
}

export interface JsonLink {
  /** Unknown for a link of which a resource names the location only. */
  readonly kind?: string;
  readonly location: string;
  readonly rel?: string;
  readonly source?: string;
  readonly target?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const UUID = /^[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/;

/** Without a location, the client puts the id behind that of the kind. */
function locationOf({ location, kind, id }: Nest): string {
  if (location !== undefined) return new URL(text(location, 'location'), 'http://a').pathname;
  return `/${text(kind, 'kind').split('#')[1]}/${text(id, 'id')}`;
}

function readCommon(entity: Nest) {
  const attributes = valuesIn(object(entity.attributes, 'Hash'));
  if (!UUID.test(String(attributes['occi.core.id']))) throw new Error(`The id is ${attributes['occi.core.id']}`);
  return {
    kind: text(entity.kind, 'kind'),
    mixins: texts(entity.mixins, 'mixins'),
    actions: texts(entity.actions, 'actions'),
    attributes,
    location: locationOf(entity),
  };
}

const readLink = (link: Nest): JsonLink => ({
  ...readCommon(link),
  rel: text(link.rel, 'rel'),
  source: text(link.source, 'source'),
  target: text(link.target, 'target'),
});

export interface JsonEntities {
  readonly resources: readonly JsonEntity[];
  readonly links: readonly JsonLink[];
}

/**
 * The entities of an answer, one or many. The links of the collection become those of its only resource, if that names
 * none itself; of other resources the client knows where their links are, and no more.
 */
export function readJsonEntities(reply: Reply): JsonEntities {
  const body = collectionIn(reply);
  const links = objects(body.links, 'A link').map(readLink);
  const resources = objects(body.resources, 'A resource').map((resource) => ({
    ...readCommon(resource),
    links: texts(resource.links, 'A link of a resource').map((location) => ({ location, attributes: {} })),
  }));
  const [only, another] = resources;
  if (!only || another || only.links.length > 0) return { resources, links };
  return { resources: [{ ...only, links }], links };
}
