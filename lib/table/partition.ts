import { isExpired, nowInSeconds } from './expiry.ts';
import { PAGE_BYTES } from './limits.ts';
import type { Row, RowPage } from './table.ts';
import { compareUtf8 } from './utf8-order.ts';

interface Stored {
  row: Row;
  bytes: number;
}

interface Cut {
  readonly start: number;
  readonly end: number;
  readonly next?: string;
}

/** The most prefixes whose first page is cached; there are far fewer kinds of rows. */
const MAX_CACHED_PAGES = 100;

/** Up to this many new keys are inserted one by one; for more, sorting everything again is faster. */
const MAX_INSERTED_KEYS = 64;

/** The rows of one partition in the order of their sort keys. Expired rows are never returned. */
export class Partition {
  readonly #byKey = new Map<string, Stored>();
  /** Sorted up to `#sorted`; new rows are appended, and the next listing sorts them in. */
  #keys: string[] = [];
  #sorted = 0;
  /** First pages by prefix, until a row under the prefix changes. */
  readonly #keyPages = new Map<string, RowPage<string>>();
  readonly #rowPages = new Map<string, RowPage<Row>>();
  #bytes = 0;
  #nextExpiry = Number.POSITIVE_INFINITY;

  get isEmpty(): boolean {
    return this.#keys.length === 0;
  }

  get(sk: string): Row | undefined {
    this.#sweep();
    return this.#byKey.get(sk)?.row;
  }

  /** Keeps the row itself, not a copy; `bytes` is its size as DynamoDB counts it. */
  put(row: Row, bytes: number): void {
    // A conditional delete is a put with an expiry in the past. If kept, it would make the next read sweep all rows.
    if (row.expires !== undefined && isExpired(row, nowInSeconds())) {
      this.delete(row.sk);
      return;
    }
    const present = this.#byKey.get(row.sk);
    this.#bytes += bytes - (present?.bytes ?? 0);
    if (present === undefined) {
      this.#keys.push(row.sk);
      this.#byKey.set(row.sk, { row, bytes });
    } else {
      present.row = row;
      present.bytes = bytes;
    }
    this.#nextExpiry = Math.min(this.#nextExpiry, row.expires ?? Number.POSITIVE_INFINITY);
    this.#changed(row.sk);
  }

  delete(sk: string): void {
    const present = this.#byKey.get(sk);
    if (present === undefined) return;
    this.#sort();
    this.#keys.splice(this.#indexOf(sk), 1);
    this.#sorted = this.#keys.length;
    this.#byKey.delete(sk);
    this.#bytes -= present.bytes;
    this.#changed(sk);
  }

  /** A page of sort keys: the same string objects each time, so that their cached hashes are reused. */
  keys(prefix: string, after?: string): RowPage<string> {
    return this.#page(this.#keyPages, prefix, after, (sk) => sk);
  }

  rows(prefix: string, after?: string): RowPage<Row> {
    return this.#page(this.#rowPages, prefix, after, (sk) => this.#byKey.get(sk)!.row);
  }

  #page<T>(
    kept: Map<string, RowPage<T>>,
    prefix: string,
    after: string | undefined,
    of: (sk: string) => T,
  ): RowPage<T> {
    this.#sweep();
    const known = after === undefined ? kept.get(prefix) : undefined;
    if (known) return known;
    this.#sort();
    const { start, end, next } = this.#cut(prefix, after);
    const page = { items: Object.freeze(this.#keys.slice(start, end).map(of)), ...(next !== undefined && { next }) };
    if (after !== undefined) return page;
    if (kept.size >= MAX_CACHED_PAGES) kept.clear();
    kept.set(prefix, page);
    return page;
  }

  #changed(sk: string): void {
    for (const kept of [this.#keyPages, this.#rowPages]) {
      for (const prefix of kept.keys()) if (sk.startsWith(prefix)) kept.delete(prefix);
    }
  }

  #sort(): void {
    const added = this.#keys.length - this.#sorted;
    if (added === 0) return;
    if (added > MAX_INSERTED_KEYS) this.#keys.sort(compareUtf8);
    else {
      for (const sk of this.#keys.splice(this.#sorted)) this.#keys.splice(this.#indexOf(sk), 0, sk);
    }
    this.#sorted = this.#keys.length;
  }

  #cut(prefix: string, after: string | undefined): Cut {
    const first = this.#indexOf(prefix);
    const start = after === undefined ? first : Math.max(first, this.#indexAfter(after));
    const last = firstIndex(this.#keys, start, (sk) => !sk.startsWith(prefix));
    const end = this.#bytes <= PAGE_BYTES ? last : this.#fillPage(start, last);
    const next = end < last ? this.#keys[end - 1] : undefined;
    return next === undefined ? { start, end } : { start, end, next };
  }

  /** Where a page from `start` ends: at `last`, or before the row that would take it over 1 MB. */
  #fillPage(start: number, last: number): number {
    let bytes = 0;
    for (let i = start; i < last; i++) {
      bytes += this.#byKey.get(this.#keys[i]!)!.bytes;
      if (bytes > PAGE_BYTES) return i;
    }
    return last;
  }

  #indexOf(sk: string): number {
    return firstIndex(this.#keys, 0, (key) => compareUtf8(key, sk) >= 0);
  }

  #indexAfter(sk: string): number {
    return firstIndex(this.#keys, 0, (key) => compareUtf8(key, sk) > 0);
  }

  /** Drops expired rows, so that no other method has to check. Costs one comparison until a row is due. */
  #sweep(): void {
    if (this.#nextExpiry === Number.POSITIVE_INFINITY) return;
    const now = nowInSeconds();
    if (now < this.#nextExpiry) return;
    this.#nextExpiry = Number.POSITIVE_INFINITY;
    for (const { row } of [...this.#byKey.values()]) {
      if (isExpired(row, now)) this.delete(row.sk);
      else this.#nextExpiry = Math.min(this.#nextExpiry, row.expires ?? Number.POSITIVE_INFINITY);
    }
  }
}

/** The first index from `start` whose key passes; `passes` fails up to some index and holds from there on. */
const firstIndex = (keys: readonly string[], start: number, passes: (key: string) => boolean): number => {
  let low = start;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(keys[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
};
