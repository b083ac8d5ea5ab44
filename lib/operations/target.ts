/**
 * Resolves a request's path to a target. It is here and not in `http/`, because some paths (a user's mixin, an alias)
 * need the caller's model.
 */

import type { Backend, Target } from '../entities/backend.ts';
import { entityPath } from '../entities/locate.ts';
import { OcciError } from '../errors.ts';
import type { CategoryDescription } from '../occi/category-description.ts';
import type { CoreTerm } from '../occi/kinds/index.ts';

/** Some clients omit the trailing slash or send one too many. */
export const QUERY_INTERFACE = /^(?:\/\.well-known\/org\/ogf\/occi)?\/-\/*$/;

const coreTermOf = ({ term, class: of }: CategoryDescription): CoreTerm | undefined =>
  of === 'kind' && (term === 'resource' || term === 'link') ? term : undefined;

/** The target of a path that the tables know; undefined if the caller's model is needed. */
function byTables(path: string, backend: Backend): Target | undefined {
  if (path === '/') return { is: 'unbound', path };
  if (QUERY_INTERFACE.test(path)) return { is: 'queryInterface' };
  const at = entityPath(path);
  if (at.kind && backend.adapter.kinds[at.kind]) return { is: 'entity', ...at };
  const category = backend.base.at(path);
  if (category?.kind) return { is: 'kindCollection', kind: category.kind };
  if (!category) return undefined;
  // The collection of `entity` has every entity, like the root.
  if (category.class === 'kind' && category.term === 'entity') return { is: 'unbound', path: '/' };
  const core = coreTermOf(category);
  return core ? { is: 'coreCollection', core } : { is: 'mixinCollection', mixin: category };
}

/**
 * The target of a path. An unknown path is a missing entity. Throws `invalid` for a path that is too long or has
 * control characters.
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
