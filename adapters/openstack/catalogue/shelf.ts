/** What a process keeps of the catalogues of projects, so that reading a machine need not ask for its flavor each time. */
import { BoundedCache, loadOnce } from '../../../lib/adapter/cache.ts';
import type { ExternalNetwork, Flavor, Image } from '../native/catalogue.ts';

const TTL_MS = 300_000;
const MAX_PROJECTS = 200;

/** One part of the catalogue of each project. */
export class Shelf<T> {
  readonly #kept = new BoundedCache<Promise<readonly T[]>>({ maxEntries: MAX_PROJECTS, ttlMs: TTL_MS });

  /** What is kept for a project, or what `load` gives, which callers at the same time share. */
  read(projectId: string, load: () => Promise<readonly T[]>): Promise<readonly T[]> {
    return loadOnce(this.#kept, projectId, load);
  }

  forget(projectId: string): void {
    this.#kept.delete(projectId);
  }
}

export interface Shelves {
  readonly flavors: Shelf<Flavor>;
  readonly images: Shelf<Image>;
  readonly pools: Shelf<ExternalNetwork>;
  readonly zones: Shelf<string>;
}

export const newShelves = (): Shelves => ({
  flavors: new Shelf(),
  images: new Shelf(),
  pools: new Shelf(),
  zones: new Shelf(),
});
