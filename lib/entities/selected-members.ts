/** The entities that a payload names, and the members of a collection that a request is about. */

import { OcciError } from '../errors.ts';
import type { Mapping } from '../mapping/rows.ts';
import { KIND_TERMS, type KindTerm } from '../occi/kinds/index.ts';
import { kindTermOf } from '../occi/model.ts';
import { typeId } from '../occi/types.ts';
import { NOTHING, type Parsed, type Part } from '../renderings/rendering.ts';
import type { Backend } from './backend.ts';
import { type Member, membersOf } from './collect.ts';
import { isEmpty } from './filter.ts';
import { referred } from './locate.ts';
import type { OcciRequest } from './request.ts';

/** A reference to an entity in a payload: a location, an id, or an id with a kind. */
interface Name {
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

/**
 * The members with the names. Throws `invalid` for an entity that is not in the collection or does not match the
 * filter.
 */
async function membersNamed(
  names: readonly Name[],
  members: readonly Member[],
  backend: Backend,
): Promise<readonly Member[]> {
  const keyOf = (kind: KindTerm, id: string) => `${kind} ${id}`;
  const byKey = new Map(members.map((member) => [keyOf(member.kind, member.id), member]));
  const chosen = new Set<Member>();
  for (const { kind, nativeId } of await resolveNames(names, backend)) {
    const member = byKey.get(keyOf(kind, nativeId));
    if (!member) {
      const { path } = backend.identities.of(kind, nativeId);
      throw new OcciError('invalid', `${path} is no member of this collection, or not one that the filter selects.`);
    }
    chosen.add(member);
  }
  return [...chosen];
}

/**
 * The members that the caller owns. Throws `forbidden` if the payload names one of the provider's; others of the
 * provider's are skipped.
 */
export function ownOf(members: readonly Member[], parsed: Parsed): readonly Member[] {
  if (namesIn(parsed).length === 0) return members.filter(({ published }) => !published);
  const published = members.find((member) => member.published);
  if (!published) return members;
  throw new OcciError('forbidden', `${published.location} belongs to the provider and cannot be changed.`);
}

const EMPTY_LOCATION =
  'An empty X-OCCI-Location names no entity: give the location of one, or leave the field out if all are meant.';

type Selection = Pick<OcciRequest, 'target' | 'parsed' | 'filter' | 'all' | 'emptyLocations'>;

/**
 * The members that a request selects: those that it names, which must all match the filter; without names those that
 * match the filter; without either all of them. Throws `invalid` for an empty location field unless the query says
 * `?all=true`: an empty variable in a script must not widen a request.
 */
export async function selectedMembers(
  { target, parsed, filter, all, emptyLocations }: Selection,
  whole: boolean,
  backend: Backend,
): Promise<readonly Member[]> {
  const names = namesIn(parsed);
  if (emptyLocations && names.length === 0 && !all) throw new OcciError('invalid', EMPTY_LOCATION);
  const members = await membersOf(target, filter, whole, backend);
  return names.length > 0 ? await membersNamed(names, members, backend) : members;
}

const ASK_FOR_ALL =
  'This DELETE would mean every member: add ?all=true if that is meant, or name the entities or give a filter. ' +
  'A provider can let it pass without by the setting limits.deleteAll: true.';

const LEAVE_OUT_THE_EMPTY =
  'A field or the body of this DELETE is empty and may have been meant to select: leave it out, or add ?all=true.';

/**
 * Throws `invalid` for a payload that names no entity, and `forbidden` for a DELETE that would delete every member
 * without saying so: an empty variable in a script must not delete a whole collection.
 */
export function requireSelection({ parsed, filter, all, bare }: OcciRequest, { settings }: Backend): void {
  const { deleteAll } = settings.limits;
  if (namesIn(parsed).length > 0) return;
  if (parsed !== NOTHING) throw new OcciError('invalid', 'The payload names no entity by its location or id.');
  if (all || !isEmpty(filter) || (bare && deleteAll)) return;
  throw new OcciError('forbidden', deleteAll ? LEAVE_OUT_THE_EMPTY : ASK_FOR_ALL);
}
