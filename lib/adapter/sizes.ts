/** Sizes that a cloud makes in units of its own. A request gets at least what it asks for, and is shown what it got. */

/** Part of a unit that counts as none: decimal fractions leave it behind in binary (1.1 × 10 is a little over 11). */
const NOISE = 1e-9;

/** The whole number of units that hold this many GiB, rounded up, at least 1. */
export const unitsFor = (gibibytes: number, unitsPerGibibyte = 1): number =>
  Math.max(1, Math.ceil(gibibytes * unitsPerGibibyte - NOISE));
