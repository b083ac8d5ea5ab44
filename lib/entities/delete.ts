/**
 * Deletes an entity in the write order of ADR-4. The native entity goes first, so that a refusal has no effect; then the
 * annotation, the mapping and the chosen path, in this order, so that a repeated delete can find the rest.
 */

import type { KindAdapter } from '../adapter/contract.ts';
import type { Mapping } from '../mapping/rows.ts';
import type { Backend } from './backend.ts';
import { kindAdapter, mappingFor, notImplemented } from './native-entity.ts';
import { onceVisible } from './not-visible-yet.ts';
import { saysWhenToRetry } from './passing-state.ts';

/** Deletes one entity and its links. Throws `notImplemented` if the cloud deletes none of its kind. */
export async function deleteEntity(mapping: Mapping, backend: Backend): Promise<void> {
  const adapter = kindAdapter(mapping.kind, backend);
  if (!adapter.remove) throw notImplemented('remove', mapping.kind);
  const links = await onceVisible(mapping, backend, async () => {
    const present = mapping.kind === 'compute' ? await linksOf(mapping, adapter, backend) : [];
    const { kind, nativeId: id } = mapping;
    await saysWhenToRetry({ kind, id }, backend, () => adapter.remove!(id));
    return present;
  });
  await Promise.all([forget([mapping, ...links], backend), backend.quota?.freed(mapping.kind)]);
}

/** The links of a machine. Those that the cloud cannot tell at the moment are known if the store has something of them. */
async function linksOf({ nativeId }: Mapping, adapter: KindAdapter, backend: Backend): Promise<readonly Mapping[]> {
  const { links = [], linksBeginWith } = await adapter.get(nativeId);
  const stored = linksBeginWith === undefined ? [] : await backend.store.linksBeginningWith(linksBeginWith);
  const shown = links.map(({ kind, id }) => mappingFor(kind, id, backend));
  return [...shown, ...stored.filter(({ uuid }) => !shown.some((link) => link.uuid === uuid))];
}

/** Removes a deleted entity from the store. `path` may also lead to it, even if its annotation does not say so. */
export async function forget(mappings: readonly Mapping[], backend: Backend, path?: string): Promise<void> {
  const annotations = await backend.store.annotationsOf(mappings.map(({ uuid }) => uuid));
  await Promise.all(
    mappings.map((mapping) => {
      const lingers = kindAdapter(mapping.kind, backend).lingers ?? 0;
      return backend.store.forget(mapping, annotations.get(mapping.uuid), lingers, path);
    }),
  );
}
