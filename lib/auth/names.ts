/** Names of callers and tenants: what may stand in a key and in a line of the log. */

const MAX_NAME_CHARS = 256;

/** True for a name that is one line, without anything that only looks like another name. */
export const isName = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length > 0 &&
  value.length <= MAX_NAME_CHARS &&
  value === value.trim() &&
  !/[\p{Cc}\p{Cs}\p{Cf}\p{Zl}\p{Zp}]/u.test(value);

/**
 * The name in a claim, with `prefix` before it; undefined where it holds none. Whole numbers count as names too: JSON has
 * them without quotes.
 */
export function nameIn(
  claims: Readonly<Record<string, unknown>>,
  claim: string,
  prefix: string = '',
): string | undefined {
  if (!Object.hasOwn(claims, claim)) return undefined;
  const value = claims[claim];
  const text = Number.isSafeInteger(value) ? String(value) : value;
  return isName(text) && isName(prefix + text) ? prefix + text : undefined;
}
