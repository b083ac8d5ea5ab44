/**
 * A request's path as a target. It lies with the operations, not with `http/`, since paths that the tables do not know
 * (a user's mixin, an alias) need the caller's model.
 */

import type { Backend, Target } from '../entities/backend.ts';
import { entityPath } from '../entities/locate.ts';
import { OcciError } from '../errors.ts';
import type { CoreTerm } from '../occi/kinds/index.ts';
import type { CategoryDescription } from '../occi/model.ts';

/** Clients put no slash at the end, or one too many. */
const QUERY_INTERFACE = /^(?:\/\.well-known\/org\/ogf\/occi)?\/-\/*$/;

const coreTermOf = ({ term, class: of }: CategoryDescription): CoreTerm | undefined =>
  of === 'kind' && (term === 'resource' || term === 'link') ? term : undefined;

/** What the tables alone say of a path; undefined when the caller's model is needed. */
function byTables(path: string, backend: Backend): Target | undefined {
  if (path === '/') return { is: 'unbound', path };
  if (QUERY_INTERFACE.test(path)) return { is: 'queryInterface' };
  const at = entityPath(path);
  if (at.kind && backend.adapter.kinds[at.kind]) return { is: 'entity', ...at };
  const category = backend.base.at(path);
  if (category?.kind) return { is: 'kindCollection', kind: category.kind };
  if (!category) return undefined;
  const core = coreTermOf(category);
  return core ? { is: 'coreCollection', core } : { is: 'mixinCollection', mixin: category };
}

/**
 * The target of a path. A path that means nothing is an entity that is not there. Throws `invalid` for a path no client
 * means.
 */
export async function toTarget(path: string, backend: Backend): Promise<Target> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (path.length > 2048 || /[\u0000-\u001f\u007f]/.test(path))
    throw new OcciError('invalid', 'The path is too long or holds control characters.');
  const known = byTables(path, backend);
  if (known?.is === 'entity' && path.endsWith('/') && known.uuid === undefined) {
    return (await backend.store.hasAliasBelow(path)) ? { is: 'unbound', path } : known;
  }
  if (known) return known;
  const { model } = await backend.model();
  const category = model.at(path);
  if (category) return { is: 'mixinCollection', mixin: category };
  if (model.hasBelow(path) || (path.endsWith('/') && (await backend.store.hasAliasBelow(path))))
    return { is: 'unbound', path };
  return { is: 'entity', ...entityPath(path) };
}
