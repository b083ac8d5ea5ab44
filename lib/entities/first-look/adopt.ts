/** Entities that exist in the cloud and have no mapping yet (ADR-4). */
import type { NativeId } from '../../adapter/contract.ts';
import type { Mapping } from '../../mapping/rows.ts';
import type { KindTerm } from '../../occi/kinds/index.ts';
import type { Backend } from '../backend.ts';
import { isNumber, numbered } from './by-number.ts';
import { named } from './by-uuid.ts';
import { servedKind } from './look.ts';
import { scannedFor } from './scan.ts';

/**
 * Finds the entity of one of these kinds whose OCCI id this is, with the caller's credentials, and gives it
 * its mapping. Throws as `scannedFor`.
 */
export async function adopt(uuid: string, kinds: readonly KindTerm[], backend: Backend): Promise<Mapping | undefined> {
  if (await isDeleted(uuid, backend)) return undefined;
  for (const kind of likelyFirst(uuid, kinds, backend)) {
    const nativeId = await nativeIdOf(uuid, kind, backend);
    if (nativeId === undefined) continue;
    // It may have been deleted while it was looked for, and the cloud may list it all the same.
    if (await isDeleted(uuid, backend)) return undefined;
    backend.onAdoption?.();
    return await backend.store.remember({ uuid, kind, nativeId });
  }
  return undefined;
}

const isDeleted = async (uuid: string, { store }: Backend): Promise<boolean> =>
  (await store.annotationsOf([uuid])).get(uuid)?.deleted === true;

/** The kinds that the cloud has, first those of which the id is known to be a number. */
function likelyFirst(uuid: string, kinds: readonly KindTerm[], backend: Backend): readonly KindTerm[] {
  const served = kinds.filter((kind) => servedKind(kind, backend));
  if (served.length < 2) return served;
  const isLikely = (kind: KindTerm) =>
    servedKind(kind, backend)?.finding?.by === 'number' && isNumber(uuid, kind, backend);
  const likely = new Set(served.filter(isLikely));
  return [...likely, ...served.filter((kind) => !likely.has(kind))];
}

async function nativeIdOf(uuid: string, kind: KindTerm, backend: Backend): Promise<NativeId | undefined> {
  const adapter = servedKind(kind, backend)!;
  const { finding } = adapter;
  switch (finding?.by) {
    case 'number':
      return await numbered(uuid, kind, { adapter, finding }, backend);
    case 'uuid':
      return await named(uuid, kind, { adapter, finding }, backend);
    case undefined:
      return await scannedFor(uuid, kind, backend);
  }
}
