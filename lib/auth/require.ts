/** The rules of `require`: whom an endpoint admits by what an issuer says of them, in which tenants and roles. */
import type { Rules } from '../config/auth/grants.ts';
import { filled, matched } from '../config/auth/star.ts';
import { OcciError } from '../errors.ts';
import { isName } from './names.ts';
import type { Grant } from './principal.ts';

/**
 * The tenants of a caller named `name`, in the order of the rules; a tenant that several rules give has the role of the
 * first. Without rules, its own tenant as a member. `textsOf` reads the texts of a claim.
 *
 * @throws {OcciError} `forbidden` for a caller whom no rule admits; it does not say which claim was wanted
 */
export function grantsOf(
  name: string,
  rules: Rules | undefined,
  textsOf: (claim: string) => readonly string[],
): readonly [Grant, ...Grant[]] {
  if (rules === undefined) return [{ tenant: name, role: 'member' }];
  const grants = new Map<string, Grant>();
  for (const { claim, value, tenant: pattern, role } of rules) {
    for (const text of textsOf(claim)) {
      const word = matched(value, text);
      if (word === undefined) continue;
      // The name of a caller is no pattern, even where it has a star.
      const tenant = pattern === undefined ? name : filled(pattern, word);
      if (isName(tenant) && !grants.has(tenant)) grants.set(tenant, { tenant, role });
    }
  }
  const [first, ...others] = grants.values();
  if (first === undefined) throw new OcciError('forbidden', 'You are known here, but not admitted: ask the provider.');
  return [first, ...others];
}

/**
 * True if the rules can still give a grant to a caller named `name`, whatever its issuer says of it now: a token that was
 * made for a rule ends with the rule.
 */
export function canStillGrant(name: string, rules: Rules | undefined, { tenant, role }: Grant): boolean {
  if (rules === undefined) return tenant === name && role === 'member';
  return rules.some((rule) => {
    if (rule.role !== role) return false;
    return rule.tenant === undefined ? tenant === name : matched(rule.tenant, tenant) !== undefined;
  });
}
