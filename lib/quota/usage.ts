/** What is left of the limits of a tenant, for the tenant to see. */
import { LIMIT_NAMES, type LimitName } from './limits.ts';
import { QUANTITY_NAMES, rounded } from './quantities.ts';
import type { Quota } from './quota.ts';

/** A limit; `null` where there is none. */
export interface Usage {
  readonly limit: number | null;
  readonly used: number | null;
  readonly left: number | null;
  /** When all of it is there again, for requests and creates. */
  readonly reset?: string;
}

const NO_LIMIT: Usage = { limit: null, used: null, left: null };

const usage = (limit: number | undefined, used: number, until?: number): Usage =>
  limit === undefined
    ? NO_LIMIT
    : {
        limit,
        used,
        left: Math.max(0, rounded(limit - used)),
        ...(until !== undefined && { reset: new Date(until).toISOString().replace(/\.\d+Z$/, 'Z') }),
      };

/**
 * The usage of every limit. `quota` is absent for a tenant without limits. Of the requests of this minute those count as
 * used that other containers have reserved.
 */
export async function usageOf(quota: Quota | undefined): Promise<Readonly<Record<LimitName, Usage>>> {
  const none = Object.fromEntries(LIMIT_NAMES.map((name) => [name, NO_LIMIT])) as Record<LimitName, Usage>;
  if (!quota) return none;
  const { limits, rate } = quota;
  const [{ used, hour }, minute] = await Promise.all([quota.current(), rate?.usage()]);
  const totals = QUANTITY_NAMES.map((name) => [name, usage(limits[name], used[name] ?? 0)]);
  return {
    ...none,
    ...(minute && {
      requestsPerMinute: usage(limits.requestsPerMinute, limits.requestsPerMinute! - minute.left, minute.until),
    }),
    createsPerHour: usage(limits.createsPerHour, hour.made, hour.end),
    ...Object.fromEntries(totals),
  };
}
