/** What an adapter's `index.ts` exports, and what it is given once per container. */
import type * as z from 'zod';
import type { AuthSettings, Scheme } from '../config/auth.ts';
import type { SiteTable } from '../table/partition-keys.ts';
import type { Adapter, AdapterContext } from './contract.ts';

/** What an adapter is given once, when its container starts. */
export interface AdapterEnvironment<Settings> {
  readonly settings: Settings;
  /** Name of the site (ADR-3); part of every OCCI id, so it never changes. */
  readonly site: string;
  /** For a cloud that lives in our table (`dummy`); real clouds leave it alone. */
  readonly table: SiteTable;
  /** True under `npm start` and in tests: only then may failures be provoked. */
  readonly local: boolean;
}

/** What each adapter's `index.ts` exports. */
export interface AdapterModule<Settings> {
  /** Its settings; unknown keys are refused, so that a typo is told. Secrets are `secret()` of `lib/config/secret.ts`. */
  readonly settings: z.ZodType<Settings>;
  /**
   * Whether the cloud can know callers of these schemes: a sentence why not, that goes on from `auth`, such as "must
   * not hold basic: …". Checked together with the settings; absent, every scheme will do. It is given the settings as
   * they were read: a `Secret` stands in the place of each secret.
   */
  accepts?(settings: Settings, schemes: AuthSettings): string | undefined;
  /**
   * How `npm start` may authenticate callers of this cloud; the first scheme is the default. With `basic` the adapter gets
   * the user and password of each caller and checks them. With `anonymous` it gets no credentials, and every caller is
   * the same. A cloud that needs credentials of its callers leaves `anonymous` out.
   */
  readonly localAuth: readonly [Scheme, ...Scheme[]];
  /** Joins its files for one container; the function that comes back makes the adapter of one request. */
  connect(environment: AdapterEnvironment<Settings>): (context: AdapterContext) => Adapter;
  /**
   * Made once per container too: asks the cloud for a sign of life, with nobody's credentials. Resolves when it has
   * answered in any way; anybody may cause it, six times a minute. Secrets among the settings are not in their places.
   */
  probe?(environment: AdapterEnvironment<Settings>): (deadline: number) => Promise<void>;
}
