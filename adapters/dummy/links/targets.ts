/**
 * Takes and releases the targets of links. A storage or a reservation has at most one user, named in its own row;
 * networks and security groups have many, each with a claim.
 */
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import type { ResourceTerm } from '../../../lib/occi/kinds/index.ts';
import type { Attributes } from '../../../lib/occi/types.ts';
import type { Row } from '../../../lib/table/table.ts';
import {
  type Attachment,
  type Cloud,
  type Content,
  changeRow,
  type EntityRow,
  findRow,
  type Holder,
  removeRow,
} from '../cloud.ts';
import {
  type ClaimPlace,
  claimKey,
  claimsOn,
  holdersOf,
  isHeld,
  isInTheMaking,
  isSameCreate,
  release,
} from './claims.ts';

/** An unfinished removal counts as abandoned after this time. */
const REMOVAL_TIMEOUT_MS = 30_000;

type Shared = 'network' | 'securitygroup';
type Exclusive = 'storage' | 'ipreservation';

export const isPublished = (cloud: Cloud, kind: ResourceTerm, id: NativeId): boolean =>
  cloud.published[kind].some((native) => native.id === id);

const noTarget = (kind: ResourceTerm): OcciError =>
  new OcciError('invalid', `The target of the link, a ${kind}, does not exist.`);

/** The partition and id under which the claims on a network or security group are stored. */
export const placeOf = (cloud: Cloud, kind: Shared, id: NativeId): ClaimPlace => ({
  pk: isPublished(cloud, kind, id) ? cloud.sharedPk : cloud.pk,
  target: id,
});

/**
 * Reads a network or security group that a link can end at. Callers check before and after they take a claim: a removal
 * marks the target before it counts the claims, so at least one of the two always sees the other.
 * Throws `invalid` if the target does not exist, `conflict` while it is being removed.
 */
export async function sharedTarget(cloud: Cloud, kind: Shared, id: NativeId): Promise<Attributes> {
  const seed = cloud.published[kind].find((native) => native.id === id);
  if (seed) return seed.attributes;
  const row = await findRow(cloud, kind, id);
  if (!row) throw noTarget(kind);
  if (row.removing !== undefined && cloud.now() - row.removing < REMOVAL_TIMEOUT_MS) {
    throw new OcciError('conflict', `The ${kind} is being removed.`);
  }
  return row.attributes;
}

/** The number of links that end at a network or security group. */
export const usersOf = async (cloud: Cloud, kind: Shared, id: NativeId): Promise<number> =>
  (await claimsOn(cloud, placeOf(cloud, kind, id))).live;

export const inUse = (kind: ResourceTerm, users: number): OcciError =>
  new OcciError('conflict', `The ${kind} is in use by ${users} ${users === 1 ? 'link' : 'links'}.`);

/** Removes a network or security group. Throws `conflict`, with the number of links, while any link ends at it. */
export async function removeShared(cloud: Cloud, kind: Shared, id: NativeId): Promise<void> {
  await changeRow(cloud, kind, id, (row) => ({ ...row, removing: cloud.now() }));
  const place = placeOf(cloud, kind, id);
  const { live, stale } = await claimsOn(cloud, place);
  if (live > 0) {
    await changeRow(cloud, kind, id, ({ removing: _marked, ...row }) => row as EntityRow);
    throw inUse(kind, live);
  }
  // Claims that crashes left behind are removed with the target.
  for (const name of stale) await cloud.table.delete({ pk: place.pk, sk: claimKey(place, name) });
  await removeRow(cloud, kind, id);
}

const endsAt = (kind: Exclusive, id: NativeId) => (row: Row) =>
  ((row as Row & Content).links ?? []).some(({ target }) => target.kind === kind && target.id === id);

/** True if a compute uses this storage or reservation. A create that crashed before it wrote its row does not count. */
export const isTaken = async (cloud: Cloud, kind: Exclusive, row: EntityRow): Promise<boolean> =>
  row.heldBy !== undefined && isHeld(cloud, row.heldBy, endsAt(kind, row.sk));

/**
 * Rows as they are shown: a resource whose holder no longer exists is free. One batch read for all rows, skipped if
 * no row has had a holder for long enough.
 */
export async function freed(cloud: Cloud, kind: Exclusive, rows: readonly EntityRow[]): Promise<readonly EntityRow[]> {
  const held = rows.filter(({ heldBy }) => heldBy && !isInTheMaking(cloud, heldBy));
  if (held.length === 0) return rows;
  const holders = await holdersOf(
    cloud,
    held.map(({ heldBy }) => heldBy!),
  );
  const isUsed = (row: EntityRow) => {
    const holder = holders(row.heldBy!);
    return holder !== undefined && endsAt(kind, row.sk)(holder);
  };
  const free = new Set(held.filter((row) => !isUsed(row)));
  return rows.map((row) => (free.has(row) ? { ...row, attributes: markUsed(kind, row.attributes, false) } : row));
}

const markUsed = (kind: Exclusive, attributes: Attributes, used: boolean): Attributes =>
  kind === 'ipreservation' ? { ...attributes, 'occi.ipreservation.used': used } : attributes;

/**
 * Takes a storage or reservation for one compute, after `check` has accepted its row. `fresh` is false if an earlier
 * attempt of the same create already took it. Throws `invalid` if it does not exist, `conflict` if it is taken.
 */
export async function hold(
  cloud: Cloud,
  kind: Exclusive,
  id: NativeId,
  holder: Holder,
  check: (row: EntityRow) => void,
) {
  let fresh = true;
  try {
    const row = await changeRow(cloud, kind, id, async (present) => {
      if (present.heldBy && isSameCreate(present.heldBy, holder)) {
        fresh = false;
        return present;
      }
      if (await isTaken(cloud, kind, present))
        throw new OcciError('conflict', `The ${kind} is already attached to a compute.`);
      check(present);
      fresh = true;
      return { ...present, heldBy: holder, attributes: markUsed(kind, present.attributes, true) };
    });
    return { row, fresh };
  } catch (error) {
    throw isFailure(error, 'notFound') ? noTarget(kind) : error;
  }
}

/** Releases a storage or reservation unless another compute has taken it in the meantime. */
export async function unhold(
  cloud: Cloud,
  kind: Exclusive,
  id: NativeId,
  holder: Pick<Holder, 'sk' | 'token'>,
): Promise<void> {
  try {
    await changeRow(cloud, kind, id, (row) => {
      const { heldBy, ...rest } = row;
      if (heldBy?.sk !== holder.sk || heldBy.token !== holder.token) return row;
      return { ...rest, attributes: markUsed(kind, row.attributes, false) } as EntityRow;
    });
  } catch (error) {
    if (!isFailure(error, 'notFound')) throw error;
  }
}

/** Releases what a link took from its target. */
export async function letGo(cloud: Cloud, compute: NativeId, { target, claim, token }: Attachment): Promise<void> {
  const holder = { sk: compute, token };
  switch (target.kind) {
    case 'storage':
    case 'ipreservation':
      return unhold(cloud, target.kind, target.id, holder);
    case 'network':
    case 'securitygroup':
      if (claim !== undefined) await release(cloud, placeOf(cloud, target.kind, target.id).pk, claim, holder);
      return;
    default:
      throw new OcciError('internal', `No link ends at a ${target.kind}.`);
  }
}
