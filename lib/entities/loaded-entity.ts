/** An entity that a request changes: it is read once and then changed in the cloud and in the store. */

import type { Native } from '../adapter/contract.ts';
import { preconditionFailed } from '../http/preconditions.ts';
import type { Annotation, Mapping } from '../mapping/rows.ts';
import type { AnyEntity } from '../occi/entity.ts';
import type { Attributes } from '../occi/types.ts';
import type { Backend } from './backend.ts';
import type { Changes } from './change.ts';
import { notHere } from './locate.ts';
import { kindAdapter, nativeAt, notImplemented } from './native-entity.ts';
import { onceVisible } from './not-visible-yet.ts';
import { updating } from './quota/changes.ts';
import { annotationsAround, show } from './show.ts';
import { held, neverHeld } from './store-values.ts';
import { tagged } from './tags.ts';

/** The entity as the cloud has it and as a reader sees it. */
export interface Subject {
  readonly mapping: Mapping;
  readonly native: Native;
  readonly shown: AnyEntity;
  /** The attributes that the store keeps for it. */
  readonly extras: Attributes;
  /** Version of the entity's row in the store; 0 if it has no row. */
  readonly version: number;
  /** The change is conditional: it must apply to this version or fail. */
  readonly isConditional?: true;
}

/** Reads an entity. Throws `notFound` naming the path that the client used. */
export async function subjectAt(mapping: Mapping, path: string, backend: Backend): Promise<Subject> {
  const native = await nativeAt(mapping, path, backend);
  const annotations = await annotationsAround([native], backend);
  const annotation = annotations.get(mapping.uuid);
  if (annotation?.deleted) throw notHere(path);
  const shown = show(native, annotations, backend);
  return { mapping, native, shown, extras: annotation?.extras ?? {}, version: annotation?.version ?? 0 };
}

/** Writes a change: to the cloud what it can hold, to the store the rest. */
export async function apply(
  { mapping, native, extras: before, version, isConditional }: Subject,
  changes: Changes,
  dropTags: readonly string[],
  backend: Backend,
): Promise<Native> {
  const adapter = kindAdapter(mapping.kind, backend);
  const [set, extras] = held(changes.set, adapter);
  // A value that moves to the store must not stay in the cloud, whose value takes precedence; nor the other way round.
  const unset = [...changes.unset, ...Object.keys(extras)].filter(
    (name) => !neverHeld(name, adapter) && !adapter.givesAnyway?.includes(name),
  );
  const dropExtras = [...changes.unset, ...Object.keys(set)].filter((name) => before[name] !== undefined);
  const forCloud = Object.keys(set).length + unset.length + changes.addMixins.length + changes.removeMixins.length > 0;
  if (forCloud && !adapter.update) throw notImplemented('update', mapping.kind);
  const { addMixins, removeMixins } = changes;
  const change = { set, unset, addMixins, removeMixins };
  const update = () => onceVisible(mapping, backend, () => adapter.update!(mapping.nativeId, change));
  const after = forCloud ? await updating(native, change, backend, update) : native;
  if (Object.keys(extras).length + dropExtras.length + changes.addTags.length + dropTags.length > 0) {
    // Once the cloud has changed, the store must follow.
    const expected = isConditional && !forCloud ? version : undefined;
    const added = changes.addTags.length > 0 ? await tagged(changes.addTags, backend) : undefined;
    const change = (present: Annotation) => ({
      ...(added && { definitions: { ...present.definitions, ...added.definitions } }),
      tags: [...new Set([...(present.tags ?? []), ...changes.addTags])].filter((tag) => !dropTags.includes(tag)),
      extras: Object.fromEntries(
        Object.entries({ ...present.extras, ...extras }).filter(([name]) => !dropExtras.includes(name)),
      ),
    });
    if (!(await backend.store.annotate(mapping, change, expected)))
      throw preconditionFailed('The entity has changed at this moment: read it again.');
  }
  return after;
}
