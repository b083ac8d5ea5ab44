/** The ledger of a tenant together with the listings of the cloud that decisions over it need. */
import { type Listing, withListing } from './counting.ts';
import { type Ledger, LedgerRows, type State, type Step } from './ledger.ts';
import { type Counted, listed } from './listings.ts';
import type { CountedKind } from './quantities.ts';

/** What a step decides: which kinds must be listed first, or what becomes of the ledger. */
type Decision<T> = { readonly list: readonly CountedKind[] } | Step<T>;

/** A decision, or the kinds to list first, and the state that lacks them. */
type Outcome<T> = { readonly value: T } | { readonly missing: readonly CountedKind[]; readonly state: State };

/** In one request the cloud is listed at most so often for a kind. */
const MAX_LISTINGS = 2;

export class Counts {
  readonly #rows: LedgerRows;
  readonly #counted: Counted;

  constructor(counted: Counted) {
    this.#counted = counted;
    this.#rows = new LedgerRows(counted.table, counted.pk);
  }

  /** Decides over the ledger, with the listings that the decision needs. */
  async decide<T>(decide: (state: State, mayList: (kind: CountedKind) => boolean) => Decision<T>): Promise<T> {
    const listings: Listing[] = [];
    const mayList = (kind: CountedKind) => listings.filter((one) => one.kind === kind).length < MAX_LISTINGS;
    for (;;) {
      const outcome = await this.#rows.change<Outcome<T>>((state) => {
        const ledger = listings.reduce(withListing, state.ledger);
        const decision = decide({ ...state, ledger }, mayList);
        if ('list' in decision) return { value: { missing: decision.list, state: { ...state, ledger } } };
        const next = decision.ledger === state.ledger ? undefined : decision.ledger;
        return { ledger: next, value: { value: decision.value } };
      });
      if ('value' in outcome) return outcome.value;
      const { missing, state } = outcome;
      listings.push(...(await Promise.all(missing.map((kind) => listed(kind, state, this.#counted)))));
    }
  }

  /** Changes the ledger without looking at the cloud. */
  async amend(next: (ledger: Ledger) => Ledger): Promise<void> {
    await this.#rows.change(({ ledger }) => ({ ledger: next(ledger), value: undefined }), 'known');
  }

  /** Marks that something of a kind was deleted: the next decision lists it again. */
  async mark(kind: CountedKind): Promise<void> {
    await this.#rows.mark(kind);
  }
}
