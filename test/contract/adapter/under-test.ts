/** What a test provides to run the contract suite of adapters. */
import type { Adapter, Draft, KindAdapters, NativeId } from '../../../lib/adapter/contract.ts';
import type { KindTerm, LinkTerm } from '../../../lib/occi/kinds/index.ts';

/** A running cloud, and the means to observe it from outside. */
export interface CloudUnderTest {
  /** The adapter of a caller; always of the same caller if no name is given. */
  readonly adapter: (caller?: string) => Adapter;
  /**
   * The adapter of a caller in a new process, for an adapter whose process keeps what it has listed: its later listings may
   * make fewer calls than the first. Without it, all listings of a kind must make the same number.
   */
  readonly another?: (caller: string) => Adapter;
  /** Native calls so far. */
  readonly calls: () => number;
  readonly stop: () => Promise<void>;
  /** An adapter whose caller the cloud rejects. If this is missing, skip the case that needs it. */
  readonly refused?: () => Adapter;
  /** An adapter whose cloud is down. If this is missing, skip the case that needs it. */
  readonly down?: () => Adapter;
}

export interface AdapterUnderTest {
  readonly name: string;
  readonly start: () => Promise<CloudUnderTest>;
  /**
   * The kinds that the adapter serves: its `kinds`, made without a call to the cloud, so that the cases of missing
   * methods are skipped and listed by name. Or the names of kinds that have all methods.
   */
  readonly kinds: readonly KindTerm[] | KindAdapters;
  /**
   * Adds an entity of a kind to the cloud for a caller (that of `adapter()` if no name is given) and returns its id.
   * The entity is in the state in which a new one settles. Lets the suite check the reads of kinds without `create`.
   */
  readonly seed?: (kind: KindTerm, caller?: string) => Promise<NativeId>;
  /** Cases that cannot hold for this cloud, and why: `compute > suspend`. Cases of absent methods need no reason. */
  readonly skip?: readonly { readonly reason: string; readonly cases: readonly string[] }[];
  /** Kinds of which only the cases of their own run, and not those that every kind has; and why. */
  readonly onlyOwnCases?: { readonly reason: string; readonly kinds: readonly KindTerm[] };
  /** How long the cloud may take to settle in a state, in seconds; default 5. */
  readonly patience?: number;
  /** Numbers of entities for which the native calls of a listing are counted; default 1, 100 and 1,000. */
  readonly sizes?: readonly number[];
  /** An id of the same form that was never assigned; by default the last digit is changed. */
  readonly neverGiven?: (id: NativeId) => NativeId;
  /** Addresses of a new network; by default `10.77.0.0/16` for every network. */
  readonly addresses?: () => { readonly address: string; readonly gateway: string };
  /** The kinds whose native ids are numbers, as their `finding` says; by default none. */
  readonly numbered?: readonly KindTerm[];
  /** The kinds whose native ids are random UUIDs: the module's `kindsByUuid`; by default none. */
  readonly byUuid?: readonly KindTerm[] | undefined;
  /** What a compute must have before links of this kind can start at it; by default nothing. */
  readonly sourceOf?: (adapter: Adapter, kind: LinkTerm) => Promise<Partial<Draft>>;
}
