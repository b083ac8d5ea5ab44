/**
 * Reads the XML that an answer holds, with fast-xml-parser. That parser is lenient, so what it would guess at is
 * refused before: tags that do not match, declarations (DTD and entities with them), attributes. oned writes none of
 * these.
 */
import { XMLParser } from 'fast-xml-parser';
import { NotXmlRpc } from './xml-rpc.ts';
import { decodeReferences } from './xml-text.ts';

/** An element: its text, or its children by name; the children of one name are a list when there are several. */
export type Element = string | { readonly [name: string]: Element | readonly Element[] };

/** A tag, the beginning of a CDATA section, or (nothing captured) a `<` that begins neither. */
const MARKUP = /<(?:(!\[CDATA\[)|(\/?)([^\s<>/!?=&'"]+)\s*(\/?)>|)/g;

/** Names that fast-xml-parser refuses; a user may give them to an attribute of a template, and others list it then. */
const REFUSED_NAMES = new Set(['__proto__', 'constructor', 'prototype']);
const REFUSED_TAGS = /<!\[CDATA\[[\s\S]*?\]\]>|<(\/?)(__proto__|constructor|prototype)\s*(\/?)>/g;

/** Deepest document: pool, machine, template, vector, value, and some room. */
const MAX_DEPTH = 32;

const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  ignoreAttributes: true,
  jPath: false,
  // Called for text, not for CDATA, whose ampersands stand for themselves.
  entityDecoder: {
    decode: decodeReferences,
    reset() {},
    setXmlVersion() {},
    setExternalEntities() {},
    addInputEntities() {},
  },
});

/** What a scan of the tags finds out about a document. */
interface Tags {
  /** A name must be changed before the parser sees it. */
  readonly renamed: boolean;
  readonly root: string;
  /**
   * Where the elements inside the root begin, and where the last one ends; absent when there is text between them
   * or no element.
   */
  readonly cuts: readonly number[] | undefined;
}

/** Throws unless every tag has its counterpart. */
function checkTags(document: string): Tags {
  const open: string[] = [];
  const cuts: number[] = [];
  let root = '';
  let renamed = false;
  let closed = false;
  MARKUP.lastIndex = 0;
  for (let match = MARKUP.exec(document); match !== null; match = MARKUP.exec(document)) {
    const [, section, end, name, empty] = match;
    const isBetween = open.length === 1;
    if (isBetween && cuts.at(-1) !== match.index) cuts.push(Number.NaN);
    if (section !== undefined) {
      const close = document.indexOf(']]>', MARKUP.lastIndex);
      if (close === -1 || open.length === 0)
        throw new NotXmlRpc('the document has a CDATA section without end or element');
      MARKUP.lastIndex = close + 3;
      continue;
    }
    if (name === undefined || closed) throw new NotXmlRpc('the document has markup that oned does not write');
    if (REFUSED_NAMES.has(name)) renamed = true;
    if (end) {
      if (open.pop() !== name) throw new NotXmlRpc('the document has tags that do not match');
    } else if (!empty) {
      if (open.push(name) > MAX_DEPTH) throw new NotXmlRpc('the document is nested too deeply');
    }
    closed = open.length === 0;
    if (cuts.length === 0) root = name;
    if (open.length === 1) cuts.push(MARKUP.lastIndex);
  }
  if (!closed) throw new NotXmlRpc('the document ends early');
  return { renamed, root, cuts: cuts.length < 2 || cuts.some(Number.isNaN) ? undefined : cuts };
}

/** Characters from which on a document is read element by element. */
const MIN_SPLIT_CHARS = 65_536;

/** Characters that are read at once then: an ordinary machine or two, or a great many empty elements. */
const MIN_PIECE_CHARS = 8192;

/**
 * The elements of a pool a few at a time: what the parser builds of them is gone before the next, which halves the
 * memory.
 */
function readApart(document: string, cuts: readonly number[]): Element {
  const children: Record<string, Element | Element[]> = {};
  let begin = cuts[0]!;
  for (let index = 1; index < cuts.length; index += 1) {
    const end = cuts[index]!;
    if (end - begin < MIN_PIECE_CHARS && index < cuts.length - 1) continue;
    const parsed = parser.parse(document.slice(begin, end)) as Record<string, Element | readonly Element[]>;
    for (const [name, some] of Object.entries(parsed)) {
      const present = children[name];
      const all: Element[] = present === undefined ? [] : Array.isArray(present) ? present : [present as Element];
      for (const child of Array.isArray(some) ? some : [some as Element]) all.push(child);
      children[name] = all.length === 1 ? all[0]! : all;
    }
    begin = end;
  }
  return children;
}

/**
 * A document as plain objects: texts stay texts ("007", "1e5", blanks at the ends), an empty element is ''.
 * Throws `NotXmlRpc` for what is not well-formed or not written by oned.
 */
export function readDocument(document: string): Element {
  const { renamed, root, cuts } = checkTags(document);
  const readable = renamed
    ? document.replace(REFUSED_TAGS, (all, end: string, name: string | undefined, empty: string) =>
        name === undefined ? all : `<${end}_${name}${empty}>`,
      )
    : document;
  try {
    if (document.length < MIN_SPLIT_CHARS || renamed || !cuts) return parser.parse(readable) as Element;
    return { [root]: readApart(document, cuts) };
  } catch (cause) {
    throw new NotXmlRpc('the document cannot be parsed', { cause: (cause as Error).name });
  }
}
