/** What a container sets up once, before any request. */
import type { AdapterContext, Caller } from '../adapter/contract.ts';
import type { AuthScheme } from '../auth/scheme.ts';
import type { Settings } from '../config/index.ts';
import type { LimitName } from '../config/limits.ts';
import type { Backend } from '../entities/backend.ts';
import type { CrossOrigin } from '../http/cors.ts';
import type { EventSettings } from '../http/event.ts';
import type { IdempotencyRecords } from '../mapping/idempotency.ts';
import type { KnownTenants } from '../mapping/known-tenants.ts';
import type { Model } from '../occi/model.ts';
import type { Probed } from './health.ts';

export interface Service extends Probed {
  /** Name of the adapter. */
  readonly adapter: string;
  readonly events: EventSettings;
  /** The CORS settings; absent where pages of other origins may do nothing. */
  readonly crossOrigin?: ((event: object) => CrossOrigin) | undefined;
  /** The settings of the service that every answer depends on. */
  readonly settings: Settings;
  readonly schemes: readonly AuthScheme[];
  /** The tenants of the site; absent where the settings give no caller the role admin, which alone sees them. */
  readonly tenants?: KnownTenants | undefined;
  /** What every caller sees of the model; asks neither the cloud nor the table. */
  baseModel(): Promise<Model>;
  /**
   * Counts a request that asks the cloud nothing (of an admin, or to a page), by the tenant's name in the settings. Absent
   * where nothing is limited.
   */
  readonly admitByName?: ((tenant: string, onLimit: (limit: LimitName) => void) => Promise<void>) | undefined;
  /** Everything behind the endpoint, for one caller and one request. Verifies the caller with the cloud first. */
  backendFor(
    caller: Caller,
    request: Pick<Backend, 'isOurs' | 'deadline' | 'onAdoption'> &
      Required<Pick<AdapterContext, 'onNativeCall'>> & {
        /** Called with the name of a limit that refuses the request. */
        readonly onLimit: (limit: LimitName) => void;
      },
  ): Promise<Backend & { readonly records: IdempotencyRecords }>;
}
