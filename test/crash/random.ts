/** Random numbers that a seed repeats (mulberry32). */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** Any of a list that is not empty. */
  of<T>(list: readonly T[]): T;
}

export const randomOf = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, of: (list) => list[Math.floor(next() * list.length)]! };
};
