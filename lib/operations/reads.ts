/**
 * What an operation uses of a request, as data. The handler compares each request with it and refuses the rest, before
 * anything is done.
 */

/** The parameters of a query that mean something here, and whether one may stand more than once. */
export const PARAMETERS = {
  /** The term of an action (GFD.223 §10.3.2). */
  action: { often: false },
  /** A filter, as other OCCI servers read it: term, type identifier or location of a category. */
  category: { often: true },
  /** A filter: the name of an attribute. Its value is the `value` in the same place. */
  attribute: { often: true },
  value: { often: true },
  /** The part of a listing that is wanted (GFD.223 §6). */
  page: { often: false },
  number: { often: false },
  /** `true` says that a DELETE without filter and names means every member. */
  all: { often: false },
} as const satisfies Record<string, { readonly often: boolean }>;

export type Parameter = keyof typeof PARAMETERS;

export const PARAMETER_NAMES = Object.keys(PARAMETERS) as readonly Parameter[];

export const isParameter = (name: string): name is Parameter => Object.hasOwn(PARAMETERS, name);

/** The parameters of a filter. */
export const FILTER = ['category', 'attribute', 'value'] as const satisfies readonly Parameter[];

/** What a payload is made of, as messages call it. */
export const PARTS = {
  categories: 'a category',
  attributes: 'an attribute',
  links: 'a link',
  /** Shows which actions apply. Clients send it back with an entity that they have read, where it means nothing (D-3). */
  actionLinks: 'an action link',
  locations: 'a location',
  /** Entities that are named by id, perhaps with their kind, and by nothing else. */
  ids: 'the id of an entity',
  several: 'more than one entity',
  /** Location or id of the entity that the path names already. */
  itself: 'the name of the entity',
} as const satisfies Record<string, string>;

export type PartKind = keyof typeof PARTS;

export interface Reads {
  readonly query: readonly Parameter[];
  /**
   * Parts that select members. They stand in header fields (GFD.223 §7), beside a payload in the body; where there is no
   * body, header fields are the payload if the operation takes categories in it.
   */
  readonly filter: readonly ('categories' | 'attributes')[];
  readonly payload: readonly PartKind[];
  /** `Idempotency-Key`: sent again under the same key, it is answered as the first time. */
  readonly key?: true;
}

/** What describes an entity. */
export const DESCRIPTION = ['categories', 'attributes', 'links', 'actionLinks'] as const satisfies readonly PartKind[];

/** What names entities. */
export const NAMES = ['locations', 'ids', 'several'] as const satisfies readonly PartKind[];

/** Members are selected in the same way for every operation on some of a collection. */
export const SELECTION = { query: FILTER, filter: ['categories', 'attributes'] } as const;
