/**
 * Paths of this endpoint that are not OCCI's: tokens, quotas and the login of OpenStack clients. Each is loaded when it is
 * asked for, and authenticates its callers itself.
 */
import type { Grant } from '../auth/principal.ts';
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
  /** Everything behind the endpoint, for one tenant; `credentials` are the caller's own, for the cloud. */
  backendOf(grant: Grant, credentials?: string): Promise<Backend>;
}

export interface Page {
  /** Name in the log. */
  readonly operation: string;
  respond(context: PageContext): Promise<HttpResponse>;
}

interface Row {
  readonly path: RegExp;
  /** Whether the settings offer the page. */
  isOffered(service: Service): boolean;
  load(): Promise<Page>;
}

const PAGES: readonly Row[] = [];

/** The page at a path; undefined for a path of OCCI, and for a page that the settings do not offer. */
export async function pageAt(path: string, service: Service): Promise<Page | undefined> {
  const row = PAGES.find((one) => one.path.test(path) && one.isOffered(service));
  return row?.load();
}
