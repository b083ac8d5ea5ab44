/**
 * The first look at an id where native ids are random UUIDs: the native id is read from it, and one native call with the
 * caller's credentials tells whether he sees the entity. An id of nobody's or somebody else's makes as many calls, for every
 * id is that of some UUID.
 */
import type { KindAdapter, Native, NativeId } from '../../adapter/contract.ts';
import type { ByUuid } from '../../adapter/finding.ts';
import type { KindTerm } from '../../occi/kinds/index.ts';
import type { Backend } from '../backend.ts';
import { looksOf, MAX_SINGLE, unlessMissing } from './look.ts';
import { scannedFor } from './scan.ts';

/** The native id of the entity with this id, if the caller sees it. Throws as `scannedFor` where the kind is mixed. */
export async function named(
  uuid: string,
  kind: KindTerm,
  { adapter, finding }: { readonly adapter: KindAdapter; readonly finding: ByUuid<Native> },
  backend: Backend,
): Promise<NativeId | undefined> {
  const looks = looksOf(backend);
  const id = backend.identities.reversible?.nativeIdOf(kind, uuid);
  if (id === undefined || looks.asked >= MAX_SINGLE) return await scannedFor(uuid, kind, backend);
  looks.asked += 1;
  const native = await unlessMissing(() => finding.listed?.(id) ?? adapter.get(id));
  if (!native) return finding.isMixed ? await scannedFor(uuid, kind, backend) : undefined;
  looks.read = native;
  return native.id;
}
