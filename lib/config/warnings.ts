/** Settings that are right and still a danger. The configuration check prints them, and the log has them at start. */
import type { AuthSettings } from './service.ts';

/**
 * Claims whose values a directory gives to another person once the first has left or was renamed; OpenID Connect Core
 * §5.7 says so of all but `sub` together with `iss`. The person who gets the name gets what belongs to it.
 */
const GIVEN_AGAIN: readonly string[] = [
  'preferred_username',
  'email',
  'username',
  'upn',
  'unique_name',
  'nickname',
  'name',
  'phone_number',
];

/** One line for each danger in the auth schemes, with the key of the setting. */
export const warningsOf = (auth: AuthSettings): readonly string[] =>
  auth.flatMap((scheme, place) => {
    if (typeof scheme === 'string' || !GIVEN_AGAIN.includes(scheme.gateway.claim)) return [];
    return [
      `auth.${place}.gateway.claim: is ${scheme.gateway.claim}, which a directory may give to another person later, ` +
        'who would own what the first one has; use sub, which is never given again',
    ];
  });
