/**
 * The shapes of GFD.226 as clients send them: every object is closed but categories, and the members that were
 * renamed since the drafts are still taken (`rel`, `related`, link ends as strings).
 */
import * as z from 'zod';
import { sentInstead } from '../../occi/sent-instead.ts';
import { isObject } from '../json-text.ts';

const text = z.string({ error: 'must be a string' });
/** Text of the user's own, which may be all digits. */
const words = z.string({ error: ({ input }) => `must be a string${sentInstead(input)}` });
const objectOnly = (message: string) => z.custom<Record<string, unknown>>(isObject, { error: message });
const list = <T extends z.ZodType>(element: T) => z.array(element, { error: 'must be a list' });

/** Names and values are checked where nesting is resolved; nothing is copied here. */
const attributes = objectOnly('must be an object');

const identifiers = list(z.string({ error: 'must be a type identifier' }));

const isCategory = (value: unknown): boolean =>
  typeof value === 'string' || (isObject(value) && typeof value.term === 'string' && typeof value.scheme === 'string');

/** A type identifier, or a category with all its members as discovery shows it. */
const category = z.custom<string | CategoryObject>(isCategory, {
  error: 'must be a type identifier or a category with term and scheme',
});

/** Categories; one may stand without the list around it. */
const categories = z.preprocess(
  (value) => (typeof value === 'string' || isObject(value) ? [value] : value),
  list(category),
);

/** A category object; its members are read one by one, since clients send much that the standard does not know. */
export interface CategoryObject {
  readonly term: string;
  readonly scheme: string;
  readonly [member: string]: unknown;
}

const isEnd = (value: unknown): boolean =>
  typeof value === 'string' ||
  (isObject(value) &&
    typeof value.location === 'string' &&
    (value.kind === undefined || typeof value.kind === 'string') &&
    Object.keys(value).every((member) => member === 'location' || member === 'kind'));

/** An end of a link (JSON-5); before 1.2 just its location. */
const end = z.custom<string | { readonly location: string; readonly kind?: string }>(isEnd, {
  error: 'must be a location or an object of location and kind',
});

/** Before 1.2 `rel` was one identifier or a list of them. */
const rel = z.custom<string | readonly string[]>(
  (value) => typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string')),
  { error: 'must be a type identifier' },
);

const common = {
  kind: text.optional(),
  mixins: categories.optional(),
  attributes: attributes.optional(),
  actions: identifiers.optional(),
  id: words.optional(),
  title: words.optional(),
  summary: words.optional(),
  source: end.optional(),
  target: end.optional(),
  rel: rel.optional(),
  related: rel.optional(),
};

const object = { error: 'must be an object' };

/** A link within a resource (JSON-4); `self` is its location, as in text. */
export const inlineLink = z.strictObject({ ...common, self: text.optional() }, object);

/** A resource or a link, whole or in part (JSON-2, JSON-4). `location` is where the client believes it to be. */
export const entity = z.strictObject(
  { ...common, location: text.optional(), links: list(inlineLink).optional() },
  object,
);

/** Paths or URLs of entities, in the place of X-OCCI-Location: GFD.226 has no form of its own for them. */
const locations = list(text);

/** A category that is the whole body, as for a mixin to define, to remove or to put on an entity. */
export const categoryObject = z.custom<CategoryObject>((value) => typeof value !== 'string' && isCategory(value), {
  error: 'must be a category with term and scheme',
});

/** Members that an action is for. An empty list must not be taken for none, which is all of them. */
const members = <T extends z.ZodType>(element: T) =>
  list(element).min(1, { error: 'names no member: leave it out where all of them are meant' });

/**
 * An action invocation (JSON-3). On a collection it may name members: GFD.226 has no form for that, so the one of a
 * collection is taken.
 */
export const invocation = z.strictObject(
  {
    action: text,
    attributes: attributes.optional(),
    resources: members(entity).optional(),
    links: members(entity).optional(),
    locations: members(text).optional(),
  },
  object,
);

/** Collections of entities, of locations and of categories, any of them together (JSON-9 to JSON-11, JSON-14). */
export const collection = z.strictObject(
  {
    resources: list(entity).optional(),
    links: list(entity).optional(),
    locations: locations.optional(),
    kinds: categories.optional(),
    mixins: categories.optional(),
    actions: categories.optional(),
  },
  object,
);

export type EntityBody = z.infer<typeof entity>;
export type InlineLinkBody = z.infer<typeof inlineLink>;
/** What links within a resource and entities have in common. */
export type LinkBody = Pick<EntityBody & InlineLinkBody, keyof typeof common>;
export type CollectionBody = z.infer<typeof collection>;
export type InvocationBody = z.infer<typeof invocation>;
