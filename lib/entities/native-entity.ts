/** The native entity behind a mapping, and the adapter of its kind. */
import type { KindAdapter, Native } from '../adapter/contract.ts';
import { isFailure, OcciError } from '../errors.ts';
import type { Mapping } from '../mapping/rows.ts';
import type { KindTerm } from '../occi/kinds/index.ts';
import type { Backend, Target } from './backend.ts';
import { located, notHere } from './locate.ts';
import { appearing, isAppearing } from './not-visible-yet.ts';

/** The adapter of a kind. Throws `notFound` for a kind that this cloud does not serve. */
export function kindAdapter(kind: KindTerm, backend: Backend): KindAdapter {
  const adapter = backend.adapter.kinds[kind] as KindAdapter | undefined;
  if (!adapter) throw new OcciError('notFound', `This cloud has no ${kind}.`);
  return adapter;
}

/** The mapping of a native entity. */
export const mappingFor = (kind: KindTerm, nativeId: string, backend: Backend): Mapping => ({
  uuid: backend.identities.of(kind, nativeId).uuid,
  kind,
  nativeId,
});

/** The methods that an adapter may leave out of a kind. */
export type NativeMethod = 'create' | 'update' | 'remove' | 'act';

const CANNOT = {
  create: (what) => `This cloud cannot make ${what}.`,
  update: (what) => `This cloud cannot change ${what}.`,
  remove: (what) => `This cloud cannot delete ${what}.`,
  act: (what) => `This cloud has no actions for ${what}.`,
} as const satisfies Record<NativeMethod, (what: string) => string>;

/** The error for a method that the adapter of the kind does not have, or that no kind at the target has. */
export function notImplemented(method: NativeMethod, kind?: KindTerm): OcciError {
  const article = method === 'act' ? '' : kind?.startsWith('ip') ? 'an ' : 'a ';
  return new OcciError('notImplemented', CANNOT[method](kind ? article + kind : 'anything here'));
}

/** The native entity behind a mapping. Throws `notFound` with the path that the client used. */
export async function nativeAt(mapping: Mapping, path: string, backend: Backend): Promise<Native> {
  try {
    return await kindAdapter(mapping.kind, backend).get(mapping.nativeId);
  } catch (error) {
    if (isAppearing(error, mapping, backend)) return appearing(mapping);
    throw isFailure(error, 'notFound') ? notHere(path) : error;
  }
}

/** Throws `notFound` for an entity that does not exist. Other targets always exist. */
export async function checkThere(target: Target, backend: Backend): Promise<void> {
  if (target.is === 'entity') await nativeAt(await located(target, backend), target.path, backend);
}
