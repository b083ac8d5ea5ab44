/** The contract of an auth scheme (HTTP-38). */
import type { SchemeName } from '../config/auth/names.ts';
import type { HttpRequest } from '../http/message.ts';
import type { Grant, Principal } from './principal.ts';

export interface AuthScheme {
  readonly name: SchemeName;
  /** The challenge in `WWW-Authenticate`, for the endpoint at `origin`; absent for a scheme that has none. */
  challenge?(origin: string): string;
  /** Clients of this scheme read the header as a whole: no other challenge may stand beside its own. */
  readonly challengesAlone?: true;
  /**
   * The credentials come with the connection, not with the request (a client certificate): they count only for a request
   * that has none in its header fields.
   */
  readonly isAmbient?: true;
  /**
   * The caller, or undefined for a request that does not use this scheme. Throws `unauthenticated` for bad credentials,
   * with the same message whatever is wrong with them; `forbidden` for a caller whom the settings do not admit;
   * `unavailable` where it cannot be known at present.
   */
  authenticate(request: HttpRequest): Promise<Principal | undefined> | Principal | undefined;
  /**
   * Whether the settings still give these grants to a caller whom this scheme has proved before: a token counts only as
   * long. Absent for a scheme whose callers are not in the settings. It is asked for each request with a token.
   */
  stillGrants?(name: string, grants: readonly Grant[]): boolean;
}

/** The one answer to bad credentials, whatever is wrong with them. */
export const BAD_CREDENTIALS = 'The credentials are not valid.';
