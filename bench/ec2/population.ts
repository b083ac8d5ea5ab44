/** Whose machines are in the account: each listing is of a tenant with so many. */

/** Sizes of the listings. */
export const SIZES = [1, 100, 1000] as const;
export type Size = (typeof SIZES)[number];

/** Has machines that are there to be deleted. */
export const SPARE = { name: 'spare', machines: 300 } as const;

/** Asks for everything else. */
export const ASKER = 'alice';

export const ownerOf = (size: Size): string => `owner-of-${size}`;

/** What the process with the account tells. */
export interface Account {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly image: string;
  readonly subnet: string;
}
