/**
 * Which whole number an OCCI id is the hash of, for clouds that number their entities. Hashing is cheap: 100,000 numbers
 * take about 0.1 s of processor time once, and 2 MB. Nothing in here comes from a cloud.
 */
import { sha1 } from '../sha1.ts';
import { namespaceBytes, uuidOfDigest } from './identity.ts';

/** As many numbers, from 0 on, are indexed at most: 0.6 s of processor time and 8 MB. */
export const MAX_NUMBERS = 2 ** 19;
/** Other requests get their turn after so many hashes, which take about 10 ms. */
const HASHES_PER_TURN = 8192;
const MIN_SLOTS = 1024;
const MAX_DIGITS = 10;

/**
 * A hash table with open addressing, in two typed arrays: the first 32 bits of the UUID are key and hash at the same
 * time. A match in them is checked by hashing the number again.
 */
export class NumberIndex {
  readonly #bytes: Buffer;
  readonly #nameEnd: number;
  #size = 0;
  /** By slot: the first 32 bits of a UUID, and its number plus one; 0 where the slot is empty. */
  #heads = new Uint32Array(MIN_SLOTS);
  #numbers = new Uint32Array(MIN_SLOTS);

  /** `nameBefore` is the name that is hashed, up to the number. */
  constructor(nameBefore: string) {
    const name = Buffer.from(nameBefore);
    this.#nameEnd = namespaceBytes.length + name.length;
    this.#bytes = Buffer.concat([namespaceBytes, name, Buffer.alloc(MAX_DIGITS)]);
  }

  /** All numbers below this one are in the index. */
  get size(): number {
    return this.#size;
  }

  /** Puts all numbers below `size` into the index, at most `MAX_NUMBERS`. Calls at the same time share the work. */
  async growTo(size: number): Promise<void> {
    const wanted = Math.min(size, MAX_NUMBERS);
    this.#reserve(wanted);
    while (this.#size < wanted) {
      const until = Math.min(wanted, this.#size + HASHES_PER_TURN);
      for (; this.#size < until; this.#size++) this.#put(headOf(this.#digest(this.#size)), this.#size);
      if (until < wanted) await new Promise(setImmediate);
    }
  }

  /** The number whose entity has this UUID, if it is in the index. */
  find(uuid: string): number | undefined {
    const head = headOf(uuid);
    const mask = this.#numbers.length - 1;
    for (let slot = head & mask; this.#numbers[slot] !== 0; slot = (slot + 1) & mask) {
      if (this.#heads[slot] !== head) continue;
      const number = this.#numbers[slot]! - 1;
      if (uuidOfDigest(this.#digest(number)) === uuid) return number;
    }
    return undefined;
  }

  #digest(number: number): string {
    const digits = this.#bytes.write(String(number), this.#nameEnd, 'latin1');
    return sha1(this.#bytes.subarray(0, this.#nameEnd + digits));
  }

  #put(head: number, number: number): void {
    const mask = this.#numbers.length - 1;
    let slot = head & mask;
    while (this.#numbers[slot] !== 0) slot = (slot + 1) & mask;
    this.#heads[slot] = head;
    this.#numbers[slot] = number + 1;
  }

  /** Room for so many numbers, with at most three quarters of the slots taken. */
  #reserve(size: number): void {
    let slots = this.#numbers.length;
    while (slots * 0.75 < size) slots *= 2;
    if (slots === this.#numbers.length) return;
    const [heads, numbers] = [this.#heads, this.#numbers];
    this.#heads = new Uint32Array(slots);
    this.#numbers = new Uint32Array(slots);
    for (let slot = 0; slot < numbers.length; slot++)
      if (numbers[slot] !== 0) this.#put(heads[slot]!, numbers[slot]! - 1);
  }
}

/** The first 32 bits of a UUID or digest. */
const headOf = (text: string): number => Number.parseInt(text.slice(0, 8), 16);
