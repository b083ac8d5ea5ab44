/**
 * The rows of the mapping store (ADR-4). The tenant is the partition key of every one of them.
 * Rows written by this version are read by the next: fields are added, never given another meaning.
 */
import type { NativeId } from '../adapter/contract.ts';
import type { KindTerm } from '../occi/kinds/index.ts';
import type { Attributes } from '../occi/types.ts';
import type { Row } from '../table/table.ts';

/** OCCI id → native id. Holds only what follows from the native id, so that writing it twice is harmless. */
export interface Mapping {
  readonly uuid: string;
  readonly kind: KindTerm;
  readonly nativeId: NativeId;
  /** When this endpoint created it, in seconds since the epoch; absent for an entity found in the cloud. */
  readonly made?: number;
}

/**
 * What the store knows about an entity beyond what its cloud holds. Only entities with such data have the row, and a
 * listing reads all of them with one query.
 */
export interface Annotation {
  readonly uuid: string;
  readonly kind: KindTerm;
  readonly nativeId: NativeId;
  /** The path that the client chose for it, which is then its only URL. */
  readonly alias?: string;
  /** Type identifiers of the user's mixins on it. */
  readonly tags?: readonly string[];
  /**
   * For each tag, the definition of the mixin it belongs to; a tag without an entry belongs to the current definition.
   */
  readonly definitions?: Readonly<Record<string, string>>;
  /** Attribute values that the cloud cannot keep exactly. */
  readonly extras?: Attributes;
  /** A tombstone: the cloud may still list it, we do not. */
  readonly deleted?: boolean;
  /** Incremented by each write, for optimistic locking. */
  readonly version: number;
}

/** By the UUID of the entity. */
export type Annotations = ReadonlyMap<string, Annotation>;

/** A path that a client chose (PUT), reserved before the native create so that two cannot take it. */
export interface Alias {
  readonly path: string;
  readonly kind: KindTerm;
  /** The create's token: a retry after a crash finds the native entity by it. */
  readonly token: string;
  /** Milliseconds since the epoch at which the create began. */
  readonly started: number;
  /** Absent while the create is in progress. */
  readonly uuid?: string;
  readonly version: number;
}

export const PREFIX = {
  mapping: 'entity#',
  annotation: 'annotation#',
  alias: 'alias#',
  turn: 'turn#',
  model: 'model#',
  catalogue: 'model#catalogue#',
  saved: 'model#saved',
  renewal: 'renewal#',
  mixin: 'model#mixin#',
  idempotency: 'idempotency#',
} as const;

/** The fields of a row without its keys. */
export function fieldsOf<T>(row: Row): T {
  const { pk: _pk, sk: _sk, expires: _expires, ...fields } = row;
  return fields as T;
}

/** The row of a mapping or annotation. Its native id is stored as `native`: existing tables have that attribute. */
export const rowOf = <T extends { readonly nativeId?: NativeId }>({ nativeId: native, ...fields }: T) => ({
  ...fields,
  native,
});

/** A mapping or an annotation as it was read from the table. */
export function entityFieldsOf<T extends Mapping | Annotation>(row: Row): T {
  const { pk: _pk, sk: _sk, expires: _expires, native: nativeId, ...fields } = row;
  return Object.assign(fields, { nativeId }) as unknown as T;
}

/** The definition of a mixin row that has none because an earlier version wrote it. */
const FIRST = 'first';

/** The definition in a mixin's row. */
export const definitionIn = ({ definition }: Row): string => (typeof definition === 'string' ? definition : FIRST);
