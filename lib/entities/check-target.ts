/** Checks a payload that names the entity at the request's path. */

import { OcciError } from '../errors.ts';
import type { Parsed } from '../renderings/rendering.ts';
import type { Backend, Target } from './backend.ts';
import { atPath, pathOf } from './locate.ts';
import type { Reads } from './reads.ts';
import { namesIn, resolveNames } from './selected-members.ts';

const withoutSlash = (path: string): string => (path.endsWith('/') ? path.slice(0, -1) : path);

/**
 * Throws `invalid` if the payload names another entity than the path. If the operation reads attributes, `occi.core.id`
 * is one of them and is not checked here.
 */
export async function checkNamesTarget(parsed: Parsed, { payload: used }: Reads, target: Target, backend: Backend) {
  if (target.is !== 'entity') return;
  const names = namesIn(used.includes('attributes') ? { ...parsed, parts: [] } : parsed);
  const others = names.filter(({ reference }) => withoutSlash(reference) !== withoutSlash(target.path));
  if (others.length === 0) return;
  const here = await atPath(target, backend);
  for (const { uuid } of await resolveNames(others, backend)) {
    if (uuid === here?.uuid) continue;
    throw new OcciError('invalid', `The payload names another entity than ${pathOf(target.path).slice(0, 200)}.`);
  }
}
