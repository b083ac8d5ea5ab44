/** What an issuer says of a caller: a JSON object whose members are claims (RFC 7519 §4). */
export type Claims = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Claims =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The value of a claim; undefined where there is none. The member with the whole name counts, whatever it holds. Without
 * one, a dot may lead into an object, as in Keycloak's `realm_access.roles`; names of members may have dots themselves.
 */
export function claimIn(claims: Claims, claim: string): unknown {
  if (Object.hasOwn(claims, claim)) return claims[claim];
  for (let dot = claim.lastIndexOf('.'); dot > 0; dot = claim.lastIndexOf('.', dot - 1)) {
    const outer = claim.slice(0, dot);
    const inside = Object.hasOwn(claims, outer) ? claims[outer] : undefined;
    const found = isRecord(inside) ? claimIn(inside, claim.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A single value as text; undefined for objects, lists and null, which are not compared with anything. */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;

/**
 * The texts of a claim: its own, or those of its members if it is a list. `scope` is a list whose members stand between
 * spaces (RFC 8693 §4.2); no other text is split.
 */
export function textsOf(claims: Claims, claim: string): readonly string[] {
  const value = claimIn(claims, claim);
  if (claim === 'scope' && typeof value === 'string') return value.split(' ').filter((one) => one !== '');
  return (Array.isArray(value) ? value : [value]).map(textOf).filter((text) => text !== undefined);
}
