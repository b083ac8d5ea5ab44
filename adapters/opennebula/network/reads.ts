/**
 * Virtual networks of OpenNebula, which are two kinds of OCCI: one that holds a single address reserved from another is
 * an ipreservation, everything else a network.
 */

import type { NativeId, Page, PageQuery } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { type PoolCall, readHighest, readPage, readPool } from '../api/pages.ts';
import { type Cloud, isOwn, objectId } from '../cloud.ts';
import { POOL_FILTER } from '../config.ts';
import { heldBy } from '../machine/holders.ts';
import { type AddressRange, type Vnet, vnet, vnetPool } from '../native/index.ts';
import { suffixOf } from '../template/naming.ts';

type VnetKind = 'network' | 'ipreservation';

/** STATE of a network whose deletion was accepted: gone for OCCI. If the deletion fails, it reappears in error. */
const LOCK_DELETE = 3;
const DONE = 4;

/** The network that it was reserved from, if it was. */
export const parentOf = ({ PARENT_NETWORK_ID: parent }: Vnet): number | undefined =>
  parent !== undefined && parent >= 0 ? parent : undefined;

/** The one address range of an ipreservation. */
export function reservedRange(vnet: Vnet): AddressRange | undefined {
  const [range, ...more] = vnet.AR_POOL.AR;
  return parentOf(vnet) !== undefined && range?.SIZE === 1 && more.length === 0 ? range : undefined;
}

const isGone = ({ STATE }: Vnet): boolean => STATE === LOCK_DELETE || STATE === DONE;

const isKind = (kind: VnetKind, one: Vnet): boolean =>
  !isGone(one) && (reservedRange(one) !== undefined) === (kind === 'ipreservation');

const notFound = (kind: VnetKind): OcciError => new OcciError('notFound', `There is no such ${kind}.`);

/** Of oneadmin, whose networks are the provider's. */
const PROVIDER = 0;

/**
 * On a stock site an ACL lets everybody use all networks of a cluster. Those that the provider made are meant by it;
 * what another user has, and has not opened, is that user's alone.
 */
async function isHidden(cloud: Cloud, kind: VnetKind, one: Vnet): Promise<boolean> {
  const verdict = await cloud.verdict();
  if (isOwn(cloud.settings, verdict, one)) return false;
  const { UID, GID, PERMISSIONS } = one;
  if (kind === 'ipreservation') return true;
  const isOpen = PERMISSIONS.OTHER_U === 1 || (PERMISSIONS.GROUP_U === 1 && verdict.groups.includes(GID));
  return UID !== PROVIDER && GID !== PROVIDER && !isOpen;
}

/**
 * A network or reservation: 1 call. Throws `notFound` for one that is not there, is of the other kind, or is not to be
 * seen.
 */
export async function readVnet(cloud: Cloud, kind: VnetKind, id: NativeId): Promise<Vnet> {
  const number = objectId(id);
  if (number === undefined) throw notFound(kind);
  const found = await translateErrors(kind, () =>
    cloud.client.call('one.vn.info', [number], vnet, { repeatable: true }),
  );
  if (!isKind(kind, found) || (await isHidden(cloud, kind, found))) throw notFound(kind);
  return found;
}

/** A network that the caller may change. Throws `forbidden` if it is published, `conflict` if it is locked. */
export async function readOwnVnet(cloud: Cloud, kind: VnetKind, id: NativeId): Promise<Vnet> {
  const [found, verdict] = await Promise.all([readVnet(cloud, kind, id), cloud.verdict()]);
  if (!isOwn(cloud.settings, verdict, found)) {
    throw new OcciError('forbidden', `The ${kind} is published by the provider and cannot be changed.`);
  }
  if (found.LOCK.LOCKED) throw new OcciError('conflict', `The ${kind} is locked against changes.`);
  return found;
}

const pool = (filter: number): PoolCall<Vnet> => ({
  method: 'one.vnpool.info',
  before: [filter],
  shape: vnetPool,
  idOf: ({ ID }) => ID,
});

/** The pool in which the kind is listed. */
const listed = ({ settings }: Cloud, kind: VnetKind): PoolCall<Vnet> =>
  pool(POOL_FILTER[kind === 'network' ? 'all' : settings.tenant === 'gid' ? 'group' : 'own']);

/** The highest id among those that are listed, of both kinds: 1 call. */
export const highestVnet = (cloud: Cloud, kind: VnetKind): Promise<number | undefined> =>
  translateErrors(kind, () => readHighest(cloud, listed(cloud, kind)));

/** A page of usable networks: 1 call. It may be shorter than a full page: both kinds are in the same pool. */
export async function readVnets(cloud: Cloud, kind: VnetKind, query: PageQuery): Promise<Page<Vnet>> {
  const page = await translateErrors(kind, () => readPage(cloud, listed(cloud, kind), query));
  const hidden = await Promise.all(page.items.map((one) => isHidden(cloud, kind, one)));
  return { ...page, items: page.items.filter((one, place) => isKind(kind, one) && !hidden[place]) };
}

/** What was made under this token: its name ends in what follows from it. 1 call per page of one's own. */
export async function vnetOfToken(cloud: Cloud, kind: VnetKind, token: string): Promise<Vnet | undefined> {
  const own = await translateErrors(kind, () => readPool(cloud, pool(POOL_FILTER.own)));
  const ending = `-${suffixOf(token)}`;
  return own.find((one) => isKind(kind, one) && one.NAME.endsWith(ending));
}

/** Throws `conflict` while machines or reservations have addresses of it. */
export async function requireUnused(cloud: Cloud, kind: VnetKind, vnet: Vnet): Promise<void> {
  const { USED_LEASES: used = 0, AR_POOL } = vnet;
  if (used === 0) return;
  const by =
    kind === 'ipreservation'
      ? ' by a networkinterface'
      : `: ${used} of its addresses ${used === 1 ? 'is' : 'are'} taken`;
  const leases = AR_POOL.AR.flatMap(({ LEASES }) => LEASES.LEASE);
  // Of machines that the caller does not see there is no lease, and one on hold is of no machine.
  const holders = leases.length < used ? [] : leases.map(({ VM = -1 }) => VM);
  throw await heldBy(cloud, holders, new OcciError('conflict', `The ${kind} is in use${by}.`));
}
