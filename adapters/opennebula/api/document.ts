/**
 * Reads the XML that an answer holds, from its bytes in one pass. Stricter than XML where oned is: declarations (DTD and
 * entities with them), attributes, comments and instructions are refused, as oned writes none of them. A page of 500
 * machines is 4 MB with 80,000 elements; fast-xml-parser, which tests compare this with, takes ten times as long for it.
 */
import { Texts } from './texts.ts';
import { NotXmlRpc } from './xml-rpc.ts';
import { decodeReferences } from './xml-text.ts';

/** An element: its text, or its children by name; the children of one name are a list when there are several. */
export type Element = string | { readonly [name: string]: Element | readonly Element[] };

/** An element while it is read. The text of one with children is dropped: oned writes none. */
interface Open {
  readonly name: string;
  /** Where its name is. */
  readonly start: number;
  readonly end: number;
  text: string;
  children: Record<string, Element | Element[]> | undefined;
}

/** Deepest document: pool, machine, template, vector, value, and some room. */
const MAX_DEPTH = 32;

/** Names that would change what an object is; a user may give them to an attribute of a template. */
const REFUSED_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

/** Names that an object seems to have before they are set. */
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

const [TAB, LINE_FEED, RETURN, BLANK] = [0x09, 0x0a, 0x0d, 0x20];
const [LESS, GREATER, SLASH, AMPERSAND] = [0x3c, 0x3e, 0x2f, 0x26];

const isBlank = (byte: number | undefined): boolean =>
  byte === BLANK || byte === LINE_FEED || byte === TAB || byte === RETURN;

/** 1 for the bytes that a name cannot have; a byte beyond ASCII is part of a character that it can. */
const ENDS_NAME = new Uint8Array(256);
for (const character of '\t\n\v\f\r <>/!?=&\'"') ENDS_NAME[character.charCodeAt(0)] = 1;

const CDATA = Buffer.from('<![CDATA[');
const BRACKET = 0x5d;

const names = new Texts();
const values = new Texts();

const nameIn = (bytes: Buffer, start: number, end: number): string => {
  const name = names.at(bytes, start, end);
  return REFUSED_NAMES.has(name) ? `_${name}` : name;
};

const NOT_READABLE = {
  markup: 'the document has markup that oned does not write',
  tags: 'the document has tags that do not match',
  early: 'the document ends early',
  deep: 'the document is nested too deeply',
  around: 'the document has text around it',
  section: 'the document has a CDATA section without end or element',
  reference: 'the document has a reference that XML does not define',
} as const;

const refusal = (why: keyof typeof NOT_READABLE): NotXmlRpc => new NotXmlRpc(NOT_READABLE[why]);

/** The text between two places; `odd` if it may have line ends that XML changes, or characters beyond ASCII. */
const textAt = (bytes: Buffer, start: number, end: number, odd: boolean): string =>
  odd ? bytes.toString('utf8', start, end).replace(/\r\n?/g, '\n') : values.at(bytes, start, end);

function decoded(bytes: Buffer, start: number, end: number): string {
  try {
    return decodeReferences(textAt(bytes, start, end, true));
  } catch {
    throw refusal('reference');
  }
}

function add(parent: Open, name: string, child: Element): void {
  parent.children ??= {};
  const { children } = parent;
  const present = INHERITED.has(name) && !Object.hasOwn(children, name) ? undefined : children[name];
  if (present === undefined) children[name] = child;
  else if (Array.isArray(present)) present.push(child);
  else children[name] = [present as Element, child];
}

const begins = (bytes: Buffer, start: number, what: Buffer): boolean => {
  for (let at = 0; at < what.length; at += 1) if (bytes[start + at] !== what[at]) return false;
  return true;
};

/** Reads the bytes from the first to the last, one piece after another: a text, a section, a tag. */
class Reader {
  readonly #bytes: Buffer;
  readonly #take: Take | undefined;
  readonly #outside: Open = { name: '', start: 0, end: 0, text: '', children: undefined };
  readonly #stack: Open[] = [];
  #open = this.#outside;
  #at = 0;

  constructor(bytes: Buffer, take?: Take) {
    this.#bytes = bytes;
    this.#take = take;
  }

  read(): Element {
    const bytes = this.#bytes;
    for (;;) {
      this.#text();
      if (this.#at >= bytes.length) break;
      if (bytes[this.#at + 1] === SLASH) this.#endTag();
      else if (begins(bytes, this.#at, CDATA)) this.#section();
      else this.#tag();
    }
    const { children } = this.#outside;
    if (this.#open !== this.#outside || !children) throw refusal('early');
    return children as Element;
  }

  #text(): void {
    const bytes = this.#bytes;
    const start = this.#at;
    let at = start;
    let odd = false;
    let hasReferences = false;
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at]!;
      if (byte === LESS) break;
      if (byte === AMPERSAND) hasReferences = true;
      else if (byte === RETURN || byte >= 0x80) odd = true;
    }
    this.#at = at;
    if (at === start) return;
    if (this.#open !== this.#outside) {
      this.#say(hasReferences ? decoded(bytes, start, at) : textAt(bytes, start, at, odd));
    } else {
      for (let place = start; place < at; place += 1) if (!isBlank(bytes[place])) throw refusal('around');
    }
  }

  #section(): void {
    const bytes = this.#bytes;
    const start = this.#at + CDATA.length;
    let at = start;
    let odd = false;
    for (; ; at += 1) {
      if (at + 2 >= bytes.length || this.#open === this.#outside) throw refusal('section');
      const byte = bytes[at]!;
      if (byte === BRACKET && bytes[at + 1] === BRACKET && bytes[at + 2] === GREATER) break;
      if (byte === RETURN || byte >= 0x80) odd = true;
    }
    this.#at = at + 3;
    if (at > start) this.#say(textAt(bytes, start, at, odd));
  }

  #say(text: string): void {
    this.#open.text = this.#open.text === '' ? text : this.#open.text + text;
  }

  #endTag(): void {
    if (this.#open === this.#outside) throw refusal('tags');
    const bytes = this.#bytes;
    const { name, start, end, text, children } = this.#open;
    let at = this.#at + 2;
    for (let of = start; of < end; of += 1, at += 1) if (bytes[at] !== bytes[of]) throw refusal('tags');
    while (isBlank(bytes[at])) at += 1;
    if (bytes[at] !== GREATER) throw refusal('tags');
    this.#at = at + 1;
    this.#open = this.#stack.pop()!;
    this.#add(name, children ?? text);
  }

  #add(name: string, element: Element): void {
    if (this.#take && this.#stack.length === 1) this.#take(name, element);
    else add(this.#open, name, element);
  }

  #tag(): void {
    // A second root.
    if (this.#open === this.#outside && this.#outside.children) throw refusal('markup');
    const bytes = this.#bytes;
    const start = this.#at + 1;
    let at = start;
    while (at < bytes.length && ENDS_NAME[bytes[at]!] === 0) at += 1;
    const end = at;
    while (isBlank(bytes[at])) at += 1;
    const isEmpty = bytes[at] === SLASH;
    if (isEmpty) at += 1;
    if (end === start || bytes[at] !== GREATER) throw refusal('markup');
    this.#at = at + 1;
    const name = nameIn(bytes, start, end);
    if (isEmpty) {
      this.#add(name, '');
      return;
    }
    if (this.#stack.push(this.#open) > MAX_DEPTH) throw refusal('deep');
    this.#open = { name, start, end, text: '', children: undefined };
  }
}

/** Gets each child of the root when it has been read. */
type Take = (name: string, element: Element) => void;

/**
 * A document as plain objects: texts stay texts ("007", "1e5", blanks at the ends), an empty element is ''. No text of
 * it refers to the bytes. Throws `NotXmlRpc` for what is not well-formed or not written by oned.
 */
export const readDocument = (document: string | Buffer): Element =>
  new Reader(typeof document === 'string' ? Buffer.from(document) : document).read();

/**
 * Reads a document as {@link readDocument} does, but gives away each child of the root before it reads the next, so that
 * a page of machines is never there as objects. Gives the name of the root. Throws as well, when some have been given away.
 */
export const readChildren = (document: Buffer, take: (name: string, element: Element) => void): string =>
  Object.keys(new Reader(document, take).read())[0]!;
