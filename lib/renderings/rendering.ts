/**
 * The contract of a rendering: bytes to `Parsed`, `Answer` to bytes. A rendering knows HTTP messages and the shapes
 * below, nothing of operations or clouds; what a category means is decided later, against the model.
 */
import type { HttpRequest } from '../http/message.ts';
import type { AnyEntity } from '../occi/entity.ts';
import type { CategoryDescription } from '../occi/model.ts';
import type { AttributeValue } from '../occi/types.ts';

export interface ParsedCategory {
  readonly term: string;
  readonly scheme: string;
  readonly class?: 'kind' | 'mixin' | 'action';
  readonly title?: string;
  readonly rel?: readonly string[];
  readonly location?: string;
  readonly attributes?: readonly { readonly name: string; readonly immutable: boolean; readonly required: boolean }[];
  readonly actions?: readonly string[];
  /** Kinds that a mixin applies to; the text renderings have no place for it. */
  readonly applies?: readonly string[];
}

export interface ParsedLink {
  readonly target: string;
  /** Kinds of the target. */
  readonly rel: readonly string[];
  /** URI of the link entity, as the client would have it. */
  readonly self?: string;
  /** Kind of the link, then its mixins. */
  readonly category?: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly again?: SaidAgain;
}

/**
 * Ends of a link that were given twice, in different words: the second of them. Whether both mean the same entity is
 * found out where it is looked up; any other attribute that is given two values is refused when it is read.
 */
export type SaidAgain = Readonly<Record<string, AttributeValue>>;

/** What was sent of one entity, one action invocation, or one list of category definitions. */
export interface Part {
  readonly categories: readonly ParsedCategory[];
  readonly links: readonly ParsedLink[];
  /** Action links that a client sends back after reading an entity; they mean nothing in a request (D-3). */
  readonly actions: readonly { readonly uri: string; readonly rel: string }[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly again?: SaidAgain;
}

/** A request's payload. The text renderings carry at most one part, JSON any number. */
export interface Parsed {
  readonly parts: readonly Part[];
  readonly locations: readonly string[];
  /** A field for locations was sent without any: its sender may have meant to name some. */
  readonly emptyLocations?: true;
}

export const NOTHING: Parsed = { parts: [], locations: [] };

/** What an operation answers. Locations are paths on this endpoint; renderings make them absolute where they must. */
export type Answer =
  | { readonly is: 'done' }
  | { readonly is: 'categories'; readonly categories: readonly CategoryDescription[] }
  | { readonly is: 'entity'; readonly entity: AnyEntity }
  /** `entities` where the rendering wanted them; they know their locations, which then are left out. */
  | {
      readonly is: 'collection';
      readonly locations: readonly string[];
      readonly entities?: readonly AnyEntity[];
      readonly links?: boolean;
    }
  | { readonly is: 'created'; readonly locations: readonly string[]; readonly entities?: readonly AnyEntity[] };

export interface RenderContext {
  /** Scheme and authority for absolute URLs, without a slash at the end (D-14). */
  readonly origin: string;
  /** The media type to answer with: the rendering's own or the alias that the client asked for. */
  readonly mediaType: string;
  readonly requestId: string;
  /** The client takes what follows the last line end of a listing for a location. */
  readonly splitsAtLineEnds?: boolean;
}

export interface Rendered {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RenderedError {
  readonly status: number;
  readonly message: string;
}

/** What a rendering reads of a request. Path and origin tell whether a payload means the entity that it is sent to. */
export type Message = Pick<HttpRequest, 'headers' | 'body'> & Partial<Pick<HttpRequest, 'path' | 'origin'>>;

/** The letters of renderings in entity tags. */
export const LETTERS = ['p', 'o', 'u', 'j'] as const;
export type Letter = (typeof LETTERS)[number];

export interface Rendering {
  /** The media type and its aliases, the first being the name of the rendering. */
  readonly mediaTypes: readonly string[];
  /** Tells its entity tags from those of the other renderings. */
  readonly letter: Letter;
  /** What it shows of a collection; `entities` makes a listing read them. */
  readonly collections: 'locations' | 'entities';
  /** The answers that it cannot express (TXT-26). */
  readonly cannot?: readonly Answer['is'][];
  /** Reads a payload. Throws `OcciError('invalid')` naming header or line. Absent for a rendering that is output only. */
  parse?(request: Message): Parsed;
  /** Writes an answer. Throws `OcciError('notAcceptable')` where it cannot be shown whole (H11-26). */
  render(answer: Answer, context: RenderContext): Rendered;
  renderError(error: RenderedError, context: RenderContext): Rendered;
}
