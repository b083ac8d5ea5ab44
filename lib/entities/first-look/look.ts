/** What the looks of one request, and those of one caller, have in common. */
import type { KindAdapter, Native } from '../../adapter/contract.ts';
import { isFailure } from '../../errors.ts';
import type { Mapping } from '../../mapping/rows.ts';
import { memoByObject } from '../../memo-by-object.ts';
import type { KindTerm } from '../../occi/kinds/index.ts';
import type { Backend } from '../backend.ts';

/** As many entities are asked for singly in one request; further ids are looked for in a listing. */
export const MAX_SINGLE = 8;

/** The looks of a request at ids that the table does not hold. */
interface Looks {
  /** When the first of them began, in milliseconds since the epoch. */
  readonly began: number;
  /** Single entities that the cloud was asked for. */
  asked: number;
  /** What the last look read, until somebody shows it. */
  read?: Native | undefined;
}

export const looksOf = memoByObject((_: Backend): Looks => ({ began: Date.now(), asked: 0 }));

/** Those who see the same entities of a kind, by a key. */
export const viewOf = (kind: KindTerm, { tenant, adapter }: Backend): string =>
  `${kind}\n${tenant}\n${adapter.audience?.() ?? ''}`;

/** The adapter of a kind, if the cloud has it. */
export const servedKind = (kind: KindTerm, { adapter }: Backend): KindAdapter | undefined =>
  adapter.kinds[kind] as KindAdapter | undefined;

/** The entity of the mapping if the look that found it has just read it: to be shown once, before anything changes it. */
export function justRead({ kind, nativeId }: Mapping, backend: Backend): Native | undefined {
  const looks = looksOf(backend);
  const { read } = looks;
  looks.read = undefined;
  return read?.kind === kind && read.id === nativeId ? read : undefined;
}

/** What is read; undefined if the caller sees no such thing. */
export async function unlessMissing(read: () => Promise<Native>): Promise<Native | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isFailure(error, 'notFound')) return undefined;
    throw error;
  }
}
