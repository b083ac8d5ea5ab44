/** The highest number of each kind that a caller sees, for a short time, on clouds that number their entities. */
import { BoundedCache } from '../../adapter/cache.ts';
import type { Identities } from '../../mapping/identity.ts';
import { memoByObject } from '../../memo-by-object.ts';

/** How long the highest number of a caller counts. */
const HIGHEST_TTL_MS = 10_000;
const MAX_VIEWS = 1000;

/** By those who see the same entities of a kind. */
export const highestSeen = memoByObject(
  (_: Identities) => new BoundedCache<Promise<number | undefined>>({ maxEntries: MAX_VIEWS, ttlMs: HIGHEST_TTL_MS }),
);
