/**
 * The rows of the embedded cloud, and how they are read and changed. They live behind the table port, so that the
 * cloud outlives the process (ADR-2).
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
  /** Partition of what all callers share: the addresses of published networks and of pools. */
  readonly sharedPk: PartitionKey;
  readonly published: Readonly<Record<ResourceTerm, readonly Native[]>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A pending state change: the entity is `waiting` until then, afterwards its attributes apply. */
export interface Moving {
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly message: string;
}

/** The holder of something that only one entity may have, or that must not be removed while it is used. */
export interface Holder {
  readonly pk: PartitionKey;
  readonly sk: string;
  /** Token of the create that took it: the same create may take it again. */
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
  /** Key of the claim that it has on its target, if the target counts its users by claims. */
  readonly claim?: string;
}

/** What a row says of an entity, whatever its key and version. */
export interface Content {
  /** As they are once nothing moves any more; the state among them. */
  readonly attributes: Attributes;
  readonly mixins: readonly string[];
  readonly moving?: Moving;
  /** Of a compute. */
  readonly links?: readonly Attachment[];
  /** Of a storage or a reservation: the compute that has it. */
  readonly heldBy?: Holder;
  /** Key of the claim of a reservation on its address. */
  readonly claim?: string;
  /** Milliseconds since the epoch: since when somebody is about to remove it. */
  readonly removing?: number;
}

export interface EntityRow extends Row<PartitionKey>, Content {
  readonly version: number;
  readonly token: string;
}

/** Milliseconds for which a change of a row is tried before the caller is told to come back; requests have more. */
const PATIENCE = 3000;
/** Milliseconds to wait at most before the next attempt. */
const LONGEST_PAUSE = 40;

const LETTERS = {
  compute: 'c',
  storage: 's',
  network: 'n',
  securitygroup: 'g',
  ipreservation: 'i',
} as const satisfies Record<ResourceTerm, string>;

/** What the native ids of a kind begin with. They are the sort keys of their rows, so a prefix lists a kind. */
export const prefixOf = (kind: ResourceTerm): string => `${LETTERS[kind]}-`;

/**
 * The id of what a caller makes under a token, the same each time, so that one row holds an entity and how to find it
 * again. Another caller's is another: what all share knows its holders by their ids. Unlike any OCCI id, so that the
 * mapping is really used.
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

/** Exponential backoff with jitter, so that writers that collided do not collide again. */
const pause = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(2 ** attempt, LONGEST_PAUSE)));

const crowded = (what: string): OcciError =>
  new OcciError('unavailable', `Too many requests are changing ${what} at once.`, { headers: { 'Retry-After': '1' } });

/**
 * Changes a row so that no other change is lost: written only over the version that was read, else tried again.
 * `change` may run several times; when it returns the row itself nothing is written.
 * Throws `notFound`, `unavailable` when too many change the row at once, and whatever `change` throws.
 */
export async function changeRow(
  cloud: Cloud,
  kind: ResourceTerm,
  id: NativeId,
  change: (row: EntityRow) => EntityRow | Promise<EntityRow>,
): Promise<EntityRow> {
  const end = Date.now() + PATIENCE;
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
 * Removes a row as `check` saw it: first it expires under its version, for a table cannot delete on a condition.
 * Throws `notFound`, and whatever `check` throws.
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
