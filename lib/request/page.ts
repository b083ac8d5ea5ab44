/** The contract of a page: a path of this endpoint that is not OCCI's. */
import type { OwnCredentials } from '../adapter/cloud-login.ts';
import type { Grant, Principal } from '../auth/principal.ts';
import type { Backend } from '../entities/backend.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import type { Trail } from './request-log.ts';
import type { Service } from './service.ts';

/** What a page answers a request with. */
export interface PageContext {
  readonly request: HttpRequest;
  readonly service: Service;
  /** For the log: the page sets `caller` once it knows it. */
  readonly trail: Trail;
  /** Everything behind the endpoint, for one tenant; `own` is what the caller brings for it. */
  backendOf(grant: Grant, own?: OwnCredentials): Promise<Backend>;
  /**
   * Counts the request of a caller who is proved, where requests are limited. Throws `tooManyRequests`. Called after the
   * cloud has accepted credentials of its own, so that nobody uses up the requests of another user.
   */
  admit(caller: Principal): Promise<void>;
}

export interface Page {
  /** Name in the log. */
  readonly operation: string;
  respond(context: PageContext): Promise<HttpResponse>;
}
