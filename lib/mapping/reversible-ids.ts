/**
 * OCCI ids of which the native id can be read (ADR-3), for kinds whose native ids are random UUIDs: a permutation of the
 * 122 bits that a UUID of version 4 is free to choose, written as a UUID of version 5. It differs by adapter, site and
 * kind. It keeps nothing secret: whoever knows these names can invert it.
 */
import { createHash } from 'node:crypto';
import type { KindTerm } from '../occi/kinds/index.ts';

const FORM = '[0-9a-f]{8}-[0-9a-f]{4}-V[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const formOf = (version: 4 | 5): RegExp => new RegExp(`^${FORM.replace('V', String(version))}$`);
const NATIVE = formOf(4);
const OCCI = formOf(5);

/** The free bits in four words, and how many bits each has: the rest are those of version and variant. */
type Words = readonly [a: number, b: number, c: number, d: number];
const MASK_28 = 0xfffffff;
const MASK_30 = 0x3fffffff;
const VARIANT = 0x8000;

const DIGITS = Buffer.from('0123456789abcdef');
const VALUES = new Uint8Array(128);
for (const [value, code] of DIGITS.entries()) VALUES[code] = value;

/** The number that hexadecimal digits of a text stand for. In a listing, this takes a third of the time of `parseInt`. */
function numberIn(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) number = (number << 4) | VALUES[text.charCodeAt(at)]!;
  return number;
}

/** The words of a UUID in one of the two forms. */
const wordsOf = (uuid: string): Words => [
  numberIn(uuid, 0, 8),
  (numberIn(uuid, 9, 13) << 12) | numberIn(uuid, 15, 18),
  ((numberIn(uuid, 19, 23) << 16) | numberIn(uuid, 24, 28)) & MASK_30,
  numberIn(uuid, 28, 36),
];

const bytes = Buffer.from('00000000-0000-0000-0000-000000000000');
const VERSION_AT = 14;

function writeNumber(number: number, from: number, to: number): void {
  let rest = number;
  for (let at = to - 1; at >= from; at--) {
    bytes[at] = DIGITS[rest & 0xf]!;
    rest >>>= 4;
  }
}

/** The UUID of a version with these words. It is written into bytes: a text put together of so many parts takes 3 µs. */
function uuidOf([a, b, c, d]: Words, version: 4 | 5): string {
  writeNumber(a, 0, 8);
  writeNumber(b >>> 12, 9, 13);
  bytes[VERSION_AT] = DIGITS[version]!;
  writeNumber(b, 15, 18);
  writeNumber((c >>> 16) | VARIANT, 19, 23);
  writeNumber(c, 24, 28);
  writeNumber(d, 28, 36);
  return bytes.toString('latin1');
}

/** Mixes 128 bits into 32, by the steps of MurmurHash3 and its finalizer. */
function mixed(key: number, x: number, y: number, z: number): number {
  let h = Math.imul(key ^ x, 0xcc9e2d51);
  h = Math.imul((h ^ (h >>> 15)) + y, 0x1b873593);
  h = Math.imul((h ^ (h >>> 16)) + z, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Each round changes one word by the three others, so that it is inverted by doing it again. */
const ROUNDS = 12;

/** The round keys of a kind: a SHA-384 is as long as they are. */
function keysOf(name: string): Int32Array {
  const digest = createHash('sha384').update(name).digest();
  return Int32Array.from({ length: ROUNDS }, (_, round) => digest.readInt32BE(4 * round));
}

function permuted(words: Words, keys: Int32Array): Words {
  let [a, b, c, d] = words;
  for (let round = 0; round < ROUNDS; round += 4) {
    a ^= mixed(keys[round]!, b, c, d);
    b ^= mixed(keys[round + 1]!, a, c, d) & MASK_28;
    c ^= mixed(keys[round + 2]!, a, b, d) & MASK_30;
    d ^= mixed(keys[round + 3]!, a, b, c);
  }
  return [a, b, c, d];
}

function inverted(words: Words, keys: Int32Array): Words {
  let [a, b, c, d] = words;
  for (let round = ROUNDS - 4; round >= 0; round -= 4) {
    d ^= mixed(keys[round + 3]!, a, b, c);
    c ^= mixed(keys[round + 2]!, a, b, d) & MASK_30;
    b ^= mixed(keys[round + 1]!, a, c, d) & MASK_28;
    a ^= mixed(keys[round]!, b, c, d);
  }
  return [a, b, c, d];
}

/** The ids of the kinds whose native ids are random UUIDs. Must never change, as NAMESPACE of `identity.ts`. */
export class ReversibleIds {
  readonly #keys: ReadonlyMap<KindTerm, Int32Array>;

  constructor(adapter: string, site: string, kinds: readonly KindTerm[]) {
    this.#keys = new Map(kinds.map((kind) => [kind, keysOf(`${adapter}\n${site}\n${kind}\n`)]));
  }

  /** The OCCI id; undefined for another kind, and for a native id that is no UUID of version 4 in lower case. */
  idOf(kind: KindTerm, nativeId: string): string | undefined {
    const keys = this.#keys.get(kind);
    if (!keys || !NATIVE.test(nativeId)) return undefined;
    return uuidOf(permuted(wordsOf(nativeId), keys), 5);
  }

  /** The native id of which `idOf` makes this OCCI id; undefined for another kind, and for what is no OCCI id. */
  nativeIdOf(kind: KindTerm, id: string): string | undefined {
    const keys = this.#keys.get(kind);
    if (!keys || !OCCI.test(id)) return undefined;
    return uuidOf(inverted(wordsOf(id), keys), 4);
  }
}
