/** The entities that a payload names: by a location, or by an id. */

import { OcciError } from '../errors.ts';
import type { Mapping } from '../mapping/rows.ts';
import { kindTermOf } from '../occi/identifiers.ts';
import { KIND_TERMS } from '../occi/kinds/index.ts';
import { typeId } from '../occi/types.ts';
import type { Parsed, Part } from '../renderings/rendering.ts';
import type { Backend, Target } from './backend.ts';
import { atPath, pathOf, referred } from './locate.ts';
import type { Reads } from './reads.ts';

/** A reference to an entity in a payload: a location, an id, or an id with a kind. */
export interface Name {
  readonly reference: string;
  readonly kind?: string;
}

/** True for a part that refers to an existing entity by its id. */
export const isName = ({ attributes }: Part): boolean => attributes['occi.core.id'] !== undefined;

/** All names in a payload, in its order. */
export const namesIn = ({ locations, parts }: Parsed): readonly Name[] => [
  ...locations.map((reference) => ({ reference })),
  ...parts.filter(isName).map(({ attributes, categories }) => ({
    reference: String(attributes['occi.core.id']),
    ...(categories[0] && { kind: typeId(categories[0]) }),
  })),
];

const short = (text: string): string => text.slice(0, 200);

/**
 * The entities with the names. Throws `invalid` for the first that does not exist or is of another kind than stated.
 */
export async function resolveNames(names: readonly Name[], backend: Backend): Promise<readonly Mapping[]> {
  const mappings: Mapping[] = [];
  const seen = new Set<string>();
  // One at a time, and each once, so that a payload cannot flood the store.
  for (const { reference, kind } of names) {
    const name = JSON.stringify([reference, kind]);
    if (seen.has(name)) continue;
    seen.add(name);
    const mapping = await referred(reference, KIND_TERMS, backend);
    if (!mapping) throw new OcciError('invalid', `There is no entity ${short(reference)} here.`);
    if (kind !== undefined && kindTermOf(kind) !== mapping.kind) {
      throw new OcciError('invalid', `The entity ${short(reference)} is a ${mapping.kind}, not of ${short(kind)}.`);
    }
    mappings.push(mapping);
  }
  return mappings;
}

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
