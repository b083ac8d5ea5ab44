/** Rules about several schemes together: each may be right by itself, and the endpoint may still admit no caller. */
import { type AuthEntry, schemeNameOf } from './entry.ts';
import type { SchemeName } from './names.ts';

/** Why schemes cannot be used together, as the end of a sentence about `auth`; undefined if they can. */
type Rule = (names: readonly SchemeName[], entries: readonly AuthEntry[]) => string | undefined;

/** Schemes that depend on another one, which authenticates the caller. */
const CONTINUING: readonly SchemeName[] = ['token', 'keystone'];

const fromJwt = (entries: readonly AuthEntry[]): boolean =>
  entries.some((entry) => typeof entry !== 'string' && entry.gateway?.from === 'jwt');

/** Schemes that know all their callers, and refuse others: a second entry would never be asked. */
const KNOWING_ALL: readonly SchemeName[] = ['users', 'token', 'x509'];

/** Schemes whose tokens come in the header of the cloud's own. */
const READING_TOKENS: readonly SchemeName[] = ['token', 'keystone'];

const RULES: readonly Rule[] = [
  (names) => {
    const twice = names.find((name, place) => KNOWING_ALL.includes(name) && names.indexOf(name) !== place);
    return twice && `must hold ${twice} once: put everything into one entry`;
  },
  (names, entries) => {
    const other = names.find((name) => name !== 'gateway');
    if (other === undefined || !names.includes('gateway')) return undefined;
    const instead = fromJwt(entries)
      ? 'use oidc, whose tokens the functions verify themselves, instead of { gateway: { from: jwt } }'
      : 'leave one of them out, or serve the others from an endpoint of their own, which may share the table';
    return `must not hold ${other} beside gateway, whose authorizer refuses the callers of all other schemes: ${instead}`;
  },
  (names) =>
    names.filter((name) => name === 'gateway').length > 1
      ? 'must hold gateway once: the routes have one authorizer'
      : undefined,
  (names) =>
    names.includes('basic') && names.includes('users')
      ? 'must not hold both basic and users, since both read HTTP Basic: keep basic if the cloud checks passwords, users ' +
        'if their hashes stand here'
      : undefined,
  (names) =>
    names.length > 0 && names.every((name) => CONTINUING.includes(name))
      ? `must hold a scheme that proves callers beside ${names.join(' and ')}, such as users or oidc`
      : undefined,
  (names) =>
    names.includes('keystone') && !names.includes('token')
      ? 'must hold token beside keystone, whose logins hand out its tokens'
      : undefined,
  (names) => {
    const other = names.find((name) => READING_TOKENS.includes(name));
    return names.includes('cloud-token') && other !== undefined
      ? `must not hold both cloud-token and ${other}, since both read X-Auth-Token: keep cloud-token if users log in at the cloud`
      : undefined;
  },
];

/** The first rule that schemes break, as the end of a sentence about `auth`; undefined if they can be used together. */
export function disagreementOf(entries: readonly AuthEntry[]): string | undefined {
  const names = entries.map(schemeNameOf);
  for (const rule of RULES) {
    const says = rule(names, entries);
    if (says !== undefined) return says;
  }
  return undefined;
}
