/** Changes of entities within the limits of the tenant: updates that change a size, and actions that do. */
import type { Change, KindAdapter, Native, NativeId } from '../../adapter/contract.ts';
import type { KindTerm } from '../../occi/kinds/index.ts';
import type { Attributes } from '../../occi/types.ts';
import { isCounted } from '../../quota/quantities.ts';
import type { Backend } from '../backend.ts';

/** The attributes after a change, with the size that the cloud will give. */
async function after(
  native: Native,
  { set, unset, addMixins }: Pick<Change, 'set' | 'unset' | 'addMixins'>,
  adapter: KindAdapter,
): Promise<Attributes> {
  const left = Object.entries({ ...native.attributes, ...set }).filter(([name]) => !unset.includes(name));
  const attributes = Object.fromEntries(left);
  return { ...attributes, ...(await adapter.sizeOfNew?.({ attributes, mixins: addMixins })) };
}

/** Runs an update of an entity within the limits. Costs nothing if it changes no size. */
export async function updating(
  native: Native,
  change: Change,
  { quota, adapter, identities }: Backend,
  update: () => Promise<Native>,
): Promise<Native> {
  const { kind, id } = native;
  const touchesSize = [...Object.keys(change.set), ...change.unset].some(isCounted);
  if (!touchesSize || !quota?.limitsKind(kind)) return await update();
  const sizes = [native.attributes, await after(native, change, adapter.kinds[kind] as KindAdapter)] as const;
  return await quota.changing({ kind, uuid: identities.of(kind, id).uuid }, sizes, update);
}

/** Actions on a storage that need room: for the storage itself, or for a copy of it. */
const NEEDS = { resize: 'itself', backup: 'copy', snapshot: 'copy' } as const;

/** Runs an action within the limits: one native call more where it needs room and storage is limited. */
export async function acting<T>(
  { kind, id }: { readonly kind: KindTerm; readonly id: NativeId },
  action: string,
  parameters: Attributes,
  { quota, adapter, identities }: Backend,
  act: () => Promise<T>,
): Promise<T> {
  const needs = kind === 'storage' && Object.hasOwn(NEEDS, action) ? NEEDS[action as keyof typeof NEEDS] : undefined;
  if (needs === undefined || kind !== 'storage' || !quota?.limitsKind(kind)) return await act();
  const native = await adapter.kinds.storage!.get(id);
  if (needs === 'copy') return await quota.copying(kind, native.attributes, act);
  const change = { set: { 'occi.storage.size': parameters.size! }, unset: [], addMixins: [] };
  const sizes = [native.attributes, await after(native, change, adapter.kinds.storage as KindAdapter)] as const;
  return await quota.changing({ kind, uuid: identities.of(kind, id).uuid }, sizes, act);
}
