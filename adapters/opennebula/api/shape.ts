/** What an answer must look like. */

/** Gives the value of what an answer holds; XML comes to it as a plain object. Throws a `ZodError` for anything else. */
export interface Shape<T> {
  parse(value: unknown): T;
  /** Reads a long document from its bytes, one element after another. */
  read?(document: Buffer): T;
}

export type PoolShape<T> = Shape<T[]> & Required<Pick<Shape<T[]>, 'read'>>;
