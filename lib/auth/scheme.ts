/** The contract of an auth scheme (HTTP-38). */
import type { Caller } from '../adapter/contract.ts';
import type { HttpRequest } from '../http/message.ts';

export interface AuthScheme {
  readonly name: string;
  /** The challenge in `WWW-Authenticate`; absent for a scheme that has none. */
  readonly challenge?: string;
  /** The caller, or undefined for a request that does not use this scheme. Throws `unauthenticated` for bad credentials. */
  authenticate(request: HttpRequest): Promise<Caller | undefined> | Caller | undefined;
}
