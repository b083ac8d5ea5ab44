/** Authenticates callers by the schemes of the settings. */

import { isFailure, OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import { isProvedByCloud, type Principal } from './principal.ts';
import { type AuthScheme, BAD_CREDENTIALS } from './scheme.ts';

/** The headers of a 401: one challenge for each scheme (RFC 9110 §15.5.2), or the one that stands alone. */
function invitation(schemes: readonly AuthScheme[], origin: string): Readonly<Record<string, string>> {
  const alone = schemes.filter((scheme) => scheme.challengesAlone);
  const challenges = (alone.length > 0 ? alone : schemes).flatMap((scheme) => scheme.challenge?.(origin) ?? []);
  // Several schemes may have the same one: tokens of several issuers, and our own.
  return challenges.length === 0 ? {} : { 'WWW-Authenticate': [...new Set(challenges)].join(', ') };
}

/**
 * The same error with the challenge headers added, if it says that credentials are missing or were refused. A gateway may
 * rename the header, so a challenge that stands alone is in the message too.
 */
export function invited(error: unknown, schemes: readonly AuthScheme[], origin: string): unknown {
  if (!isFailure(error, 'unauthenticated') || 'WWW-Authenticate' in error.headers) return error;
  const headers = { ...error.headers, ...invitation(schemes, origin) };
  const alone = schemes.some((scheme) => scheme.challengesAlone);
  const message = alone ? `${error.message} ${headers['WWW-Authenticate']}` : error.message;
  return new OcciError('unauthenticated', message, { cause: error.cause, headers });
}

/** Header fields that hold credentials. Only one of them may be in a request. */
const FIELDS = ['authorization', 'x-auth-token'] as const;

/** The fields in which a request brings credentials. */
const fieldsIn = ({ headers }: HttpRequest) => FIELDS.filter((field) => headers[field]?.some((value) => value !== ''));

/** True if the request brings credentials in its header fields. */
export const bringsCredentials = (request: HttpRequest): boolean => fieldsIn(request).length > 0;

/** The request without one of the fields. */
const without = (request: HttpRequest, field: (typeof FIELDS)[number]): HttpRequest => {
  const { [field]: _, ...headers } = request.headers;
  return { ...request, headers };
};

/** The caller, or the reason why the certificate of the connection belongs to no user, where another scheme may apply. */
type Recognized = { readonly caller?: Principal; readonly notAdmitted?: OcciError };

/** The caller of a request with credentials in one field at most. */
async function recognizedOnce(request: HttpRequest, schemes: readonly AuthScheme[]): Promise<Recognized> {
  const isExplicit = bringsCredentials(request);
  let notAdmitted: OcciError | undefined;
  for (const scheme of schemes) {
    if (isExplicit && scheme.isAmbient) continue;
    try {
      const caller = await scheme.authenticate(request);
      if (caller) return { caller };
    } catch (error) {
      // Every connection has a certificate where the gateway requires one, also that of a client about to log in.
      if (!scheme.isAmbient || !isFailure(error, 'forbidden') || !schemes.some((one) => one.challenge)) throw error;
      notAdmitted = error;
    }
  }
  return notAdmitted ? { notAdmitted } : {};
}

/** Schemes whose clients go on sending what they got their token for. */
const LOGINS: readonly string[] = ['keystone', 'cloud-token'];

/**
 * The caller of a request with both fields. Clients that have logged in as at Keystone go on sending what they logged in
 * with: it must prove the same caller, and the token decides (CLIENT-35). Where only the cloud can prove them, it gets
 * both. Throws `invalid` if they disagree, and for every such request where there is no such login.
 */
async function recognizedTwice(request: HttpRequest, schemes: readonly AuthScheme[]): Promise<Recognized> {
  if (!schemes.some(({ name }) => LOGINS.includes(name)))
    throw new OcciError('invalid', 'The request has both Authorization and X-Auth-Token: send one of them.');
  const [{ caller: own }, { caller: other }] = await Promise.all([
    recognizedOnce(without(request, 'authorization'), schemes),
    recognizedOnce(without(request, 'x-auth-token'), schemes),
  ]);
  if (!own || !other) throw new OcciError('unauthenticated', BAD_CREDENTIALS);
  if (own.scheme === 'cloud-token' && isProvedByCloud(other)) {
    const { credentials, token } = other;
    return { caller: { ...own, beside: { credentials, token } } };
  }
  const isSame =
    own.name === other.name && own.grants.every(({ tenant }) => other.grants.some((one) => one.tenant === tenant));
  if (isSame) return { caller: own };
  throw new OcciError('invalid', 'Authorization and X-Auth-Token are of different callers: send one of them.');
}

const recognized = (request: HttpRequest, schemes: readonly AuthScheme[]): Promise<Recognized> =>
  fieldsIn(request).length > 1 ? recognizedTwice(request, schemes) : recognizedOnce(request, schemes);

const recognizedOrInvited = (request: HttpRequest, schemes: readonly AuthScheme[]): Promise<Recognized> =>
  recognized(request, schemes).catch((error: unknown) => Promise.reject(invited(error, schemes, request.origin)));

/**
 * The caller, by the first scheme that recognizes the request's credentials; undefined if none does. Throws what
 * `authenticate` throws for credentials that a scheme refuses.
 */
export async function callerIn(request: HttpRequest, schemes: readonly AuthScheme[]): Promise<Principal | undefined> {
  return (await recognizedOrInvited(request, schemes)).caller;
}

/**
 * The caller, by the first scheme that recognizes the request's credentials. Throws `unauthenticated` with a challenge,
 * `invalid` for two kinds of credentials, and what the schemes throw.
 */
export async function authenticate(request: HttpRequest, schemes: readonly AuthScheme[]): Promise<Principal> {
  const { caller, notAdmitted } = await recognizedOrInvited(request, schemes);
  if (caller) return caller;
  // Credentials that no scheme recognizes get the same answer as those that one refuses.
  const says = bringsCredentials(request)
    ? BAD_CREDENTIALS
    : (notAdmitted?.message ?? 'The request carries no credentials.');
  throw invited(new OcciError('unauthenticated', says), schemes, request.origin);
}
