/**
 * What a request addresses (Target, Filter), and what an operation can use for one caller and one request (Backend).
 */
import type { Adapter, Catalogue, Tenant } from '../adapter/contract.ts';
import type { Identities } from '../mapping/identity.ts';
import type { MappingStore } from '../mapping/store.ts';
import type { TenantModels } from '../mapping/tenant-model.ts';
import type { Turns } from '../mapping/turns.ts';
import type { UserMixins } from '../mapping/user-mixins.ts';
import type { CategoryDescription } from '../occi/category-description.ts';
import type { CoreTerm, KindTerm } from '../occi/kinds/index.ts';
import type { Model } from '../occi/model.ts';
import type { Attributes } from '../occi/types.ts';
import type { Quota } from '../quota/quota.ts';

/** A path where an entity may be. */
export interface EntityPath {
  readonly path: string;
  /** The kind below whose location the path lies. */
  readonly kind?: KindTerm | undefined;
  /** The OCCI id if the path contains it; a path that a client chose does not. */
  readonly uuid?: string | undefined;
}

/** What a path means. */
export type Target =
  | { readonly is: 'queryInterface' }
  | { readonly is: 'kindCollection'; readonly kind: KindTerm }
  /** All resources, or all links. */
  | { readonly is: 'coreCollection'; readonly core: CoreTerm }
  | { readonly is: 'mixinCollection'; readonly mixin: CategoryDescription }
  /** `kind` is known if the path lies below a kind's location. Whether the entity exists is checked later. */
  | ({ readonly is: 'entity' } & EntityPath)
  /** The root, or a path above entities or collections (HTTP-5). */
  | { readonly is: 'unbound'; readonly path: string };

/** Restriction of a listing (GFD.223 §7): type identifiers and equal attribute values. */
export interface Filter {
  readonly categories: readonly string[];
  readonly attributes: Attributes;
  /** A second filter, which a member must match too. */
  readonly and?: Filter;
}

/** What an operation can use, for one caller and one request. */
export interface Backend {
  readonly adapter: Adapter;
  readonly tenant: Tenant;
  readonly identities: Identities;
  readonly store: MappingStore;
  /** Created lazily: few requests need these two. */
  turns(): Turns;
  mixins(): UserMixins;
  readonly models: TenantModels;
  /** The part of the model that needs no read. */
  readonly base: Model;
  /** The whole model and the catalogue: at most one store read per request. */
  model(): Promise<{
    readonly model: Model;
    readonly catalogue: Catalogue;
    /** The current definition of each of the user's mixins, by type identifier. */
    readonly definitions: ReadonlyMap<string, string>;
  }>;
  /** Reads the catalogue of the cloud again, if it is not read so often already; `model` has it from then on. */
  readNewestModel(): Promise<unknown>;
  /** The limits of the tenant; absent if it has none. */
  readonly quota?: Quota | undefined;
  /** True for an authority (host and port) under which the client reaches this endpoint; other URLs lead elsewhere. */
  readonly isOurs: (authority: string) => boolean;
  /** Throws `forbidden` for a kind that the caller's token is not for; absent for a caller without such a token. */
  requireKind?(kind: KindTerm): void;
  /** When the request must be answered, in milliseconds since the epoch. */
  readonly deadline: number;
  /** The settings of the service that operations depend on. */
  readonly settings: {
    readonly states: 'extended' | 'standard';
    readonly limits: {
      /** Whether a DELETE on a collection without a selection and without `?all=true` deletes every member. */
      readonly deleteAll: boolean;
    };
  };
  /**
   * Counts a scan of the cloud for ids that the table does not hold. Throws `tooManyRequests` beyond those that the caller
   * may have in a minute; absent where they are not counted.
   */
  admitScan?(): Promise<void>;
  /** Called for every entity of the cloud that gets its first mapping, for the log and the metrics. */
  readonly onAdoption?: (() => void) | undefined;
}
