/**
 * The mixins that a tenant defines: each has a row with its definition and a row that reserves its location, under the
 * key of the paths that clients choose for entities. Both are written conditionally, so that of several concurrent
 * requests for one name or location only one succeeds.
 *
 * A mixin is removed by one write. Tags on entities name the definition they belong to, so tags that are left over or
 * written late are ignored; they are cleaned up afterwards.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { OcciError } from '../errors.ts';
import { logger } from '../log.ts';
import { type Mixin, typeId } from '../occi/types.ts';
import type { PartitionKey, SiteTable } from '../table/partition-keys.ts';
import type { PutCondition, Row } from '../table/table.ts';
import { type Annotation, definitionIn, PREFIX } from './rows.ts';
import type { MappingStore } from './store.ts';

/** The row of a mixin. Rows of an earlier version have neither `definition` nor `version`. */
interface MixinRow extends Row<PartitionKey> {
  readonly mixin: Mixin;
  /** A new random number for each write of the row. */
  readonly stamp: string;
  /** New for each definition; unchanged if only the title changes. */
  readonly definition?: string;
}

/** The row of a location. */
interface PlaceRow extends Row<PartitionKey> {
  /** Type identifier. Absent if an entity has the path. */
  readonly mixin?: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
  /** True once the mixin is defined. */
  readonly settled?: boolean;
  readonly version: number;
}

const MAX_ATTEMPTS = 8;
/** After this time an unfinished definition counts as crashed. */
const DEFINITION_TIMEOUT_MS = 60_000;
/** Versions are random, so that a row that was released and written again differs from the earlier one. */
const VERSIONS = 2 ** 47;

const conditionOf = (row: Row | undefined): PutCondition | undefined => {
  if (!row) return 'absent';
  return typeof row.version === 'number' ? { version: row.version } : undefined;
};

export class UserMixins {
  readonly #table: SiteTable;
  readonly #pk: PartitionKey;

  constructor(table: SiteTable, pk: PartitionKey) {
    this.#table = table;
    this.#pk = pk;
  }

  /** Defines a mixin or changes an existing one: `taken` if another request has its name or location by now. */
  async define(mixin: Mixin & { readonly location: string }): Promise<'made' | 'changed' | 'taken'> {
    const path = pathOf(mixin.location);
    const id = typeId(mixin);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const place = await this.#take(path, id);
      if (place === 'taken') return 'taken';
      if (place === 'missed') continue;
      const present = await this.#mixin(id);
      if (present && present.mixin.location !== mixin.location) {
        await this.#letGo(place);
        return 'taken';
      }
      const row = { ...this.#mixinKey(id), mixin, stamp: randomUUID(), version: randomInt(VERSIONS) };
      const definition = present ? definitionIn(present) : randomUUID();
      if (await this.#table.put({ ...row, definition }, conditionOf(present))) {
        await this.#table.put({ ...place, settled: true, version: randomInt(VERSIONS) }, { version: place.version });
        return present ? 'changed' : 'made';
      }
    }
    throw new OcciError('conflict', 'Others are defining this mixin at the same time; try again.');
  }

  /** Removes a mixin, also from every entity. False if it does not exist. */
  async remove(id: string, store: MappingStore): Promise<boolean> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const present = await this.#mixin(id);
      if (!present) return false;
      // Read first: a request that reserves the location for a mixin of this name later gives it another version.
      const place = await this.#place(pathOf(present.mixin.location!));
      const gone = { ...present, expires: 1, version: randomInt(VERSIONS) };
      if (!(await this.#table.put(gone, conditionOf(present)))) continue;
      try {
        if (place?.mixin === id && isOver(place)) await this.#letGo(place);
        await takeOff(id, definitionIn(present), store);
      } catch (error) {
        // The mixin is removed even if the cleanup fails: leftover tags are never shown.
        logger.warn('a removed mixin was not cleaned up', { error: error as Error });
      }
      return true;
    }
    throw new OcciError('conflict', 'Others are changing this mixin at the same time; try again.');
  }

  /** True if a path that could not be reserved is free again, because the mixin that held it is gone. */
  async clear(path: string): Promise<boolean> {
    const place = await this.#place(path);
    if (place?.mixin === undefined || !(await this.#isFree(place))) return false;
    await this.#letGo(place);
    return true;
  }

  /** Reserves a location for a new mixin: `taken` while it belongs to another, `missed` if that has just changed. */
  async #take(path: string, id: string): Promise<PlaceRow | 'taken' | 'missed'> {
    const present = await this.#place(path);
    if (present && present.mixin !== id && !(await this.#isFree(present))) return 'taken';
    const version = randomInt(VERSIONS);
    const place: PlaceRow = { ...this.#placeKey(path), path, mixin: id, started: Date.now(), version };
    return (await this.#table.put(place, conditionOf(present))) ? place : 'missed';
  }

  /** True for a location whose mixin neither exists nor is being defined. */
  async #isFree(place: PlaceRow): Promise<boolean> {
    if (place.mixin === undefined || !isOver(place)) return false;
    const holder = await this.#mixin(place.mixin);
    return holder?.mixin.location === undefined || pathOf(holder.mixin.location) !== place.path;
  }

  /** Releases a location unless its row has changed. A table cannot delete conditionally, so the row expires. */
  async #letGo(place: PlaceRow): Promise<void> {
    await this.#table.put({ ...place, expires: 1, version: randomInt(VERSIONS) }, { version: place.version });
  }

  async #mixin(id: string): Promise<MixinRow | undefined> {
    return (await this.#table.get(this.#mixinKey(id))) as MixinRow | undefined;
  }

  async #place(path: string): Promise<PlaceRow | undefined> {
    return (await this.#table.get(this.#placeKey(path))) as PlaceRow | undefined;
  }

  #mixinKey(id: string) {
    return { pk: this.#pk, sk: PREFIX.mixin + id };
  }

  #placeKey(path: string) {
    return { pk: this.#pk, sk: PREFIX.alias + path };
  }
}

/** A location without its trailing slash: the path of an entity there. */
const pathOf = (location: string): string => location.slice(0, -1);

const isOver = ({ settled, started }: PlaceRow): boolean =>
  settled === true || Date.now() - started > DEFINITION_TIMEOUT_MS;

/** True if an entity has the mixin of this definition. */
const isOf = ({ tags, definitions }: Annotation, id: string, definition: string): boolean =>
  tags?.includes(id) === true && (definitions?.[id] ?? definition) === definition;

async function takeOff(id: string, definition: string, store: MappingStore): Promise<void> {
  for (const annotation of (await store.annotations()).values()) {
    if (!isOf(annotation, id, definition)) continue;
    await store.annotate(annotation, (present) =>
      isOf(present, id, definition) ? { tags: present.tags!.filter((tag) => tag !== id) } : {},
    );
  }
}
