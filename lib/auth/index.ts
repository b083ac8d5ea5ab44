/** SCHEMES: the auth schemes by name. A deployment lists the ones it uses, in order. */

import type { Caller } from '../adapter/contract.ts';
import { isFailure, OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import { anonymous, anonymousUnder } from './anonymous.ts';
import { basic } from './basic.ts';
import { type GatewayIdentity, gateway } from './gateway.ts';
import type { AuthScheme } from './scheme.ts';

/** Schemes that need no settings. */
export const SCHEMES = { anonymous, basic } as const satisfies Record<string, AuthScheme>;

/** A scheme in a deployment's settings. */
type Chosen = keyof typeof SCHEMES | { readonly gateway: GatewayIdentity };

/**
 * The schemes in the settings. `publicUrl` is the URL of the endpoint, where it has one. Throws an `Error` for
 * `anonymous` outside a local run.
 */
export function chosenSchemes(chosen: readonly Chosen[], local: boolean, publicUrl?: string): readonly AuthScheme[] {
  return chosen.map((one) => {
    if (typeof one !== 'string') return gateway(one.gateway);
    if (one !== 'anonymous') return SCHEMES[one];
    if (!local) throw new Error('auth: anonymous is for local runs only');
    return publicUrl === undefined ? anonymous : anonymousUnder(publicUrl);
  });
}

/** True if one of the schemes reads the claims of the gateway's authorizer. */
export const readsAuthorizer = (chosen: readonly Chosen[]): boolean => chosen.some((one) => typeof one !== 'string');

/** The headers of a 401: one challenge for each scheme (RFC 9110 §15.5.2). */
function invitation(schemes: readonly AuthScheme[]): Readonly<Record<string, string>> {
  const challenge = schemes.flatMap((scheme) => scheme.challenge ?? []).join(', ');
  return challenge === '' ? {} : { 'WWW-Authenticate': challenge };
}

/** The same error; if the cloud refused the credentials, with the challenge headers added. */
export function invited(error: unknown, schemes: readonly AuthScheme[]): unknown {
  if (!isFailure(error, 'unauthenticated') || 'WWW-Authenticate' in error.headers) return error;
  const headers = { ...error.headers, ...invitation(schemes) };
  return new OcciError('unauthenticated', error.message, { cause: error.cause, headers });
}

/**
 * The caller, by the first scheme that recognizes the request's credentials. Throws `unauthenticated` with a challenge.
 */
export async function authenticate(request: HttpRequest, schemes: readonly AuthScheme[]): Promise<Caller> {
  for (const scheme of schemes) {
    const caller = await scheme.authenticate(request);
    if (caller) return caller;
  }
  throw new OcciError('unauthenticated', 'The request carries no credentials.', { headers: invitation(schemes) });
}
