/**
 * Paths of this endpoint that are not OCCI's: tokens, quotas and the login of OpenStack clients. Each is loaded when it is
 * asked for, and authenticates its callers itself.
 */
import { limitsAnybody } from '../quota/limits.ts';
import type { Page } from './page.ts';
import type { Service } from './service.ts';

export type { Page, PageContext } from './page.ts';

interface Row {
  readonly path: RegExp;
  /** Whether the settings offer the page. */
  isOffered(service: Service): boolean;
  load(): Promise<Page>;
}

const PAGES: readonly Row[] = [
  {
    path: /^\/\.well-known\/quota\/?$/,
    isOffered: ({ settings }) => limitsAnybody(settings.limits),
    load: async () => (await import('../pages/quota.ts')).quota,
  },
  {
    path: /^\/\.well-known\/tokens(\/[^/]*)?$/,
    isOffered: ({ schemes }) => schemes.some(({ name }) => name === 'token'),
    load: async () => (await import('../pages/tokens.ts')).tokens,
  },
];

/** The page at a path; undefined for a path of OCCI, and for a page that the settings do not offer. */
export async function pageAt(path: string, service: Service): Promise<Page | undefined> {
  const row = PAGES.find((one) => one.path.test(path) && one.isOffered(service));
  return row?.load();
}
