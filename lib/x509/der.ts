/** Reads DER (X.690), as far as names and extensions of certificates need it. */

export interface Element {
  /** Class, form and number in one byte, such as 0x30 for a sequence. */
  readonly tag: number;
  readonly content: Buffer;
  /** Header and content. */
  readonly whole: Buffer;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A length of more bytes than this is in no certificate. */
const MAX_LENGTH_BYTES = 3;

/** The elements that follow one another in these bytes. Throws a `RangeError` for bytes that are not DER. */
export function elementsIn(bytes: Buffer): readonly Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at]!;
    const first = bytes[at + 1];
    const lengthBytes = first !== undefined && first > 0x7f ? first & 0x7f : 0;
    const begin = at + 2 + lengthBytes;
    if ((tag & 0x1f) === 0x1f || first === undefined || first === 0x80) throw notDer();
    if (lengthBytes > MAX_LENGTH_BYTES || begin > bytes.length) throw notDer();
    const end = begin + (lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes));
    if (end > bytes.length) throw notDer();
    elements.push({ tag, content: bytes.subarray(begin, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return elements;
}

const notDer = (): RangeError => new RangeError('The bytes are not DER.');

/** The elements inside an element with this tag. Throws a `RangeError` for any other element, and for none. */
export function inside(element: Element | undefined, tag: number): readonly Element[] {
  return elementsIn(contentOf(element, tag));
}

/** The content of an element with this tag. Throws a `RangeError` for any other element, and for none. */
export function contentOf(element: Element | undefined, tag: number): Buffer {
  if (element?.tag !== tag) throw notDer();
  return element.content;
}

/** An object identifier, dotted. Throws a `RangeError` for one that is cut off. */
export function oidIn(element: Element | undefined): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  const bytes = contentOf(element, TAG.oid);
  if (bytes.length === 0 || bytes[bytes.length - 1]! > 0x7f) throw notDer();
  for (const byte of bytes) {
    arc = arc * 128n + BigInt(byte & 0x7f);
    if (byte > 0x7f) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [both = 0n, ...rest] = arcs;
  const top = both < 40n ? 0n : both < 80n ? 1n : 2n;
  return [top, both - top * 40n, ...rest].join('.');
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a string; undefined for an element of another type, and for bytes that its type does not allow. */
export function textIn({ tag, content }: Element): string | undefined {
  try {
    if (tag === TAG.utf8String) return UTF8.decode(content);
  } catch {
    return undefined;
  }
  // OpenSSL reads T61 as Latin-1 too: what it really is depends on the program that wrote it.
  if (tag === TAG.t61String) return content.toString('latin1');
  if (tag === TAG.bmpString) {
    if (content.length % 2 !== 0) return undefined;
    const text = Buffer.from(content).swap16().toString('utf16le');
    return /\p{Cs}/u.test(text) ? undefined : text;
  }
  if (tag !== TAG.printableString && tag !== TAG.ia5String && tag !== TAG.numericString) return undefined;
  return content.every((byte) => byte < 0x80) ? content.toString('latin1') : undefined;
}
