/** OPERATIONS: the total table target × verb → operation; undefined is 405 (GFD.223 §8, HTTP-18). */
import type { Target } from '../entities/backend.ts';
import { act, actAll } from './act.ts';
import { create } from './create.ts';
import { discover } from './discover.ts';
import { list } from './list.ts';
import { members, tag, untag } from './members.ts';
import { defineMixin, removeMixin } from './mixins.ts';
import type { Operation } from './operation.ts';
import { remove, removeAll } from './remove.ts';
import { replace } from './replace.ts';
import { retrieve } from './retrieve.ts';
import { update } from './update.ts';

/** What a request does; `act` is a POST with `?action=`. HEAD is GET without a body, OPTIONS needs no operation. */
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

/** The methods that a target takes, for `Allow`. */
export function methodsOf(target: Target): string {
  const row = OPERATIONS[target.is];
  const methods = [row.get && 'GET, HEAD', (row.post ?? row.act) && 'POST', row.put && 'PUT', row.delete && 'DELETE'];
  return [...methods.filter(Boolean), 'OPTIONS'].join(', ');
}
