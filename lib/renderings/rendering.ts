/**
 * The contract of a rendering: bytes to `Parsed`, `Answer` to bytes. A rendering knows HTTP messages and the shapes
 * below, and nothing of operations or clouds. Categories are resolved against the model later.
 */
import type { HttpRequest } from '../http/message.ts';
import type { CategoryDescription } from '../occi/category-description.ts';
import type { AnyEntity } from '../occi/entity.ts';
import type { Paging } from '../occi/page.ts';
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
  /** Kinds that a mixin applies to; text renderings cannot express it. */
  readonly applies?: readonly string[];
}

export interface ParsedLink {
  readonly target: string;
  /** Kinds of the target. */
  readonly rel: readonly string[];
  /** URI of the link entity as given by the client. */
  readonly self?: string;
  /** Kind of the link, then its mixins. */
  readonly category?: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly again?: SaidAgain;
}

/**
 * The second value of link ends that were given twice in different forms. Both may mean the same entity, which is
 * checked when it is looked up; any other attribute with two values is refused when it is read.
 */
export type SaidAgain = Readonly<Record<string, AttributeValue>>;

/** The data sent for one entity, one action invocation, or one list of category definitions. */
export interface Part {
  readonly categories: readonly ParsedCategory[];
  readonly links: readonly ParsedLink[];
  /** Action links that a client sends back after reading an entity; they have no meaning in a request (D-3). */
  readonly actions: readonly { readonly uri: string; readonly rel: string }[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly again?: SaidAgain;
}

/** A request's payload. The text renderings carry at most one part, JSON any number. */
export interface Parsed {
  readonly parts: readonly Part[];
  readonly locations: readonly string[];
  /** A location field was sent empty, perhaps by mistake. */
  readonly emptyLocations?: true;
}

export const NOTHING: Parsed = { parts: [], locations: [] };

/** The answer of an operation. Locations are paths on this endpoint; renderings make them absolute where required. */
export type Answer =
  | { readonly is: 'done' }
  | { readonly is: 'categories'; readonly categories: readonly CategoryDescription[] }
  | { readonly is: 'entity'; readonly entity: AnyEntity }
  /**
   * `entities` if the rendering shows them; then there are no `locations`, since each entity has its own. A long
   * collection of one kind may have them as `pages` instead, if the request allows it (`OcciRequest.inPages`): the next
   * page is read when the one before is written.
   */
  | {
      readonly is: 'collection';
      readonly locations: readonly string[];
      readonly entities?: readonly AnyEntity[];
      readonly pages?: AsyncIterable<readonly AnyEntity[]>;
      readonly links?: boolean;
      /** The page where the collection goes on, if these are not all of its members. */
      readonly next?: Paging;
    }
  | { readonly is: 'created'; readonly locations: readonly string[]; readonly entities?: readonly AnyEntity[] };

export interface RenderContext {
  /** Scheme and authority for absolute URLs, without a slash at the end (D-14). */
  readonly origin: string;
  /** The media type to answer with: the rendering's own or the alias that the client asked for. */
  readonly mediaType: string;
  readonly requestId: string;
  /** The client treats the text after the last line end of a listing as a location. */
  readonly splitsAtLineEnds?: boolean;
  /** A listing in text/occi has its locations in the header `Location` too. */
  readonly listsInLocation?: boolean | undefined;
  /** How many of the parts in `Rendering.omits` to leave out, from the first on; by default none. */
  readonly omitted?: number;
}

export interface Rendered {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RenderedPieces {
  readonly headers: Readonly<Record<string, string>>;
  readonly pieces: AsyncIterable<string>;
  /** How many entities the pieces show that were given so far; each ends behind an entity. */
  shown(): number;
  /** What ends the text behind any piece, in place of those that follow. */
  readonly closing: string;
}

export interface RenderedError {
  readonly status: number;
  readonly message: string;
}

/**
 * The parts of a request that a rendering reads. Path and origin show whether a payload is for the entity it is sent
 * to.
 */
export type Message = Pick<HttpRequest, 'headers' | 'body'> & Partial<Pick<HttpRequest, 'path' | 'origin'>>;

/** The letters of renderings in entity tags. */
export const LETTERS = ['p', 'o', 'u', 'j', 'n'] as const;
export type Letter = (typeof LETTERS)[number];

export interface Rendering {
  /** The media type and its aliases, the first being the name of the rendering. */
  readonly mediaTypes: readonly string[];
  /** Distinguishes its entity tags from those of the other renderings. */
  readonly letter: Letter;
  /** What it shows of a collection; with `entities` a listing reads them. */
  readonly collections: 'locations' | 'entities';
  /** The answers that it cannot express (TXT-26). */
  readonly cannot?: readonly Answer['is'][];
  /**
   * The parts of an answer that may be left out where it would be too large otherwise, the first one first: names for
   * `X-OCCI-Omitted`. Only what the grammar calls optional, and a client reads elsewhere.
   */
  readonly omits?: { readonly [K in Answer['is']]?: readonly string[] };
  /** Loads what it needs, if that is not there from the start. Awaited before it renders anything. */
  ready?(): Promise<void>;
  /** Reads a payload. Throws `OcciError('invalid')` naming header or line. Absent for a rendering that is output only. */
  parse?(request: Message): Parsed;
  /** Writes an answer. Throws `OcciError('notAcceptable')` where it cannot be shown whole (H11-26). */
  render(answer: Answer, context: RenderContext): Rendered;
  /**
   * Writes a collection of resources, or of links, while it is read: the text that `render` would give, in pieces.
   * Absent for a rendering that shows no entities in collections.
   */
  renderPages?(pages: AsyncIterable<readonly AnyEntity[]>, ofLinks: boolean, context: RenderContext): RenderedPieces;
  renderError(error: RenderedError, context: RenderContext): Rendered;
}
