/**
 * What a process keeps of the catalogues of projects, by who sees the same of them, so that reading a machine need not ask
 * for its flavor each time.
 */
import { BoundedCache, loadForEach } from '../../../lib/adapter/cache.ts';
import { isFailure } from '../../../lib/errors.ts';
import type { ExternalNetwork, Flavor, Image } from '../native/catalogue.ts';

const TTL_MS = 300_000;
const MAX_VIEWS = 200;
/** How long a service counts as silent, in milliseconds: then it may be one that is slow, and is waited for again. */
const SILENT_MS = 300_000;

/** A token that has ended, or is limited, and the end of a request are no faults of those who wait for the same. */
const isOwnFault = (error: unknown): boolean =>
  isFailure(error, 'unauthenticated') || isFailure(error, 'forbidden') || isFailure(error, 'timedOut');

/** One part of the catalogue of each project, by its view (`identity/session.ts`). */
export class Shelf<T> {
  readonly #kept = new BoundedCache<Promise<readonly T[]>>({ maxEntries: MAX_VIEWS, ttlMs: TTL_MS });

  /** What each load gave last, for as long as its service is down. */
  readonly #last = new BoundedCache<readonly T[]>({ maxEntries: MAX_VIEWS });

  /** What is kept for a view, or what `load` gives, which callers at the same time share. */
  read(view: string, load: () => Promise<readonly T[]>): Promise<readonly T[]> {
    return loadForEach(this.#kept, view, async () => this.#last.set(view, await load()), isOwnFault);
  }

  /** What was read last, however long ago; nothing if it never was. */
  last(view: string): readonly T[] {
    return this.#last.get(view) ?? [];
  }

  forget(view: string): void {
    this.#kept.delete(view);
  }

  #silentUntil = 0;

  /** True for a few minutes after a load has waited for its service in vain, unless it has answered since. */
  get isSilent(): boolean {
    return Date.now() < this.#silentUntil;
  }

  fellSilent(): void {
    this.#silentUntil = Date.now() + SILENT_MS;
  }

  answered(): void {
    this.#silentUntil = 0;
  }
}

export interface Shelves {
  readonly flavors: Shelf<Flavor>;
  readonly images: Shelf<Image>;
  readonly pools: Shelf<ExternalNetwork>;
  readonly zones: Shelf<string>;
  readonly volumeZones: Shelf<string>;
}

export const newShelves = (): Shelves => ({
  flavors: new Shelf(),
  images: new Shelf(),
  pools: new Shelf(),
  zones: new Shelf(),
  volumeZones: new Shelf(),
});
