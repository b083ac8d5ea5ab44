/**
 * Whether an operation is offered, given the methods of the kinds' adapters. `Allow` lists what is offered; any other
 * request is 501 before its payload is read, so that no message suggests something that cannot work.
 */
import type { Adapter } from '../adapter/contract.ts';
import type { Target } from '../entities/backend.ts';
import { type NativeMethod, notImplemented } from '../entities/native-entity.ts';
import type { OcciError } from '../errors.ts';
import { kindTermOf } from '../occi/identifiers.ts';
import { isIn, KIND_TERMS, KINDS, type KindTerm } from '../occi/kinds/index.ts';
import type { Operation } from './operation.ts';

/** The served kinds whose entities a target can contain. */
function kindsAt(target: Target, adapter: Adapter): readonly KindTerm[] {
  const served = KIND_TERMS.filter((kind) => adapter.kinds[kind]);
  if ('kind' in target && target.kind) return served.filter((kind) => kind === target.kind);
  if (target.is === 'coreCollection') return served.filter((kind) => isIn(kind, target.core));
  const applies = target.is === 'mixinCollection' ? target.mixin.applies : undefined;
  return applies ? served.filter((kind) => applies.some((id) => kindTermOf(id) === kind)) : served;
}

const has = (kind: KindTerm, method: NativeMethod, { kinds }: Adapter): boolean => kinds[kind]?.[method] !== undefined;

/** True if the cloud has what an operation needs at the target. Tags are kept in the store and need no cloud. */
export function isOffered({ needs }: Pick<Operation, 'needs'>, target: Target, adapter: Adapter): boolean {
  if (needs === undefined) return true;
  if (needs === 'update' && target.is === 'mixinCollection' && target.mixin.by === 'user') return true;
  return kindsAt(target, adapter).some((kind) => has(kind, needs, adapter));
}

/**
 * The error for an operation that is not offered; undefined if it is offered or if the kinds have no actions in the
 * standard.
 */
export function notOffered(
  { needs }: Pick<Operation, 'needs'>,
  target: Target,
  adapter: Adapter,
): OcciError | undefined {
  if (needs === undefined || isOffered({ needs }, target, adapter)) return undefined;
  if (needs === 'act' && !kindsAt(target, adapter).some((kind) => 'actions' in KINDS[kind])) return undefined;
  return notImplemented(needs, 'kind' in target && target.kind ? target.kind : undefined);
}
