/** An entity that a request changes, as it was read before the change. */

import type { Native } from '../adapter/contract.ts';
import type { Mapping } from '../mapping/rows.ts';
import type { AnyEntity } from '../occi/entity.ts';
import type { Attributes } from '../occi/types.ts';
import type { Backend } from './backend.ts';
import { notHere } from './locate.ts';
import { nativeAt } from './native-entity.ts';
import { annotationsAround, show } from './show.ts';

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
