/** SCHEMES: the auth schemes by name; a deployment names those that it wants, in order. */

import type { Caller } from '../adapter.ts';
import { OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import { anonymous } from './anonymous.ts';
import type { AuthScheme } from './scheme.ts';

export const SCHEMES: Readonly<Record<string, AuthScheme>> = { anonymous };

/** The schemes of these names. Throws an `Error` naming one that does not exist, or `anonymous` outside a local run. */
export function chosenSchemes(names: readonly string[], local: boolean): readonly AuthScheme[] {
  return names.map((name) => {
    const scheme = Object.hasOwn(SCHEMES, name) ? SCHEMES[name] : undefined;
    if (!scheme) throw new Error(`auth: there is no scheme ${name}; there are ${Object.keys(SCHEMES).join(', ')}`);
    if (scheme === anonymous && !local) throw new Error('auth: anonymous is for local runs only');
    return scheme;
  });
}

/** Who asks, by the first scheme that knows the request's credentials. Throws `unauthenticated` with a challenge. */
export async function authenticate(request: HttpRequest, schemes: readonly AuthScheme[]): Promise<Caller> {
  for (const scheme of schemes) {
    const caller = await scheme.authenticate(request);
    if (caller) return caller;
  }
  const challenge = schemes.flatMap((scheme) => scheme.challenge ?? []).join(', ');
  throw new OcciError('unauthenticated', 'The request carries no credentials.', {
    ...(challenge && { headers: { 'WWW-Authenticate': challenge } }),
  });
}
