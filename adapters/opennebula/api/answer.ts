/**
 * Reads the envelope of an answer. The envelope is a few fixed elements around a single text that can be megabytes
 * long; fast-xml-parser collects that text character by character, which takes twice as long as the document inside it.
 */
import { NotXmlRpc, type Value } from './xml-rpc.ts';
import { decodeInPlace } from './xml-text.ts';

const LESS = 0x3c;
const GREATER = 0x3e;
const QUESTION = 0x3f;

/** A text of this length that begins with a tag is a document: a pool, or a machine that is large. */
const MIN_DOCUMENT_BYTES = 65_536;

/** Deepest answer: param > array > array > tuple > struct of a fault, and some room. */
const MAX_DEPTH = 12;

class Envelope {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Name of the tag that begins here (`/name` for an end), blanks before it skipped; undefined if none does. */
  peek(): string | undefined {
    let at = this.at;
    while (isBlank(this.bytes[at])) at += 1;
    if (this.bytes[at] !== LESS) return undefined;
    const close = this.bytes.indexOf(GREATER, at);
    if (close === -1 || close - at > 64) return undefined;
    this.at = at;
    return this.bytes.toString('latin1', at + 1, close);
  }

  take(name: string): void {
    if (this.peek() !== name) throw new NotXmlRpc(`the answer has no <${name}> where one must be`);
    this.at += name.length + 2;
  }

  takeIf(name: string): boolean {
    if (this.peek() !== name) return false;
    this.at += name.length + 2;
    return true;
  }

  /** The bytes up to the next tag, decoded. */
  content(): Buffer {
    const end = this.bytes.indexOf(LESS, this.at);
    if (end === -1) throw new NotXmlRpc('the answer ends within a text');
    const start = this.at;
    this.at = end;
    try {
      return this.bytes.subarray(start, decodeInPlace(this.bytes, start, end));
    } catch (error) {
      throw new NotXmlRpc(`the answer has ${(error as Error).message}`);
    }
  }

  /** The text up to the next tag, decoded. */
  text(): string {
    return this.content().toString();
  }

  /** The same; a long document without a declaration stays in its bytes, from which it is read. */
  textOrDocument(): string | Buffer {
    const content = this.content();
    const isDocument = content.length >= MIN_DOCUMENT_BYTES && content[0] === LESS && content[1] !== QUESTION;
    return isDocument ? content : content.toString();
  }

  /** Skips the XML declaration, if there is one. */
  skipDeclaration(): void {
    if (this.peek()?.startsWith('?xml ')) this.at = this.bytes.indexOf(GREATER, this.at) + 1;
  }

  /** Throws unless nothing but blanks is left. */
  requireEnd(): void {
    for (let at = this.at; at < this.bytes.length; at += 1) {
      if (!isBlank(this.bytes[at])) throw new NotXmlRpc('the answer goes on after its end');
    }
  }
}

const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

function scalar(type: string, text: string): Value {
  switch (type) {
    case 'i4':
    case 'int':
    case 'i8':
    case 'ex:i8':
      if (/^\s*-?\d{1,19}\s*$/.test(text)) return Number(text);
      break;
    case 'boolean':
      if (/^\s*[01]\s*$/.test(text)) return text.trim() === '1';
      break;
    case 'double':
      if (/^\s*-?\d+(\.\d*)?\s*$/.test(text)) return Number(text);
      break;
  }
  throw new NotXmlRpc(`the answer has a malformed value of the type ${/^[\w:]{1,16}$/.test(type) ? type : 'unknown'}`);
}

function readValue(envelope: Envelope, depth: number): Value {
  if (depth > MAX_DEPTH) throw new NotXmlRpc('the answer is nested too deeply');
  if (envelope.takeIf('value/')) return '';
  envelope.take('value');
  const type = envelope.peek();
  let value: Value;
  if (type === undefined || type === '/value') {
    value = envelope.text();
  } else if (type.endsWith('/')) {
    envelope.take(type);
    const name = type.slice(0, -1);
    if (name === 'string') value = '';
    else value = name === 'nil' || name === 'ex:nil' ? null : scalar(name, '');
  } else if (type === 'array') {
    value = readArray(envelope, depth);
  } else if (type === 'struct') {
    value = readStruct(envelope, depth);
  } else {
    envelope.take(type);
    value = type === 'string' ? envelope.textOrDocument() : scalar(type, envelope.text());
    envelope.take(`/${type}`);
  }
  envelope.take('/value');
  return value;
}

function readArray(envelope: Envelope, depth: number): Value {
  const items: Value[] = [];
  envelope.take('array');
  if (!envelope.takeIf('data/')) {
    envelope.take('data');
    while (!envelope.takeIf('/data')) items.push(readValue(envelope, depth + 1));
  }
  envelope.take('/array');
  return items;
}

function readStruct(envelope: Envelope, depth: number): Value {
  const members: [string, Value][] = [];
  envelope.take('struct');
  while (!envelope.takeIf('/struct')) {
    envelope.take('member');
    envelope.take('name');
    const name = envelope.text();
    envelope.take('/name');
    members.push([name, readValue(envelope, depth + 1)]);
    envelope.take('/member');
  }
  return Object.fromEntries(members);
}

/**
 * The value of an answer; a fault is a struct with `faultCode`. The bytes are used up: texts are decoded in place,
 * and a long document is a part of them.
 * Throws `NotXmlRpc` for everything else: HTML, an answer cut off, a type that does not exist.
 */
export function readAnswer(bytes: Buffer): Value {
  const envelope = new Envelope(bytes);
  envelope.skipDeclaration();
  envelope.take('methodResponse');
  const isFault = envelope.takeIf('fault');
  if (!isFault) {
    envelope.take('params');
    envelope.take('param');
  }
  const value = readValue(envelope, 0);
  if (isFault) {
    envelope.take('/fault');
    if (typeof value !== 'object' || value === null || !('faultCode' in value))
      throw new NotXmlRpc('a fault without code');
  } else {
    envelope.take('/param');
    envelope.take('/params');
  }
  envelope.take('/methodResponse');
  envelope.requireEnd();
  return value;
}
