/** The owners of the stand-in's machines: one owner per size of listing. */

/** Sizes of the listings. */
export const SIZES = [1, 100, 1000, 10_000] as const;
export type Size = (typeof SIZES)[number];

/** Sizes of the pools in which ids are looked for the first time; their machines are in a cloud of their own. */
export const LARGE = [20_000, 100_000] as const;
export type LargePool = (typeof LARGE)[number];

/** Owns the machines to be deleted. */
export const SPARE = { name: 'spare', machines: 400 } as const;

/** Makes all other requests; one of the users of the recorded site. */
export const ASKER = 'alice:password';

export const ownerOf = (size: Size | LargePool): string => `owner-of-${size}`;
export const sessionOf = (name: string): string => `${name}:password`;
