/** The limits of one tenant, from the settings. */
import type { LimitName, Limits } from '../config/limits.ts';

export type { LimitName };

/** All limits, in the order in which they are shown. */
export const LIMIT_NAMES = Object.keys({
  requestsPerMinute: 0,
  createsPerHour: 0,
  compute: 0,
  cores: 0,
  memory: 0,
  storage: 0,
  addresses: 0,
} satisfies Record<LimitName, 0>) as readonly LimitName[];

/** A limit that is absent does not exist. */
export type TenantLimits = { readonly [L in LimitName]?: number };

type Configured = Pick<Limits, 'perTenant' | 'tenants'>;

/** True if the settings limit any tenant: then requests are counted. */
export const limitsAnybody = ({ perTenant = {}, tenants = {} }: Configured): boolean =>
  [perTenant, ...Object.values(tenants)].some((one) => Object.values(one).some((value) => typeof value === 'number'));

/** What applies to a tenant: its own values, and those of all tenants for the others. */
export function limitsOf({ perTenant, tenants = {} }: Configured, tenant: string): TenantLimits {
  const own = Object.hasOwn(tenants, tenant) ? tenants[tenant] : {};
  const all = Object.entries({ ...perTenant, ...own });
  return Object.fromEntries(all.filter(([, value]) => typeof value === 'number'));
}
