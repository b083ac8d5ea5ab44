/**
 * What this process has made, by the token of the create, so that a repeated create finds it without a call. Across
 * processes the token is kept in the cloud (a tag, an attribute, a name), where `findByToken` looks for it.
 */
import { BoundedCache, loadOnce } from './cache.ts';

export class Tokens {
  readonly #made = new BoundedCache<Promise<string>>({ maxEntries: 1000 });

  /** The native id of what this caller made under this token; calls `make` if nothing was. A failure is not kept. */
  createOnce(caller: string, token: string, make: () => Promise<string>): Promise<string> {
    return loadOnce(this.#made, `${caller}\n${token}`, make);
  }

  /** The native id of what this caller made under this token, if this process knows it. */
  async known(caller: string, token: string): Promise<string | undefined> {
    return this.#made.get(`${caller}\n${token}`)?.catch(() => undefined);
  }

  /** Forgets what was removed, so that its token can be used again. */
  forget(id: string): void {
    for (const [key, made] of this.#made.entries())
      void made.then(
        (one) => one === id && this.#made.delete(key),
        () => {},
      );
  }
}
