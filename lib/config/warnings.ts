/** Valid settings that are dangerous. `config:check` prints a warning for each, and a container logs it when it starts. */
import { admitsEverybody, isConfirmed } from './auth/everybody.ts';
import type { AuthEntry, AuthSettings } from './auth/index.ts';

/**
 * Claims whose values may be reassigned to another person, who then owns the entities of the first. OpenID Connect Core
 * §5.7 guarantees stability for `sub` together with `iss` only.
 */
const GIVEN_AGAIN: ReadonlySet<string> = new Set([
  'commonname',
  'displayname',
  'email',
  'emailaddress',
  'familyname',
  'givenname',
  'handle',
  'login',
  'loginname',
  'mail',
  'middlename',
  'name',
  'nickname',
  'phone',
  'phonenumber',
  'preferredusername',
  'samaccountname',
  'screenname',
  'shortname',
  'uniquename',
  'upn',
  'username',
  'userprincipalname',
  'windowsaccountname',
]);

/**
 * The meaning of a claim, regardless of who defined it: `cognito:username` and `https://example.org/claims/login` are names,
 * `custom:email` is an address, and directories write both `displayName` and `display_name`.
 */
const meaningOf = (claim: string): string =>
  claim
    .replace(/^.*[:/]/, '')
    .replace(/[_-]/g, '')
    .toLowerCase();

/** The claim that names the callers of a scheme, for those that have one. */
function namedBy(entry: AuthEntry): readonly [scheme: string, claim: string | undefined] {
  if (typeof entry === 'string') return [entry, undefined];
  return entry.oidc ? ['oidc', entry.oidc.claim] : ['gateway', entry.gateway?.claim];
}

/** A caller's name that may pass to another person. */
function reassignable(entry: AuthEntry, place: number): readonly string[] {
  const [name, claim] = namedBy(entry);
  if (claim === undefined || !GIVEN_AGAIN.has(meaningOf(claim))) return [];
  return [
    `auth.${place}.${name}.claim: is ${claim}, which a directory may give to another person later, ` +
      'who would own what the first one has; use sub, which is never given again',
  ];
}

/** An entry without rules. */
function unruled(entry: AuthEntry, place: number): readonly string[] {
  if (!admitsEverybody(entry)) return [];
  const [scheme] = namedBy(entry);
  const advice = isConfirmed(entry) ? 'everybody: true says so' : 'say who may, or confirm it with everybody: true';
  return [
    `auth.${place}.${scheme}.require: is missing, so everybody whom the issuer knows may spend the provider's money; ${advice}`,
  ];
}

/** One line for each danger in the auth schemes, with the key of the setting. */
export const warningsOf = (auth: AuthSettings): readonly string[] =>
  auth.flatMap((entry, place) => [...reassignable(entry, place), ...unruled(entry, place)]);
