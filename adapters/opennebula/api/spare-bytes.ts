/**
 * Memory for answers, used again. A listing of thousands of machines is dozens of answers of 4 MB, one after another;
 * memory of its own for each would be free only when V8 next looks, up to 64 MB later.
 */

/** Room for the first bytes of an answer; larger room is a multiple of it, since one page is as long as another. */
const MIN_BYTES = 65_536;
const rounded = (bytes: number): number => Math.ceil(bytes / MIN_BYTES) * MIN_BYTES;
/** Larger memory is given back: a page of machines with long histories may be 22 MB. */
const MAX_SPARE_BYTES = 8 * 1024 * 1024;

/** The bytes of one answer, which arrive in pieces. */
class Bytes {
  #room: Buffer;
  length = 0;

  constructor(room: Buffer) {
    this.#room = room;
  }

  /** Makes room for an answer of this length, if there is none. */
  expect(bytes: number): void {
    if (bytes > this.#room.length) this.#grow(bytes);
  }

  add(piece: Buffer): void {
    const length = this.length + piece.length;
    if (length > this.#room.length) this.#grow(Math.max(length, 2 * this.#room.length));
    piece.copy(this.#room, this.length);
    this.length = length;
  }

  #grow(bytes: number): void {
    const larger = Buffer.allocUnsafeSlow(rounded(bytes));
    this.#room.copy(larger, 0, 0, this.length);
    this.#room = larger;
  }

  bytes(): Buffer {
    return this.#room.subarray(0, this.length);
  }

  room(): Buffer {
    return this.#room;
  }
}

/** The memory of the last answer, for the next one. */
export class SpareBytes {
  #spare: Buffer | undefined;

  take(): Bytes {
    const room = this.#spare ?? Buffer.allocUnsafeSlow(MIN_BYTES);
    this.#spare = undefined;
    return new Bytes(room);
  }

  /** Takes the memory of an answer that is used up. */
  put(used: Bytes): void {
    const room = used.room();
    if (room.length <= MAX_SPARE_BYTES && room.length > (this.#spare?.length ?? 0)) this.#spare = room;
  }
}
