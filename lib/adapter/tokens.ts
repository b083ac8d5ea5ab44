/**
 * What a process made lately, by the token of the create: a repeated create costs no call to find it. Over processes
 * the token is kept in the cloud (a tag, an attribute, a name), where `findByToken` looks for it.
 */

const KEPT = 1000;

export class Tokens {
  readonly #made = new Map<string, Promise<string>>();

  /** The native id that was made under this token by this caller, made now if it was not. A failed attempt is not kept. */
  once(caller: string, token: string, make: () => Promise<string>): Promise<string> {
    const key = `${caller}\n${token}`;
    const known = this.#made.get(key);
    if (known) return known;
    const made = make();
    if (this.#made.size >= KEPT) this.#made.delete(this.#made.keys().next().value!);
    this.#made.set(key, made);
    made.catch(() => this.#made.delete(key));
    return made;
  }

  /** What was made under this token here, if it was. */
  async known(caller: string, token: string): Promise<string | undefined> {
    return this.#made.get(`${caller}\n${token}`)?.catch(() => undefined);
  }

  /** Forgets what was removed, so that its token can be used again. */
  forget(id: string): void {
    for (const [key, made] of this.#made)
      void made.then(
        (one) => one === id && this.#made.delete(key),
        () => {},
      );
  }
}
