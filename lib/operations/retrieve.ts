import type { KindAdapter, Native } from '../adapter/contract.ts';
import { located, notHere } from '../entities/locate.ts';
import { appearing, isAppearing } from '../entities/not-visible-yet.ts';
import { annotationsAround, show } from '../entities/show.ts';
import { isFailure, OcciError } from '../errors.ts';
import type { Mapping } from '../mapping/rows.ts';
import type { KindTerm } from '../occi/kinds/index.ts';
import type { Backend, Operation, Target } from './operation.ts';

/** The adapter of a kind. Throws `notFound` for a kind that this cloud does not serve. */
export function kindAdapter(kind: KindTerm, backend: Backend): KindAdapter {
  const adapter = backend.adapter.kinds[kind] as KindAdapter | undefined;
  if (!adapter) throw new OcciError('notFound', `This cloud has no ${kind}.`);
  return adapter;
}

/** The native entity behind a mapping, told as missing by the path that the client used. */
export async function nativeAt(mapping: Mapping, path: string, backend: Backend): Promise<Native> {
  try {
    return await kindAdapter(mapping.kind, backend).get(mapping.native);
  } catch (error) {
    if (isAppearing(error, mapping, backend)) return appearing(mapping);
    throw isFailure(error, 'notFound') ? notHere(path) : error;
  }
}

/** Throws `notFound` for an entity that is not there; other targets are there by what their path means. */
export async function checkThere(target: Target, backend: Backend): Promise<void> {
  if (target.is === 'entity') await nativeAt(await located(target, backend), target.path, backend);
}

/** GET on an entity (GFD.223 §10.1): mapping, native read, and what the store has around it. */
export const retrieve: Operation<Target & { is: 'entity' }> = {
  answers: 'entity',
  reads: { query: [], filter: [], payload: [] },
  async run({ target }, backend) {
    const mapping = await located(target, backend);
    const native = await nativeAt(mapping, target.path, backend);
    const annotations = await annotationsAround([native], backend);
    if (annotations.get(mapping.uuid)?.deleted) throw notHere(target.path);
    return { is: 'entity', entity: show(native, annotations, backend) };
  },
};
