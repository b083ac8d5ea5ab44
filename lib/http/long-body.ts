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

export class LongBody {
  readonly #mayPack: boolean;
  #pieces: string[] = [];
  /** The two quotes. */
  #bytes = 2;
  #gzip: Gzip | undefined;
  #packed: Buffer[] = [];
  #packedBytes = 0;
  #written: Promise<unknown> = Promise.resolve();

  /** `mayPack` if the client takes a compressed body. */
  constructor(mayPack: boolean) {
    this.#mayPack = mayPack;
  }

  /** Adds a piece, which must not end within a character. Throws `tooLarge` as soon as the body cannot pass. */
  async add(piece: string): Promise<void> {
    if (!this.#gzip) {
      this.#pieces.push(piece);
      this.#bytes += jsonBytes(piece);
      if (this.#bytes <= LAMBDA_BYTES) return;
      if (!this.#mayPack) throw tooLarge();
      this.#gzip = createGzip();
      this.#gzip.on('data', (bytes: Buffer) => {
        this.#packed.push(bytes);
        this.#packedBytes += bytes.length;
      });
    }
    const pieces = this.#pieces.length > 0 ? this.#pieces : [piece];
    this.#pieces = [];
    for (const one of pieces) await this.#pack(one, this.#gzip);
  }

  /** Waits for the piece before, so that one is made while another is compressed, and no more are there. */
  async #pack(piece: string, gzip: Gzip): Promise<void> {
    await this.#written;
    // It passes as base64.
    if (this.#packedBytes * (4 / 3) > LAMBDA_BYTES) throw tooLarge();
    this.#written = new Promise((resolve) => gzip.write(piece, resolve));
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
