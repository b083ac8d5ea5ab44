/** What the contract of adapters is tried with. */
import type { Adapter, Draft, KindAdapters, NativeId } from '../../../lib/adapter/contract.ts';
import type { KindTerm, LinkTerm } from '../../../lib/occi/kinds/index.ts';

/** A cloud that runs, and the means to look at it from outside. */
export interface CloudUnderTest {
  /** The adapter of a caller; of the same caller if no name is given. */
  readonly adapter: (caller?: string) => Adapter;
  /** Native calls so far. */
  readonly calls: () => number;
  readonly stop: () => Promise<void>;
  /** An adapter whose caller the cloud refuses; without one, skip the case that needs it. */
  readonly refused?: () => Adapter;
  /** An adapter whose cloud is down; without one, skip the case that needs it. */
  readonly down?: () => Adapter;
}

export interface AdapterUnderTest {
  readonly name: string;
  readonly start: () => Promise<CloudUnderTest>;
  /**
   * The kinds that it serves: `kinds` of an adapter, made without asking its cloud, so that the cases of methods that it
   * does not have are left out by name. Or the names of kinds, each with all methods.
   */
  readonly kinds: readonly KindTerm[] | KindAdapters;
  /**
   * Puts one more entity of a kind into the cloud, for a caller (that of `adapter()` if no name is given), and gives its
   * id. It is in the state in which a new one settles. For kinds without `create`: with it, what can be read is checked all the same.
   */
  readonly seed?: (kind: KindTerm, caller?: string) => Promise<NativeId>;
  /** Cases that cannot hold for this cloud, and why: `compute > suspend`. Cases of absent methods need no reason. */
  readonly skip?: readonly { readonly reason: string; readonly cases: readonly string[] }[];
  /** Seconds that the cloud may take until a state has settled; default 5. */
  readonly patience?: number;
  /** How many entities the native calls of listings are counted with; default 1, 100 and 1,000. */
  readonly sizes?: readonly number[];
  /** An id that looks like this one and was never given out; by default one with another last digit. */
  readonly neverGiven?: (id: NativeId) => NativeId;
  /** Addresses of a new network; by default those of `10.77.0.0/16`, for as many networks as are made. */
  readonly addresses?: () => { readonly address: string; readonly gateway: string };
  /** What a compute must have before links of this kind can begin at it; by default nothing. */
  readonly sourceOf?: (adapter: Adapter, kind: LinkTerm) => Promise<Partial<Draft>>;
}
