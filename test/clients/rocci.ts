/**
 * How rOCCI 4.x reads an answer: its regular expressions, in their fixed order of parameters, and its cut of header
 * values at every comma. Where it would silently drop the rest of a line, this throws. CLIENT-10 to CLIENT-13.
 */
import type { Reply } from '../endpoint.ts';

/** Headers of every request. */
export const ROCCI = {
  Connection: 'close',
  'User-Agent': 'rOCCI-core/4.3.6 rOCCI-api/4.3.14 OCCI/1.1 ruby-x86_64-linux-gnu/3.1.2p20',
} as const;

export interface ReadCategory {
  readonly id: string;
  readonly term: string;
  readonly scheme: string;
  readonly class: string;
  readonly title?: string | undefined;
  readonly rel: readonly string[];
  readonly location?: string | undefined;
  readonly attributes: readonly string[];
  readonly actions: readonly string[];
}

export type ReadAttributes = Readonly<Record<string, string | number | boolean>>;

export interface ReadLink {
  readonly target: string;
  readonly rel: string;
  readonly self?: string | undefined;
  readonly category?: string | undefined;
  readonly attributes: ReadAttributes;
}

export interface ReadEntity {
  readonly categories: readonly ReadCategory[];
  readonly links: readonly ReadLink[];
  /** Type identifiers of the actions that are offered. */
  readonly actions: readonly string[];
  readonly attributes: ReadAttributes;
}

const QUOTED = String.raw`(?:[^"\\]|\\.)*`;
const NUMBER = String.raw`[0-9]+\.[0-9]+|[0-9]+`;
const BOOL = String.raw`\btrue\b|\bfalse\b`;
const TERM = '[a-z][a-z0-9_-]*';
const URI_CHARACTER = String.raw`[-_.!~*'()A-Za-z0-9;/?:@&=+$,%\[\]]`;
const SCHEME = `[A-Za-z][A-Za-z0-9+.-]*:${URI_CHARACTER}+#`;
const URI = `(?:${URI_CHARACTER}|#)*`;
const TYPE_ID = SCHEME + TERM;
const TYPE_IDS = String.raw`${TYPE_ID}(?:\s+${TYPE_ID})*`;
const NAME = String.raw`${TERM}(?:\.${TERM})*`;
const PROPERTY = '(?:immutable|required)';
const DEFINITION = String.raw`${NAME}(?:\{${PROPERTY}(?: ${PROPERTY})?\})?`;
const VALUE = `(?:"(?<string>${QUOTED})"|(?<number>${NUMBER})|(?<bool>${BOOL}))`;
const PAIR = `${NAME}=(?:"${QUOTED}"|${NUMBER}|${BOOL})`;

const CATEGORY = new RegExp(
  String.raw`^Category:\s*(?<term>${TERM});\s*scheme="(?<scheme>${SCHEME})";\s*class="(?<class>action|mixin|kind)"` +
    String.raw`(?:;\s*title="(?<title>${QUOTED})")?(?:;\s*rel="(?<rel>${TYPE_IDS})")?(?:;\s*location="(?<location>${URI})")?` +
    String.raw`(?:;\s*attributes="(?<attributes>${DEFINITION}(?:\s+${DEFINITION})*)")?(?:;\s*actions="(?<actions>${TYPE_IDS})")?;?$`,
);
const LINK = new RegExp(
  String.raw`^Link:\s*<(?<uri>${URI})>;\s*rel="(?<rel>${TYPE_IDS})"(?:;\s*self="(?<self>${URI})")?` +
    String.raw`(?:;\s*category="(?<category>${TYPE_IDS})")?(?<attributes>(?:;\s*${PAIR})*);?$`,
);
const ATTRIBUTE = new RegExp(String.raw`^X-OCCI-Attribute:\s*(?<name>${NAME})=${VALUE};?$`);
const LOCATION = new RegExp(String.raw`^X-OCCI-Location:\s*(?<location>${URI});?$`);

function match(expression: RegExp, line: string): Record<string, string | undefined> {
  const groups = expression.exec(line)?.groups;
  if (!groups) throw new Error(`Could not match ${line}`);
  return groups;
}

const words = (text: string | undefined) => text?.split(/\s+(?![^{]*\})/) ?? [];

function readCategory(line: string): ReadCategory {
  const { term, scheme, class: of, title, rel, location, attributes, actions } = match(CATEGORY, line);
  const lists = { rel: words(rel), attributes: words(attributes), actions: words(actions) };
  return { id: `${scheme}${term}`, term: term!, scheme: scheme!, class: of!, title, location, ...lists };
}

function readAttribute(line: string): ReadAttributes {
  const { name, string, number, bool } = match(ATTRIBUTE, line);
  return { [name!]: string ?? (number === undefined ? bool === 'true' : Number(number)) };
}

function readLink(line: string): ReadLink {
  const { uri, rel, self, category, attributes } = match(LINK, line);
  const pairs = (attributes ?? '').match(new RegExp(PAIR, 'g')) ?? [];
  const all = pairs.map((pair) => readAttribute(`X-OCCI-Attribute: ${pair}`));
  return { target: uri!, rel: rel!, self, category, attributes: Object.assign({}, ...all) };
}

/** The media type as the client compares it: without parameters. */
export const mediaTypeOf = ({ headers }: Reply) => (headers['content-type'] ?? '').split(';')[0]!.trim();

const FIELDS = ['Category', 'Link', 'X-OCCI-Attribute', 'X-OCCI-Location', 'Location'];

/** In text/occi every header value is cut at every comma, quotes or not, and all the pieces are sorted. */
const headerLines = ({ headers }: Reply) =>
  FIELDS.flatMap((field) =>
    (headers[field.toLowerCase()]?.split(',') ?? []).map((piece) => `${field}: ${piece}`.trim()),
  );

/** The lines of an answer as the client has them before it parses. */
export function linesOf(reply: Reply): readonly string[] {
  const mediaType = mediaTypeOf(reply);
  if (mediaType === 'text/occi') return headerLines(reply).sort();
  if (mediaType === 'text/plain') return reply.body.split('\n').map((line) => line.trim());
  throw new Error(`Content type ${mediaType} not supported`);
}

const starting = (reply: Reply, field: string) => linesOf(reply).filter((line) => line.startsWith(`${field}:`));

export const readModel = (reply: Reply): readonly ReadCategory[] => starting(reply, 'Category').map(readCategory);

/** The client begins a new entity when it comes to the kind: mixins that stand or sort before it are lost. CLIENT-13. */
function readCategories(reply: Reply): readonly ReadCategory[] {
  const all = starting(reply, 'Category').map(readCategory);
  return all.slice(all.findIndex((category) => category.class === 'kind'));
}

export function readEntity(reply: Reply): ReadEntity {
  const links = starting(reply, 'Link').map(readLink);
  const isAction = ({ target }: ReadLink) => target.includes('?action=');
  return {
    categories: readCategories(reply),
    links: links.filter((link) => !isAction(link)),
    actions: links.filter(isAction).map(({ rel }) => rel),
    attributes: Object.assign({}, ...starting(reply, 'X-OCCI-Attribute').map(readAttribute)),
  };
}

/** Where a new entity is: the header `Location`, else an X-OCCI-Location; in JSON the header alone. CLIENT-4. */
export function createdAt(reply: Reply): string | undefined {
  if (reply.headers.location) return reply.headers.location;
  if (mediaTypeOf(reply).endsWith('json')) return undefined;
  return starting(reply, 'X-OCCI-Location').map((line) => match(LOCATION, line).location)[0];
}

/** A text/uri-list as `list` cuts it. Ruby's URI refuses whitespace, a carriage return included. CLIENT-21. */
export function readUriList(reply: Reply): readonly string[] {
  const lines = reply.body.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
