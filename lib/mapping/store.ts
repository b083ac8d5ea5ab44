/**
 * The mapping store of one tenant: mappings, annotations (aliases, tags, extras, tombstones), reserved paths.
 * A listing never writes here (ADR-4).
 */

import { OcciError } from '../errors.ts';
import { memoByObject } from '../memo-by-object.ts';
import { isLinkTerm } from '../occi/kinds/index.ts';
import { Remembered } from '../remembered.ts';
import type { PartitionKey, SiteTable } from '../table/partition-keys.ts';
import { type Alias, type Annotation, entityFieldsOf, fieldsOf, type Mapping, PREFIX, rowOf } from './rows.ts';

const MAX_ATTEMPTS = 8;
const MIN_CACHED_MAPPINGS = 50_000;

/** Mappings never change, so a process caches those it has read from a table. The partition is part of the key. */
const seenIn = memoByObject((_: SiteTable) => new Remembered<string, Mapping>(MIN_CACHED_MAPPINGS));

/** True if an annotation holds anything beyond the mapping. */
const says = ({ alias, tags, extras, deleted }: Annotation): boolean =>
  alias !== undefined || deleted === true || (tags?.length ?? 0) + Object.keys(extras ?? {}).length > 0;

export class MappingStore {
  readonly #table: SiteTable;
  readonly #pk: PartitionKey;
  readonly #seen: Remembered<string, Mapping>;
  #links: Promise<readonly Mapping[]> | undefined;

  /** The store of the tenant with the partition `pk`. */
  constructor(table: SiteTable, pk: PartitionKey) {
    this.#table = table;
    this.#pk = pk;
    this.#seen = seenIn(table);
  }

  /** The mapping of an OCCI id, if it is known. */
  async find(uuid: string): Promise<Mapping | undefined> {
    const known = this.#seen.get(this.#memory(uuid));
    if (known) return known;
    const row = await this.#table.get({ pk: this.#pk, sk: PREFIX.mapping + uuid });
    return row && this.#see(entityFieldsOf<Mapping>(row));
  }

  /** Remembers an entity under its OCCI id. */
  async remember(mapping: Mapping): Promise<Mapping> {
    const { uuid, kind, nativeId, made } = mapping;
    await this.#table.put({ pk: this.#pk, sk: PREFIX.mapping + uuid, uuid, kind, native: nativeId, made });
    return this.#see(mapping);
  }

  /**
   * Forgets a deleted entity with its alias and annotation. A tombstone hides it for `lingers` seconds. The rows by
   * which a client finds it are deleted last, so that a repeated delete can clean up after a crash. `path` is its alias
   * if a crashed delete has already removed the annotation.
   */
  async forget(mapping: Mapping, annotation: Annotation | undefined, lingers: number, path?: string): Promise<void> {
    this.#seen.delete(this.#memory(mapping.uuid));
    const alias = annotation?.alias ?? path;
    const annotationKey = { pk: this.#pk, sk: PREFIX.annotation + mapping.uuid };
    if (lingers > 0 && !annotation?.deleted) {
      const expires = Math.ceil(Date.now() / 1000) + lingers;
      await this.#table.put({
        ...annotationKey,
        ...rowOf(mapping),
        alias: annotation?.alias,
        deleted: true,
        version: 0,
        expires,
      });
    } else if (lingers === 0 && annotation) await this.#table.delete(annotationKey);
    await this.#table.delete({ pk: this.#pk, sk: PREFIX.mapping + mapping.uuid });
    if (alias !== undefined) await this.#unbind(alias, mapping.uuid);
  }

  /** Annotations of some entities, by id. */
  async annotationsOf(uuids: readonly string[]): Promise<ReadonlyMap<string, Annotation>> {
    if (uuids.length === 0) return new Map();
    const [first] = uuids;
    if (uuids.length === 1) {
      const row = await this.#table.get({ pk: this.#pk, sk: PREFIX.annotation + first });
      return row ? new Map([[first!, entityFieldsOf<Annotation>(row)]]) : new Map();
    }
    const keys = [...new Set(uuids)].map((uuid) => ({ pk: this.#pk, sk: PREFIX.annotation + uuid }));
    const rows = await this.#table.getAll(keys);
    return new Map(rows.map((row) => [row.uuid as string, entityFieldsOf<Annotation>(row)]));
  }

  /** All annotations: one query, a page per MB. */
  async annotations(): Promise<ReadonlyMap<string, Annotation>> {
    return await this.#all<Annotation>(PREFIX.annotation);
  }

  /**
   * The links in the store whose native ids begin with a text. Reads all mappings and annotations, once for each store:
   * only for a machine whose links the cloud cannot tell.
   */
  async linksBeginningWith(start: string): Promise<readonly Mapping[]> {
    this.#links ??= this.#allLinks();
    return (await this.#links).filter(({ nativeId }) => nativeId.startsWith(start));
  }

  async #allLinks(): Promise<readonly Mapping[]> {
    const [mappings, annotations] = await Promise.all([this.#all<Mapping>(PREFIX.mapping), this.annotations()]);
    const alive = [...annotations.values()].filter(({ deleted }) => !deleted);
    const all = new Map([...alive, ...mappings.values()].map((one) => [one.uuid, one]));
    return [...all.values()]
      .filter(({ kind }) => isLinkTerm(kind))
      .map(({ uuid, kind, nativeId }) => ({ uuid, kind, nativeId }));
  }

  /** All rows with a prefix, by the UUID of their entity: one query, a page per MB. */
  async #all<T extends Mapping | Annotation>(prefix: string): Promise<ReadonlyMap<string, T>> {
    const all = new Map<string, T>();
    let after: string | undefined;
    do {
      const page = await this.#table.query(this.#pk, prefix, after);
      for (const row of page.items) all.set(row.uuid as string, entityFieldsOf<T>(row));
      after = page.next;
    } while (after !== undefined);
    return all;
  }

  /**
   * Writes the annotation of a new entity. Without fields, deletes an annotation left by an earlier entity with the
   * same native id.
   */
  async startAnnotation({ uuid, kind, nativeId }: Mapping, fields: Partial<Annotation>): Promise<void> {
    const key = { pk: this.#pk, sk: PREFIX.annotation + uuid };
    if (Object.values(fields).every((value) => value === undefined)) return await this.#table.delete(key);
    await this.#table.put({ ...key, ...rowOf({ uuid, kind, nativeId, ...fields, version: 1 }) });
  }

  /**
   * Changes an annotation, and retries on a concurrent change. An empty annotation is removed. With `expected`, changes
   * only that version, and returns false if the row has another.
   */
  async annotate(
    mapping: Mapping,
    change: (before: Annotation) => Partial<Annotation>,
    expected?: number,
  ): Promise<boolean> {
    const key = { pk: this.#pk, sk: PREFIX.annotation + mapping.uuid };
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const row = await this.#table.get(key);
      const before = row ? entityFieldsOf<Annotation>(row) : { ...mapping, version: 0 };
      if (expected !== undefined && before.version !== expected) return false;
      const after = { ...before, ...change(before), version: before.version + 1 };
      // A table cannot delete conditionally, so an empty row is put with its version and an expiry in the past.
      const empty = says(after) ? {} : { expires: 1 };
      const condition = row ? { version: before.version } : 'absent';
      if (await this.#table.put({ ...key, ...rowOf(after), ...empty }, condition)) return true;
    }
    throw new OcciError('conflict', 'Others are changing this entity at the same time; try again.');
  }

  async alias(path: string): Promise<Alias | undefined> {
    const row = await this.#table.get({ pk: this.#pk, sk: PREFIX.alias + path });
    // Locations of mixins have the same keys, so that a path leads to an entity or a mixin, never both.
    return row && !('mixin' in row) ? fieldsOf<Alias>(row) : undefined;
  }

  /**
   * Id of the entity that a reserved path leads to. A crashed create may have recorded the path in the annotation only;
   * then the path is bound now.
   */
  async entityAt(alias: Alias): Promise<string | undefined> {
    if (alias.uuid !== undefined) return alias.uuid;
    for (const { alias: path, uuid, deleted } of (await this.annotations()).values()) {
      if (path !== alias.path || deleted) continue;
      await this.rebind(alias, { uuid });
      return uuid;
    }
    return undefined;
  }

  /** True if clients have chosen paths below this one. */
  async hasAliasBelow(path: string): Promise<boolean> {
    const { items } = await this.#table.query(this.#pk, PREFIX.alias + path);
    return items.some(({ uuid }) => uuid !== undefined);
  }

  /**
   * Reserves a path for a new entity, or takes over the `earlier` reservation; undefined if another request was faster.
   */
  async reserve(alias: Omit<Alias, 'version'>, earlier: Alias | undefined): Promise<Alias | undefined> {
    const reserved = { ...alias, version: (earlier?.version ?? 0) + 1 };
    const condition = earlier ? { version: earlier.version } : 'absent';
    const row = { pk: this.#pk, sk: PREFIX.alias + alias.path, ...reserved };
    return (await this.#table.put(row, condition)) ? reserved : undefined;
  }

  /** Changes a reservation: binds it to its entity, or lets the next attempt take it over. */
  async rebind(alias: Alias, change: Partial<Alias>): Promise<void> {
    const row = { pk: this.#pk, sk: PREFIX.alias + alias.path, ...alias, ...change, version: alias.version + 1 };
    await this.#table.put(row, { version: alias.version });
  }

  /**
   * Releases a reservation unless another request has taken it over. A table cannot delete conditionally, so the row
   * expires.
   */
  async release(alias: Alias): Promise<void> {
    const row = { pk: this.#pk, sk: PREFIX.alias + alias.path, ...alias, expires: 1 };
    await this.#table.put(row, { version: alias.version });
  }

  /** Releases a path if it still leads to this entity. */
  async #unbind(path: string, uuid: string): Promise<void> {
    const alias = await this.alias(path);
    if (alias?.uuid === uuid) await this.release(alias);
  }

  #memory(uuid: string): string {
    return `${this.#pk}\n${uuid}`;
  }

  #see(mapping: Mapping): Mapping {
    this.#seen.set(this.#memory(mapping.uuid), mapping);
    return mapping;
  }
}
