/** Who logs in: the proof of a login, taken to the schemes of the settings as a request of its own. */

import type { Principal } from '../auth/principal.ts';
import { type AuthScheme, BAD_CREDENTIALS } from '../auth/scheme.ts';
import { OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import type { Proof } from './login.ts';

/** Schemes that cannot authenticate a caller by what a login brings. */
const OTHERS: ReadonlySet<string> = new Set(['token', 'keystone', 'gateway', 'anonymous']);

const refused = (): OcciError => new OcciError('unauthenticated', BAD_CREDENTIALS);

/** The same connection, with this Authorization and nothing else. */
const withAuthorization = (request: HttpRequest, authorization: readonly string[]): HttpRequest => {
  const { 'x-auth-token': _, authorization: __, ...headers } = request.headers;
  return { ...request, headers: authorization.length > 0 ? { ...headers, authorization } : headers, body: '' };
};

const basicOf = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const bringsAuthorization = ({ headers }: HttpRequest): boolean =>
  headers.authorization?.some((value) => value !== '') ?? false;

/** The request that a proof would be on any other route. */
function requestWith(proof: Exclude<Proof, { by: 'token' }>, request: HttpRequest): HttpRequest {
  if (proof.by === 'request') return withAuthorization(request, request.headers.authorization ?? []);
  if (proof.by === 'certificate') return withAuthorization(request, []);
  // RFC 7617 §2: a colon in a user name would end the name there.
  if (proof.user.includes(':')) throw refused();
  return withAuthorization(request, [basicOf(proof.user, proof.password)]);
}

/**
 * The caller whom one of the schemes knows by a proof. Throws `unauthenticated` for one that no scheme takes, and what
 * the schemes throw.
 */
export async function provedBy(
  proof: Exclude<Proof, { by: 'token' }>,
  request: HttpRequest,
  schemes: readonly AuthScheme[],
): Promise<Principal> {
  const asked = requestWith(proof, request);
  const isExplicit = bringsAuthorization(asked);
  for (const scheme of schemes) {
    if (OTHERS.has(scheme.name) || isExplicit === (scheme.isAmbient ?? false)) continue;
    const caller = await scheme.authenticate(asked);
    if (caller) return caller;
  }
  throw refused();
}
