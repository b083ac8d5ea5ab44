/** Writes a change of an entity: to the cloud what it can hold, to the store the rest. */

import type { Native } from '../../adapter/contract.ts';
import { preconditionFailed } from '../../http/preconditions.ts';
import type { Annotation } from '../../mapping/rows.ts';
import type { Backend } from '../backend.ts';
import type { Subject } from '../loaded-entity.ts';
import { kindAdapter, notImplemented } from '../native-entity.ts';
import { onceVisible } from '../not-visible-yet.ts';
import { held, neverHeld } from '../store-values.ts';
import { tagged } from '../tags.ts';
import type { Changes } from './changes.ts';
import { updating } from './within-limits.ts';

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
