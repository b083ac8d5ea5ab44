/**
 * Creates one entity, in the write order of ADR-4: first the native create with a token, then the rows.
 *
 * A process may die after any write, and the state must be consistent after each. A native entity without rows is listed
 * and adopted under the path of its id. Its annotation then holds its chosen path, by which `entityAt` finds it until the
 * path's own row is bound, which is the last write.
 */

import type { Native } from '../../adapter/contract.ts';
import type { Mapping } from '../../mapping/rows.ts';
import type { Backend } from '../backend.ts';
import { keepInlineLinks } from '../links/inline.ts';
import { kindAdapter, notImplemented } from '../native-entity.ts';
import { onceLinkedAreVisible, onceVisible } from '../not-visible-yet.ts';
import { saysWhenToRetry } from '../passing-state.ts';
import { held } from '../store-values.ts';
import { tagged } from '../tags.ts';
import { draftOf, linkedBy, type MadeSoFar, secondsNow } from './native-draft.ts';
import type { Plan } from './plan.ts';

export interface Made {
  /** The token of its create. */
  readonly token: string;
  readonly mapping: Mapping;
  readonly native: Native;
  /** Its path: chosen by the client, or derived from its id. */
  readonly location: string;
}

export interface MakeOne {
  readonly token: string;
  /** The path that the client chose for the one entity. */
  readonly alias?: string;
  /** What an earlier attempt has created. */
  readonly found: Native | undefined;
}

/** Creates one entity, or completes what an earlier attempt with the same token created. */
export async function make(plan: Plan, options: MakeOne, backend: Backend, made: MadeSoFar): Promise<Made> {
  const adapter = kindAdapter(plan.kind, backend);
  if (!adapter.create) throw notImplemented('create', plan.kind);
  const { token, found } = options;
  const [attributes, extras] = held(plan.attributes, adapter);
  const draft = draftOf(plan, attributes, made, backend);
  const create = () => saysWhenToRetry(draft.source, backend, () => adapter.create!(draft, token));
  const native = found ?? (await onceLinkedAreVisible(linkedBy(plan), backend, create));
  const { kind, id } = native;
  const { uuid, path } = backend.identities.of(kind, id);
  const mapping: Mapping = { uuid, kind, nativeId: id, made: secondsNow() };
  const tags = plan.tags.length > 0 ? await tagged(plan.tags, backend) : undefined;
  try {
    await Promise.all([
      backend.store.remember(mapping),
      backend.store.startAnnotation(mapping, {
        alias: options.alias,
        ...tags,
        extras: Object.keys(extras).length > 0 ? extras : undefined,
      }),
      ...keepInlineLinks(plan.links, draft.links, native, backend),
    ]);
  } catch (error) {
    // Roll back if the store cannot be written, so that the failure reported to the client is accurate.
    await onceVisible(mapping, backend, async () => adapter.remove?.(id)).catch(() => {});
    throw error;
  }
  return { token, mapping, native, location: options.alias ?? path };
}
