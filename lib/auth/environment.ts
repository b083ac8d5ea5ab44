import type { CloudLogin } from '../adapter/cloud-login.ts';
import type { SiteTable } from '../table/partition-keys.ts';

/** What schemes are made with, besides their settings. */
export interface AuthEnvironment {
  /** Name of the adapter, and of the site: together they begin every key in the table. */
  readonly adapter: string;
  readonly site: string;
  readonly table: SiteTable;
  /** True under `npm start` and in tests. */
  readonly local: boolean;
  /** Where users log in at the cloud itself; absent for a cloud without tokens. */
  readonly cloudLogin?: CloudLogin | undefined;
  readonly publicUrl?: string | undefined;
  /** Query parameters in which an authorizer of the gateway finds credentials. */
  readonly authorizerParameters?: readonly string[] | undefined;
}
