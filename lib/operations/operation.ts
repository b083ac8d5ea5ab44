/**
 * What an operation is: from an understood request and the backend of its caller to an answer, free of HTTP and of any
 * cloud.
 */
import type { Adapter, Catalogue, Tenant } from '../adapter/contract.ts';
import type { Preconditions } from '../http/preconditions.ts';
import type { Identities } from '../mapping/identity.ts';
import type { MappingStore } from '../mapping/store.ts';
import type { TenantModels } from '../mapping/tenant-model.ts';
import type { Turns } from '../mapping/turns.ts';
import type { UserMixins } from '../mapping/user-mixins.ts';
import type { CoreTerm, KindTerm } from '../occi/kinds/index.ts';
import type { CategoryDescription, Model } from '../occi/model.ts';
import type { Attributes } from '../occi/types.ts';
import type { Answer, Parsed } from '../renderings/rendering.ts';
import type { Reads } from './reads.ts';

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

export interface OcciRequest<T extends Target = Target> {
  readonly target: T;
  readonly parsed: Parsed;
  readonly filter: Filter;
  readonly paging: { readonly page: number; readonly number: number } | undefined;
  /** What the answer's rendering shows of entities in collections. */
  readonly wants: 'locations' | 'entities';
  /** The term in `?action=`. */
  readonly action: string | undefined;
  /** `?all=true`: every member is meant. */
  readonly all: boolean;
  /** Nothing was sent that selects or names members, not even an empty header field. */
  readonly bare: boolean;
  /** A field for locations was sent without any: it names no member, though it may have been meant to. */
  readonly emptyLocations: boolean;
  /** Conditions that the entity at the target must meet; those of other targets are held before the operation. */
  readonly conditions: Preconditions | undefined;
  /** What native creates carry. With `again`, an earlier attempt may have made something under it. */
  readonly token: string;
  readonly again: boolean;
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
  readonly states: 'extended' | 'standard';
  /** Whether a DELETE on a collection means every member though it does not say so. */
  readonly deleteAll: boolean;
  /** Told of every entity of the cloud that is named here for the first time: for the log and the metrics. */
  readonly onAdoption?: (() => void) | undefined;
}

export interface Operation<T extends Target = Target> {
  /** The shape of its answer, known before it runs: a rendering that cannot show it is refused first. */
  readonly answers: Answer['is'];
  /** All that it uses of a request; what it does not use is refused before it runs. */
  readonly reads: Reads;
  run(request: OcciRequest<T>, backend: Backend): Promise<Answer>;
  /** Whether an earlier attempt under the same token has made something, or may have; for what reads a key. */
  hasMade?(request: OcciRequest<T>, backend: Backend): Promise<boolean>;
}
