import type { Target } from '../entities/backend.ts';
import { justRead } from '../entities/first-look/look.ts';
import { noteShown } from '../entities/first-look/scans.ts';
import { located, notHere } from '../entities/locate.ts';
import { nativeAt } from '../entities/native-entity.ts';
import { annotationsAround, show } from '../entities/show.ts';
import type { Operation } from './operation.ts';

/** GET on an entity (GFD.223 §10.1): mapping, native read and annotations. */
export const retrieve: Operation<Target & { is: 'entity' }> = {
  answers: 'entity',
  reads: { query: [], filter: [], payload: [] },
  async run({ target }, backend) {
    const mapping = await located(target, backend);
    const native = justRead(mapping, backend) ?? (await nativeAt(mapping, target.path, backend));
    const annotations = await annotationsAround([native], backend);
    if (annotations.get(mapping.uuid)?.deleted) throw notHere(target.path);
    noteShown(backend, 'links');
    return { is: 'entity', entity: show(native, annotations, backend) };
  },
};
