/**
 * A body that is made piece by piece. It is kept as text while it can pass so; once it is larger than that, its pieces are
 * compressed as they come, beside the other work of the request.
 */
import { once } from 'node:events';
import { createGzip, type Gzip } from 'node:zlib';
import type { HttpResponse } from './message.ts';
import { LAMBDA_BYTES, tooLarge } from './result.ts';

/** Bytes of a text inside a JSON string. */
const jsonBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;

/** A compressed body passes as base64. */
const asBase64 = (bytes: number): number => Math.ceil(bytes / 3) * 4;

/** What zlib keeps of its input before it gives anything: its window, and a block that is not closed. */
const COMPRESSOR_BYTES = 131_072;

export class LongBody {
  readonly #mayPack: boolean;
  readonly #maxBytes: number;
  #pieces: string[] = [];
  /** The two quotes. */
  #bytes = 2;
  #gzip: Gzip | undefined;
  #packed: Buffer[] = [];
  #packedBytes = 0;
  #written: Promise<unknown> = Promise.resolve();

  /** `mayPack` if the client takes a compressed body; `maxBytes` of the body as it is sent. */
  constructor(mayPack: boolean, maxBytes = LAMBDA_BYTES) {
    this.#mayPack = mayPack;
    this.#maxBytes = maxBytes;
  }

  /** Adds a piece, which must not end within a character. Throws `tooLarge` as soon as the body cannot pass. */
  async add(piece: string): Promise<void> {
    if (this.#keep(piece, 0)) return;
    if (!this.#mayPack) throw tooLarge(this.#maxBytes);
    await this.#packKept();
    await this.#pack(piece);
    if (asBase64(this.#packedBytes) > this.#maxBytes) throw tooLarge(this.#maxBytes);
  }

  /** Adds a piece, unless the body might not pass with it and `reserve` more bytes: false, and it is as it was. */
  async tryAdd(piece: string, reserve: number): Promise<boolean> {
    if (this.#keep(piece, reserve)) return true;
    if (!this.#mayPack) return false;
    await this.#packKept();
    await this.#written;
    // What the compressor still holds may not get any shorter, nor may the piece.
    const most = this.#packedBytes + COMPRESSOR_BYTES + Buffer.byteLength(piece) + reserve;
    if (asBase64(most) > this.#maxBytes) return false;
    await this.#pack(piece);
    return true;
  }

  /** Keeps a piece as text; false if the body cannot pass as that. */
  #keep(piece: string, reserve: number): boolean {
    if (this.#gzip) return false;
    const bytes = this.#bytes + jsonBytes(piece);
    if (bytes + reserve > this.#maxBytes) return false;
    this.#pieces.push(piece);
    this.#bytes = bytes;
    return true;
  }

  /** Compresses what was kept as text. */
  async #packKept(): Promise<void> {
    for (const piece of this.#pieces.splice(0)) await this.#pack(piece);
  }

  /** Waits for the piece before, so that one is made while another is compressed, and no more are there. */
  async #pack(piece: string): Promise<void> {
    await this.#written;
    const gzip = this.#compressor();
    this.#written = new Promise((resolve) => gzip.write(piece, resolve));
  }

  #compressor(): Gzip {
    if (this.#gzip) return this.#gzip;
    const gzip = createGzip();
    gzip.on('data', (bytes: Buffer) => {
      this.#packed.push(bytes);
      this.#packedBytes += bytes.length;
    });
    this.#gzip = gzip;
    return gzip;
  }

  /** The whole body. */
  async end(): Promise<Pick<HttpResponse, 'body' | 'gzipped'>> {
    if (!this.#gzip) return { body: this.#pieces.join('') };
    await this.#written;
    const ended = once(this.#gzip, 'end');
    this.#gzip.end();
    await ended;
    return { body: '', gzipped: Buffer.concat(this.#packed) };
  }

  /** Gives up a body that is not wanted any more. */
  drop(): void {
    this.#gzip?.destroy();
    this.#pieces = [];
  }
}
