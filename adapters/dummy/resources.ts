/** What the resource kinds have in common: conversion of rows to OCCI, listings, reads and the insert. */
import type { KindAdapter, Native, NativeId, Page } from '../../lib/adapter/contract.ts';
import { LINK_STATE } from '../../lib/adapter/states.ts';
import { OcciError } from '../../lib/errors.ts';
import type { ResourceTerm } from '../../lib/occi/kinds/index.ts';
import type { Attributes, AttributeValue } from '../../lib/occi/types.ts';
import type { Row } from '../../lib/table/table.ts';
import {
  type Attachment,
  type Cloud,
  type Content,
  type EntityRow,
  findRow,
  idUnder,
  prefixOf,
  readRow,
} from './cloud.ts';
import { attributesAt, STATE_ATTRIBUTE, stateOf } from './states.ts';

/** The dummy drops summaries on purpose: this shows that the mapping store keeps what a cloud cannot hold (ADR-5). */
const CANNOT_HOLD = ['occi.core.summary'] as const;

/** Attributes that are not stored in a row: those that the server sets itself, and those in `CANNOT_HOLD`. */
const NOT_KEPT = new Set([
  ...CANNOT_HOLD,
  'occi.core.id',
  'occi.core.source',
  'occi.core.source.kind',
  'occi.core.target',
  'occi.core.target.kind',
]);

/** The attributes of a draft that are stored in its row, unchanged. */
export function keptAttributes(attributes: Attributes): Attributes {
  const kept: Record<string, AttributeValue> = {};
  for (const name of Object.keys(attributes)) if (!NOT_KEPT.has(name)) kept[name] = attributes[name]!;
  return kept;
}

/** The OCCI entity that a row stands for at this moment. */
export function toOcci<K extends ResourceTerm>(kind: K, row: EntityRow, now: number): Native<K> {
  const id = row.sk;
  const attributes = attributesAt(kind, row, now) as Native<K>['attributes'];
  return kind === 'compute'
    ? { kind, id, attributes, mixins: row.mixins, links: linksOf(id, row, now) }
    : { kind, id, attributes, mixins: row.mixins };
}

const NO_LINKS: readonly Native[] = Object.freeze([]);

/** The OCCI links in the row of a compute. */
function linksOf(id: NativeId, row: EntityRow, now: number): readonly Native[] {
  if (row.links === undefined || row.links.length === 0) return NO_LINKS;
  const state = LINK_STATE[stateOf('compute', row, now)];
  const source = { kind: 'compute', id } as const;
  return row.links.map(({ id, kind, attributes, mixins, target }: Attachment): Native => {
    const shown: Attributes = { ...attributes, [STATE_ATTRIBUTE[kind]]: state };
    return { kind, id, attributes: shown, mixins, source, target };
  });
}

const pageOf = <T>(items: readonly T[], next: string | undefined): Page<T> =>
  next === undefined ? { items } : { items, next };

type Rows = readonly EntityRow[];

/**
 * The reads of a resource kind. A listing makes one query per page and starts with the published entities. `shown`
 * adjusts rows before they are converted.
 */
export function readsOf<K extends ResourceTerm>(cloud: Cloud, kind: K, shown?: (rows: Rows) => Promise<Rows>) {
  const prefix = prefixOf(kind);
  const published = cloud.published[kind] as readonly Native<K>[];
  const one = async (row: EntityRow) => toOcci(kind, shown ? (await shown([row]))[0]! : row, cloud.now());
  return {
    cannotHold: CANNOT_HOLD,

    async ids({ cursor }) {
      const page = await cloud.table.queryKeys(cloud.pk, prefix, cursor);
      const first = cursor === undefined && published.length > 0;
      return pageOf(first ? [...published.map((native) => native.id), ...page.items] : page.items, page.next);
    },

    async list({ cursor }) {
      const page = await cloud.table.query(cloud.pk, prefix, cursor);
      const now = cloud.now();
      const rows = page.items as readonly Row[] as Rows;
      const items = (shown ? await shown(rows) : rows).map((row) => toOcci(kind, row, now));
      return pageOf(cursor === undefined && published.length > 0 ? [...published, ...items] : items, page.next);
    },

    async get(id) {
      const seed = published.find((native) => native.id === id);
      return seed ?? (await one(await readRow(cloud, kind, id)));
    },

    async findByToken(token) {
      const row = await findRow(cloud, kind, idUnder(cloud, kind, token));
      return row && (await one(row));
    },
  } satisfies Partial<KindAdapter<K>>;
}

/**
 * Inserts the row of a new entity under its token, and returns the entity that was first created with that token. If
 * another attempt won, `lost` releases what `content` reserved.
 */
export async function insert<K extends ResourceTerm>(
  cloud: Cloud,
  kind: K,
  token: string,
  content: (id: NativeId) => Content | Promise<Content>,
  lost: (winner: EntityRow) => Promise<void> = async () => {},
): Promise<Native<K>> {
  const id = idUnder(cloud, kind, token);
  const row = { pk: cloud.pk, sk: id, version: 1, token } as EntityRow;
  try {
    Object.assign(row, await content(id));
  } catch (error) {
    // A retried create can collide with the entity of its first attempt: in the quota, or on the only free address.
    const made = await findRow(cloud, kind, id);
    if (made) return toOcci(kind, made, cloud.now());
    throw error;
  }
  if (await cloud.table.put(row, 'absent')) return toOcci(kind, row, cloud.now());
  const winner = await readRow(cloud, kind, id);
  await lost(winner);
  return toOcci(kind, winner, cloud.now());
}

/** Throws `forbidden` for a published entity: callers cannot change or remove it. */
export function refusePublished(cloud: Cloud, kind: ResourceTerm, id: NativeId): void {
  if (cloud.published[kind].some((native) => native.id === id)) {
    throw new OcciError('forbidden', `This ${kind} belongs to the provider and can be used but not changed.`);
  }
}
