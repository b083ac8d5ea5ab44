/** The exports of an adapter's `index.ts`, and the environment that it gets once per container. */
import type * as z from 'zod';
import type { AuthSettings } from '../config/auth/index.ts';
import type { PlainScheme, SchemeName } from '../config/auth/names.ts';
import type { KindTerm } from '../occi/kinds/index.ts';
import type { SiteTable } from '../table/partition-keys.ts';
import type { CloudLogin } from './cloud-login.ts';
import type { Adapter, AdapterContext } from './contract.ts';

/** What an adapter gets when its container starts. */
export interface AdapterEnvironment<Settings> {
  readonly settings: Settings;
  /** Name of the site (ADR-3); part of every OCCI id, so it never changes. */
  readonly site: string;
  /** Table of a cloud that is embedded in the endpoint; other clouds do not use it. */
  readonly table: SiteTable;
  /** True under `npm start` and in tests: only then may failures be provoked. */
  readonly local: boolean;
}

/** How many native calls the cloud takes at the same time, for deployments to reserve concurrency by. */
export interface CallLimit {
  /** Calls of all functions together. */
  readonly atOnce: number;
  /** Calls that one request makes at the same time. */
  readonly perRequest: number;
  /** Path of the setting that decides `perRequest`, below `adapter.settings`. */
  readonly setting: string;
  /** Why there is a limit, as the end of a sentence: "oned takes 15 connections in all". */
  readonly reason: string;
}

/** For each auth scheme true, or why its callers cannot use the cloud. */
export type SchemeSupport = { readonly [S in SchemeName]: true | string };

/** The exports of each adapter's `index.ts`. */
export interface AdapterModule<Settings> {
  /**
   * Schema of the adapter's settings: a strict object, so that a typo is reported, whose fields all have a description.
   * Secrets are `secret()` of `lib/config/secret.ts`.
   */
  readonly settings: z.ZodType<Settings>;
  /**
   * Whether callers of each auth scheme can use the cloud: true, or why not, as the end of a sentence about the scheme:
   * "EC2 cannot check passwords". A scheme that passes on credentials (`basic`) works with a cloud that checks them; the
   * others prove callers by themselves and pass on a name only.
   */
  readonly schemes: SchemeSupport;
  /**
   * Why these settings refuse the callers of these schemes, which `schemes` admits, as the end of a sentence about
   * `auth`: "must not name callers by ARN alone: …"; undefined if they do not. Each secret in the settings still is a
   * `Secret`.
   */
  accepts?(settings: Settings, schemes: AuthSettings): string | undefined;
  /** How `npm start` authenticates callers of this cloud by default: one scheme, or several. */
  readonly localAuth: PlainScheme | readonly PlainScheme[];
  /** The login of a cloud that takes the scheme `cloud-token`. */
  cloudLogin?(settings: Settings): CloudLogin;
  /** The limit of a cloud that refuses calls beyond it; an adapter without one is not limited. */
  callLimit?(settings: Settings): CallLimit;
  /**
   * The kinds whose native ids are random UUIDs, as their `finding` says (`ByUuid`): the native id can be read from their
   * OCCI ids (ADR-3). It depends on nothing and never changes, since another list would give their entities new ids.
   */
  readonly kindsByUuid?: readonly KindTerm[];
  /** Called once per container. The function that it returns makes the adapter of one request. */
  connect(environment: AdapterEnvironment<Settings>): (context: AdapterContext) => Adapter;
  /**
   * Called once per container. The function that it returns asks the cloud for a sign of life, without credentials, and
   * resolves when the cloud has answered in any way; `deadline` is in milliseconds since the epoch. Anyone may cause such
   * a call, six times a minute. Secrets are not in the settings yet.
   */
  probe?(environment: AdapterEnvironment<Settings>): (deadline: number) => Promise<void>;
  /**
   * Reads files that the first call to the cloud needs and `index.ts` does not import: Lambda has more processor time when
   * a container starts than in a request. Connects to nothing.
   */
  readAhead?(): Promise<unknown>;
}
