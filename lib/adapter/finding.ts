/**
 * How an entity is found by its OCCI id when the table does not hold it, beside a listing of everything: most ids are
 * hashes (ADR-3), so the native id cannot be read from them. Each way is one member of `Finding`, told apart by `by`.
 */

/**
 * For a cloud that counts: native ids are whole numbers in decimal, given in ascending order and never twice. The library
 * computes which number has the id.
 */
export interface ByNumber<N> {
  readonly by: 'number';
  /**
   * The highest number that `ids` would list, or a higher one; -1 if it would list nothing; undefined if that takes more
   * than one native call.
   */
  highest(): Promise<number | undefined>;
  /**
   * As `get`, but throws `notFound` also for what `ids` does not list. One native call. Absent where `get` shows exactly
   * what `ids` lists.
   */
  listed?(id: string): Promise<N>;
}

/**
 * For a cloud whose native ids are random UUIDs: version 4, in lower case. The native id can be read from the OCCI id. The
 * kind is also among the module's `kindsByUuid`.
 */
export interface ByUuid<N> {
  readonly by: 'uuid';
  /**
   * True where some native ids are others, such as those that an administrator chose: their OCCI ids are hashes, which only
   * a listing finds.
   */
  readonly isMixed?: boolean;
  /**
   * As `get`, but throws `notFound` also for what `ids` does not list. In as many native calls. Absent where `get`
   * shows exactly what `ids` lists.
   */
  listed?(id: string): Promise<N>;
}

/** The ways there are. A cloud that can be asked for the one native id that matches will be another member. */
export type Finding<N> = ByNumber<N> | ByUuid<N>;
