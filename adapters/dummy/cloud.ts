/**
 * The rows of the embedded cloud, and how they are read and changed. They are stored through the table port, so the
 * cloud survives a restart of the process (ADR-2).
 */
import type { Native, NativeId } from '../../lib/adapter/contract.ts';
import { OcciError } from '../../lib/errors.ts';
import type { LinkTerm, ResourceTerm } from '../../lib/occi/kinds/index.ts';
import type { Attributes } from '../../lib/occi/types.ts';
import { sha1 } from '../../lib/sha1.ts';
import type { PartitionKey, SiteTable } from '../../lib/table/partition-keys.ts';
import type { Row } from '../../lib/table/table.ts';
import type { DummySettings } from './config.ts';

/** The cloud as one tenant sees it. */
export interface Cloud {
  readonly table: SiteTable;
  readonly settings: DummySettings;
  /** Partition of the caller. */
  readonly pk: PartitionKey;
  /** Partition shared by all callers: the addresses of published networks and of pools. */
  readonly sharedPk: PartitionKey;
  readonly published: Readonly<Record<ResourceTerm, readonly Native[]>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A pending state change: the entity is `waiting` until `until`; then the attributes of its row apply. */
export interface Moving {
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly message: string;
}

/** The holder of a resource that only one entity may use, or that must not be removed while in use. */
export interface Holder {
  readonly pk: PartitionKey;
  readonly sk: string;
  /** Token of the create that took the resource: a retry of that create may take it again. */
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A link, inside the row of its compute. */
export interface Attachment {
  readonly id: NativeId;
  readonly kind: LinkTerm;
  readonly target: { readonly kind: ResourceTerm; readonly id: NativeId };
  readonly attributes: Attributes;
  readonly mixins: readonly string[];
  readonly token: string;
  /** Key of the link's claim on its target, if the target counts its users by claims. */
  readonly claim?: string;
}

/** The content of an entity's row: everything except its key, version and token. */
export interface Content {
  /** The attributes, including the state, after any pending change. */
  readonly attributes: Attributes;
  readonly mixins: readonly string[];
  readonly moving?: Moving;
  /** Set on a compute only. */
  readonly links?: readonly Attachment[];
  /** Set on a storage or a reservation: the compute that uses it. */
  readonly heldBy?: Holder;
  /** Set on a reservation: the key of the claim on its address. */
  readonly claim?: string;
  /** When a removal began, in milliseconds since the epoch. */
  readonly removing?: number;
}

export interface EntityRow extends Row<PartitionKey>, Content {
  readonly version: number;
  readonly token: string;
}

/** How long a conflicting write is retried before it fails as `unavailable`; shorter than the deadline of a request. */
const RETRY_TIMEOUT_MS = 3000;
const MAX_BACKOFF_MS = 40;

const LETTERS = {
  compute: 'c',
  storage: 's',
  network: 'n',
  securitygroup: 'g',
  ipreservation: 'i',
} as const satisfies Record<ResourceTerm, string>;

/** The prefix of the native ids of a kind. The ids are sort keys, so a query by prefix lists the kind. */
export const prefixOf = (kind: ResourceTerm): string => `${LETTERS[kind]}-`;

/**
 * The native id derived from a caller and a create token. It is stable, so the entity's own row is also the index by
 * token. Ids of different callers differ, because claims in the shared partition identify their holders by id. It never
 * equals the OCCI id, so the dummy exercises the mapping between the two.
 */
export const idUnder = ({ pk }: Pick<Cloud, 'pk'>, kind: ResourceTerm, token: string): NativeId =>
  prefixOf(kind) + sha1(`${pk}\n${token}`).slice(0, 16);

/** The same error whether the entity never existed, is deleted, or belongs to another tenant. */
export const notThere = (kind: ResourceTerm | LinkTerm): OcciError =>
  new OcciError('notFound', `There is no such ${kind}.`);

export async function findRow(cloud: Cloud, kind: ResourceTerm, id: NativeId): Promise<EntityRow | undefined> {
  if (!id.startsWith(prefixOf(kind))) return undefined;
  return (await cloud.table.get({ pk: cloud.pk, sk: id })) as EntityRow | undefined;
}

/** Throws `notFound`. */
export async function readRow(cloud: Cloud, kind: ResourceTerm, id: NativeId): Promise<EntityRow> {
  const row = await findRow(cloud, kind, id);
  if (!row) throw notThere(kind);
  return row;
}

/** All rows under a prefix, read page by page. */
export async function allRows(cloud: Cloud, pk: PartitionKey, prefix: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let after: string | undefined;
  do {
    const page = await cloud.table.query(pk, prefix, after);
    rows.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return rows;
}

/** Exponential backoff with jitter, so that writers that collided are unlikely to collide again. */
const pause = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(2 ** attempt, MAX_BACKOFF_MS)));

const crowded = (what: string): OcciError =>
  new OcciError('unavailable', `Too many requests are changing ${what} at once.`, { headers: { 'Retry-After': '1' } });

/**
 * Changes a row with optimistic locking: the write succeeds only over the version that was read, and is retried
 * otherwise. `change` may run several times; if it returns the same row, nothing is written.
 * Throws `notFound`, `unavailable` when too many requests change the row at once, and any error of `change`.
 */
export async function changeRow(
  cloud: Cloud,
  kind: ResourceTerm,
  id: NativeId,
  change: (row: EntityRow) => EntityRow | Promise<EntityRow>,
): Promise<EntityRow> {
  const end = Date.now() + RETRY_TIMEOUT_MS;
  for (let attempt = 0; attempt === 0 || Date.now() < end; attempt++) {
    const row = await readRow(cloud, kind, id);
    const next = await change(row);
    if (next === row) return row;
    const written: EntityRow = { ...next, version: row.version + 1 };
    if (await cloud.table.put(written, { version: row.version })) return written;
    await pause(attempt);
  }
  throw crowded(`this ${kind}`);
}

/**
 * Removes a row, provided that it has not changed since `check` saw it. The table has no conditional delete, so the
 * row is first made to expire by a conditional write. Throws `notFound`, and any error of `check`.
 */
export async function removeRow(
  cloud: Cloud,
  kind: ResourceTerm,
  id: NativeId,
  check: (row: EntityRow) => void | Promise<void> = () => {},
): Promise<EntityRow> {
  const row = await changeRow(cloud, kind, id, async (present) => {
    await check(present);
    return { ...present, expires: 1 };
  });
  await cloud.table.delete({ pk: row.pk, sk: row.sk });
  return row;
}
