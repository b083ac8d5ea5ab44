/** What a caller may do: its role in the tenant, and the scope of its token. Neither depends on any entity. */
import type { Target } from '../entities/backend.ts';
import { OcciError } from '../errors.ts';
import { isSafe } from '../http/safe.ts';
import type { Grant, Principal } from './principal.ts';

/** Throws `forbidden` for a request that would change something, by a caller that may only read. */
export function requireMay({ scope }: Principal, { role }: Grant, method: string): void {
  if (isSafe(method)) return;
  if (role !== 'member') throw new OcciError('forbidden', `Your role here is ${role}, which changes nothing.`);
  if (scope?.readOnly) throw new OcciError('forbidden', 'The token is for reading only.');
}

/**
 * Throws `forbidden` for a target outside the kinds of a token. The query interface shows nothing of anybody; every other
 * target that is not of one kind may hold entities of any.
 */
export function requireMayName({ scope }: Principal, target: Target): void {
  if (scope?.kinds === undefined || target.is === 'queryInterface') return;
  const kind = 'kind' in target ? target.kind : undefined;
  if (kind !== undefined && scope.kinds.includes(kind)) return;
  throw new OcciError('forbidden', `The token is for these kinds only: ${scope.kinds.join(', ')}.`);
}
