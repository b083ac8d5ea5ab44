/** The part of `level` that dynalite and we use. https://github.com/Level/abstract-level */
export interface LevelIterator {
  /** Resolves with `undefined` at the end. */
  next(): Promise<unknown>;
  close(): Promise<void>;
}

export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: unknown }
  | { readonly type: 'del'; readonly key: string };

export interface Level {
  open(): Promise<void>;
  close(): Promise<void>;
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
  del(key: string): Promise<void>;
  batch(operations: readonly Operation[]): Promise<void>;
  keys(options?: object): LevelIterator;
  values(options?: object): LevelIterator;
}

export type LevelClass = new (path: string, options?: object) => Level;
