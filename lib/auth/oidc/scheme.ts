/** Bearer tokens of an OpenID provider, verified in the function: one scheme for each issuer of the settings. */
import type { OidcSettings } from '../../config/auth/oidc.ts';
import { bearerChallenge, bearerJwtOf } from '../bearer.ts';
import { canStillGrant } from '../require.ts';
import type { AuthScheme } from '../scheme.ts';
import type { Verifier } from './verifier.ts';

/**
 * Takes the JWTs whose `iss` is the issuer's, and declines all other tokens: those of other issuers, and tokens that are
 * no JWT. The code that verifies is loaded when the first one comes.
 */
export function oidc(settings: OidcSettings, now: () => number = Date.now): AuthScheme {
  let verifier: Promise<Verifier> | undefined;
  return {
    name: 'oidc',
    challenge: bearerChallenge,
    async authenticate(request) {
      const jwt = bearerJwtOf(request);
      if (jwt?.unverified.iss !== settings.issuer) return undefined;
      verifier ??= import('./verifier.ts').then(({ verifierOf }) => verifierOf(settings, now));
      return (await verifier)(jwt.token);
    },
    stillGrants: (name, grants) =>
      name.startsWith(settings.prefix ?? '') && grants.every((grant) => canStillGrant(name, settings.require, grant)),
  };
}
