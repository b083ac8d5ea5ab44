/** An entity that a request changes: read once, changed in the cloud and in the store. */
import type { Native } from '../adapter.ts';
import { OcciError } from '../errors.ts';
import type { Mapping } from '../mapping/rows.ts';
import type { AnyEntity } from '../occi/entity.ts';
import type { Attributes, AttributeValue } from '../occi/types.ts';
import type { Changes } from './change.ts';
import { notHere } from './locate.ts';
import type { Backend } from './operation.ts';
import { kindAdapter, nativeAt } from './retrieve.ts';
import { annotationsAround, show } from './show.ts';

/** The entity as the cloud has it and as a reader sees it. */
export interface Subject {
  readonly mapping: Mapping;
  readonly native: Native;
  readonly shown: AnyEntity;
}

/** Reads an entity. Throws `notFound` told by the path that the client used. */
export async function subjectAt(mapping: Mapping, path: string, backend: Backend): Promise<Subject> {
  const native = await nativeAt(mapping, path, backend);
  const annotations = await annotationsAround([native], backend);
  if (annotations.get(mapping.uuid)?.deleted) throw notHere(path);
  return { mapping, native, shown: show(native, annotations, backend) };
}

/** Values divided into those that the cloud holds and those that the store keeps. */
function divided(values: Attributes, cannotHold: readonly string[]): [cloud: Attributes, store: Attributes] {
  const cloud: Record<string, AttributeValue> = {};
  const store: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(values)) (cannotHold.includes(name) ? store : cloud)[name] = value;
  return [cloud, store];
}

/** Writes changes: to the cloud what it holds, to the store the rest. */
export async function apply(
  { mapping, native }: Subject,
  changes: Changes,
  dropTags: readonly string[],
  backend: Backend,
): Promise<Native> {
  const adapter = kindAdapter(mapping.kind, backend);
  const [set, extras] = divided(changes.set, adapter.cannotHold ?? []);
  const unset = changes.unset.filter((name) => !adapter.cannotHold?.includes(name));
  const forCloud = Object.keys(set).length + unset.length + changes.addMixins.length + changes.removeMixins.length > 0;
  if (forCloud && !adapter.update) throw new OcciError('notImplemented', `This cloud cannot change a ${mapping.kind}.`);
  const { addMixins, removeMixins } = changes;
  const after = forCloud ? await adapter.update!(mapping.native, { set, unset, addMixins, removeMixins }) : native;
  const dropExtras = changes.unset.filter((name) => adapter.cannotHold?.includes(name));
  if (Object.keys(extras).length + dropExtras.length + changes.addTags.length + dropTags.length > 0) {
    await backend.store.annotate(mapping, (before) => ({
      tags: [...new Set([...(before.tags ?? []), ...changes.addTags])].filter((tag) => !dropTags.includes(tag)),
      extras: Object.fromEntries(
        Object.entries({ ...before.extras, ...extras }).filter(([name]) => !dropExtras.includes(name)),
      ),
    }));
  }
  return after;
}
