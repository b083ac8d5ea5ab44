/** Where the login of OpenStack's clients is answered. Small: it is loaded at every start. */
import type { HttpRequest } from '../http/message.ts';

/** Paths of Keystone's API. */
export const KEYSTONE_CALLS = /^\/+(v2\.0|v3)(\/|$)/;

/**
 * True for a client that looks for the versions of Keystone at the URI of the challenge, which is the root of OCCI too.
 * All of them ask for JSON and nothing else, some of them with a bearer token or a password; none has a token of ours
 * yet. A client of OCCI asks for text or `application/occi+json`. CLIENT-33
 */
export const asksForVersions = ({ method, path, headers }: Pick<HttpRequest, 'method' | 'path' | 'headers'>): boolean =>
  path === '/' &&
  (method === 'GET' || method === 'HEAD') &&
  headers['x-auth-token'] === undefined &&
  headers.accept?.length === 1 &&
  /^application\/json\s*$/i.test(headers.accept[0]!);
