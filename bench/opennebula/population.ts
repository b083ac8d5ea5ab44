/** Who owns the machines of the stand-in: each listing is of an owner of so many. */

/** Sizes of the listings. */
export const SIZES = [1, 100, 1000, 10_000] as const;
export type Size = (typeof SIZES)[number];

/** Owns machines that are there to be deleted. */
export const SPARE = { name: 'spare', machines: 400 } as const;

/** Asks for everything else; one of the recorded site's own users. */
export const ASKER = 'alice:password';

export const ownerOf = (size: Size): string => `owner-of-${size}`;
export const sessionOf = (name: string): string => `${name}:password`;
