/** OPERATIONS: the total table target × verb → operation; undefined is 405 (GFD.223 §8, HTTP-18). */
import type { Adapter } from '../adapter/contract.ts';
import type { Target } from '../entities/backend.ts';
import { act, actAll } from './act.ts';
import { create } from './create.ts';
import { discover } from './discover.ts';
import { list } from './list.ts';
import { members, tag, untag } from './members.ts';
import { defineMixin, removeMixin } from './mixins.ts';
import { isOffered } from './offered.ts';
import type { Operation } from './operation.ts';
import { remove, removeAll } from './remove.ts';
import { replace } from './replace.ts';
import { retrieve } from './retrieve.ts';
import { update } from './update.ts';

/** The verb of a request; `act` is a POST with `?action=`. HEAD is GET without a body, OPTIONS needs no operation. */
export const VERBS = ['get', 'post', 'put', 'delete', 'act'] as const;
export type Verb = (typeof VERBS)[number];

type Row<T extends Target> = Readonly<Record<Verb, Operation<T> | undefined>>;

export const OPERATIONS: { readonly [K in Target['is']]: Row<Extract<Target, { is: K }>> } = {
  queryInterface: { get: discover, post: defineMixin, put: undefined, delete: removeMixin, act: undefined },
  kindCollection: { get: list, post: create, put: undefined, delete: removeAll, act: actAll },
  coreCollection: { get: list, post: create, put: undefined, delete: removeAll, act: actAll },
  mixinCollection: { get: list, post: tag, put: members, delete: untag, act: actAll },
  entity: { get: retrieve, post: update, put: replace, delete: remove, act },
  unbound: { get: list, post: create, put: undefined, delete: removeAll, act: undefined },
};

/** The operation for a target. */
export const operationFor = (target: Target, verb: Verb): Operation | undefined =>
  OPERATIONS[target.is][verb] as Operation | undefined;

/** The methods of a target, for `Allow`: those in its row that the cloud can serve. */
export function methodsOf(target: Target, adapter: Adapter): string {
  const takes = (verb: Verb) => {
    const operation = operationFor(target, verb);
    return operation !== undefined && isOffered(operation, target, adapter);
  };
  const methods = [
    takes('get') && 'GET, HEAD',
    (takes('post') || takes('act')) && 'POST',
    takes('put') && 'PUT',
    takes('delete') && 'DELETE',
  ];
  return [...methods.filter(Boolean), 'OPTIONS'].join(', ');
}
