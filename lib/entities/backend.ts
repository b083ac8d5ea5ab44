/** What is asked for (Target, Filter), and all that an operation may reach for one caller and one request (Backend). */
import type { Adapter, Catalogue, Tenant } from '../adapter/contract.ts';
import type { Identities } from '../mapping/identity.ts';
import type { MappingStore } from '../mapping/store.ts';
import type { TenantModels } from '../mapping/tenant-model.ts';
import type { Turns } from '../mapping/turns.ts';
import type { UserMixins } from '../mapping/user-mixins.ts';
import type { CoreTerm, KindTerm } from '../occi/kinds/index.ts';
import type { CategoryDescription, Model } from '../occi/model.ts';
import type { Attributes } from '../occi/types.ts';

/** Where an entity may be. */
export interface EntityPath {
  readonly path: string;
  /** The kind below whose location the path lies. */
  readonly kind?: KindTerm | undefined;
  /** The OCCI id, where the path follows from it; a path that a client chose says nothing of ids. */
  readonly uuid?: string | undefined;
}

/** What a path means. */
export type Target =
  | { readonly is: 'queryInterface' }
  | { readonly is: 'kindCollection'; readonly kind: KindTerm }
  /** All resources, or all links. */
  | { readonly is: 'coreCollection'; readonly core: CoreTerm }
  | { readonly is: 'mixinCollection'; readonly mixin: CategoryDescription }
  /** `kind` is known when the path lies below a kind's location. Whether anything is there is found out later. */
  | ({ readonly is: 'entity' } & EntityPath)
  /** The root, or a path below which something lives (HTTP-5). */
  | { readonly is: 'unbound'; readonly path: string };

/** Restriction of a listing (GFD.223 §7): type identifiers and equal attribute values. */
export interface Filter {
  readonly categories: readonly string[];
  readonly attributes: Attributes;
  /** Another filter, which must let a member pass as well. */
  readonly and?: Filter;
}

/** All that an operation may reach, for one caller and one request. */
export interface Backend {
  readonly adapter: Adapter;
  readonly tenant: Tenant;
  readonly identities: Identities;
  readonly store: MappingStore;
  /** Few requests need these two. */
  turns(): Turns;
  mixins(): UserMixins;
  readonly models: TenantModels;
  /** The part of the model that costs no read. */
  readonly base: Model;
  /** The whole model and the catalogue: one store read per request, at most. */
  model(): Promise<{
    readonly model: Model;
    readonly catalogue: Catalogue;
    /** Which definition each of the user's mixins is of, by type identifier. */
    readonly definitions: ReadonlyMap<string, string>;
  }>;
  /** True for a host name, with port, under which the client knows this endpoint; a URL elsewhere names nothing of ours. */
  readonly isOurs: (authority: string) => boolean;
  /** When the request must be answered, in milliseconds since the epoch. */
  readonly deadline: number;
  /** The settings of the service that operations depend on. */
  readonly settings: {
    readonly states: 'extended' | 'standard';
    readonly limits: {
      /** Whether a DELETE on a collection means every member though it does not say so. */
      readonly deleteAll: boolean;
    };
  };
  /** Told of every entity of the cloud that is named here for the first time: for the log and the metrics. */
  readonly onAdoption?: (() => void) | undefined;
}
