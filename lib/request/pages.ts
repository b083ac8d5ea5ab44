/**
 * Paths of this endpoint that are not OCCI's: tokens, quotas and the login of OpenStack clients. Each is loaded when it is
 * asked for, and authenticates its callers itself.
 */

import type { HttpRequest } from '../http/message.ts';
import { asksForVersions, KEYSTONE_CALLS } from '../keystone/paths.ts';
import { limitsAnybody } from '../quota/limits.ts';
import type { ErrorForm } from './error-form.ts';
import type { Page } from './page.ts';
import type { Service } from './service.ts';

export type { Page, PageContext } from './page.ts';

interface Row {
  readonly path: RegExp;
  /** Which of the requests to the path are for the page; absent for all. */
  takes?(request: HttpRequest): boolean;
  /** Whether the settings offer the page. */
  isOffered(service: Service): boolean;
  load(): Promise<Page>;
  /** Absent for the renderings of OCCI. */
  errors?(): Promise<ErrorForm>;
}

const hasKeystone = ({ schemes }: Service): boolean => schemes.some(({ name }) => name === 'keystone');

const PAGES: readonly Row[] = [
  {
    path: /^\/\.well-known\/quota\/?$/,
    isOffered: ({ settings }) => limitsAnybody(settings.limits),
    load: async () => (await import('../pages/quota.ts')).quota,
  },
  {
    path: /^\/\.well-known\/tenants\/?$/,
    isOffered: (service) => service.tenants !== undefined,
    load: async () => (await import('../pages/tenants.ts')).tenants,
  },
  {
    path: /^\/\.well-known\/tokens(\/[^/]*)?$/,
    isOffered: ({ schemes }) => schemes.some(({ name }) => name === 'token'),
    load: async () => (await import('../pages/tokens.ts')).tokens,
  },
  {
    path: /^\/$/,
    takes: asksForVersions,
    isOffered: hasKeystone,
    load: async () => (await import('../keystone/page.ts')).versionsPage,
  },
  {
    path: KEYSTONE_CALLS,
    isOffered: hasKeystone,
    load: async () => (await import('../keystone/page.ts')).callsPage,
    errors: async () => (await import('../keystone/answer.ts')).errorForm,
  },
];

/** The page of a request; undefined for a path of OCCI, and for a page that the settings do not offer. */
export async function pageOf(request: HttpRequest, service: Service): Promise<Page | undefined> {
  const row = PAGES.find(
    (one) => one.path.test(request.path) && (one.takes?.(request) ?? true) && one.isOffered(service),
  );
  return row?.load();
}

/** How failures are answered at a path, before its request has been read; undefined for the renderings of OCCI. */
export const errorsAt = (rawPath: unknown, service: Service): Row['errors'] =>
  typeof rawPath === 'string'
    ? PAGES.find((one) => one.errors && one.path.test(rawPath) && one.isOffered(service))?.errors
    : undefined;
