/** What a caller may do: its role in the tenant, and the scope of its token. Neither depends on any entity. */
import type { Target } from '../entities/backend.ts';
import { OcciError } from '../errors.ts';
import { isSafe } from '../http/safe.ts';
import type { Grant, Principal, Scope } from './principal.ts';

/** Throws `forbidden` for a request that would change something, by a caller that may only read. */
export function requireMay({ scope }: Principal, { role }: Grant, method: string): void {
  if (isSafe(method)) return;
  if (role !== 'member') throw new OcciError('forbidden', `Your role here is ${role}, which changes nothing.`);
  if (scope?.readOnly) throw new OcciError('forbidden', 'The token is for reading only.');
}

/** Throws `forbidden` for a request that would change something, by a caller whom the cloud lets only read. */
export function requireMayInCloud(mayOnlyRead: boolean, method: string): void {
  if (isSafe(method) || !mayOnlyRead) return;
  throw new OcciError('forbidden', 'The role of the caller in the cloud permits reading only.');
}

/** Throws `forbidden` for a kind that is not among those of a token; undefined stands for what may be of any kind. */
export function requireKind(kinds: Scope['kinds'], kind: NonNullable<Scope['kinds']>[number] | undefined): void {
  if (kinds === undefined || (kind !== undefined && kinds.includes(kind))) return;
  throw new OcciError('forbidden', `The token is for these kinds only: ${kinds.join(', ')}.`);
}

/**
 * Throws `forbidden` for a target outside the kinds of a token. Every caller may read the query interface, but removing a
 * mixin there changes entities of all kinds. Every other target that is not of one kind may hold entities of any.
 */
export function requireMayName({ scope }: Principal, target: Target, method: string): void {
  if (target.is === 'queryInterface' && isSafe(method)) return;
  requireKind(scope?.kinds, 'kind' in target ? target.kind : undefined);
}
