/**
 * Describes which parts of a request an operation uses. The handler refuses a request with other parts before it
 * changes anything.
 */

/** The query parameters of OCCI, and whether one may be repeated. */
export const PARAMETERS = {
  /** The term of an action (GFD.223 §10.3.2). */
  action: { often: false },
  /** A filter, as other OCCI servers read it: term, type identifier or location of a category. */
  category: { often: true },
  /** A filter: the name of an attribute. Its value is the `value` at the same position. */
  attribute: { often: true },
  value: { often: true },
  /** The page of a listing (GFD.223 §6). */
  page: { often: false },
  number: { often: false },
  /** `true` confirms that a DELETE without filter and names applies to every member. */
  all: { often: false },
} as const satisfies Record<string, { readonly often: boolean }>;

export type Parameter = keyof typeof PARAMETERS;

export const PARAMETER_NAMES = Object.keys(PARAMETERS) as readonly Parameter[];

export const isParameter = (name: string): name is Parameter => Object.hasOwn(PARAMETERS, name);

/** The parameters of a filter. */
export const FILTER = ['category', 'attribute', 'value'] as const satisfies readonly Parameter[];

/** The parts of a payload, as messages name them. */
export const PARTS = {
  categories: 'a category',
  attributes: 'an attribute',
  links: 'a link',
  /** An action link. Clients send it back with an entity that they have read; it has no meaning then (D-3). */
  actionLinks: 'an action link',
  locations: 'a location',
  /** Entities named only by id, optionally with their kind. */
  ids: 'the id of an entity',
  several: 'more than one entity',
  /** Location or id of the entity at the request's path. */
  itself: 'the name of the entity',
} as const satisfies Record<string, string>;

export type PartKind = keyof typeof PARTS;

export interface Reads {
  readonly query: readonly Parameter[];
  /**
   * Parts that select members. They are in header fields (GFD.223 §7), next to a payload in the body; without a body,
   * header fields are the payload if the operation takes categories in it.
   */
  readonly filter: readonly ('categories' | 'attributes')[];
  readonly payload: readonly PartKind[];
  /** `Idempotency-Key`: a retry with the same key gets the first answer. */
  readonly key?: true;
}

/** What describes an entity. */
export const DESCRIPTION = ['categories', 'attributes', 'links', 'actionLinks'] as const satisfies readonly PartKind[];

/** What names entities. */
export const NAMES = ['locations', 'ids', 'several'] as const satisfies readonly PartKind[];

/** How members are selected, the same for every operation on a part of a collection. */
export const SELECTION = { query: FILTER, filter: ['categories', 'attributes'] } as const;
