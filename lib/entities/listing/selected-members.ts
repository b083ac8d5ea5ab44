/** The members of a collection that a request is about. */

import { OcciError } from '../../errors.ts';
import type { KindTerm } from '../../occi/kinds/index.ts';
import { NOTHING, type Parsed } from '../../renderings/rendering.ts';
import type { Backend } from '../backend.ts';
import { type Name, namesIn, resolveNames } from '../names.ts';
import type { OcciRequest } from '../request.ts';
import { isEmpty } from './filter.ts';
import { membersOf } from './members.ts';
import type { Member } from './of-kind.ts';

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
