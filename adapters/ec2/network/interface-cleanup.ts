/**
 * Interfaces that are to be deleted. EC2 deletes none that is still being detached, and nobody waits for it here: it
 * gets a tag, and is deleted with a later request: with the next ones of the tenant that this process has, else with
 * the next link that is removed, at the latest when its address, its group or its network is needed. What a create that
 * died has left over is found as well: it is given the tag first, and time for the create to go on.
 */
import type { Filter } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { isRefused, translateErrors } from '../api/errors.ts';
import { readAll } from '../api/pages.ts';
import { type Cloud, isOwn, TAG, tagOf } from '../cloud.ts';
import { type NetworkInterface, networkInterfaces } from '../native/index.ts';
import { Recent } from '../recent.ts';

/** From when on an interface that is attached to nothing is nobody's, as a date of ISO 8601. */
const RELEASED = 'occi:released';

/** Time for a create to attach what it has made, in milliseconds, from when it is first seen: longer than any request. */
const GRACE = 60_000;

/** What only the interfaces of the tenant that nothing uses pass. */
const loose = ({ account }: Cloud): Filter[] => [
  { Name: 'status', Values: ['available'] },
  { Name: `tag:${TAG.tenant}`, Values: [account.tenant] },
  { Name: 'tag-key', Values: [TAG.token] },
];

const tag = ({ ec2 }: Cloud, ids: readonly NativeId[], from: number) =>
  ec2.call(
    'CreateTags',
    { Resources: [...ids], Tags: [{ Key: RELEASED, Value: new Date(from).toISOString() }] },
    z.unknown(),
  );

const drop = ({ ec2 }: Cloud, id: NativeId) =>
  ec2.call('DeleteNetworkInterface', { NetworkInterfaceId: id }, z.unknown());

/** True for an interface that is gone: deleted now, or by somebody else. False for one that is in use, or being detached. */
async function isGoneAfterDelete(cloud: Cloud, id: NativeId): Promise<boolean> {
  try {
    await drop(cloud, id);
    return true;
  } catch (error) {
    if (isRefused(error, /^InvalidNetworkInterfaceID\.NotFound$/)) return true;
    if (isRefused(error, /./)) return false;
    throw error;
  }
}

/** What this process could not delete yet. */
interface Left {
  readonly id: NativeId;
  /** Attempts so far. */
  readonly times: number;
  /** When the next attempt is worth a call, in milliseconds since the epoch. */
  readonly from: number;
}
const RECENT = new Recent<Left>('networkinterface', 60 * 60_000);

/** Attempts of one process, in about an hour: longer than any guest takes to let go. */
const ATTEMPTS = 20;

/** Time to the next attempt, which doubles with each, in milliseconds. */
const pauseAfter = (times: number): number => Math.min(1000 * 2 ** times, 5 * 60_000);

const keepLeft = (cloud: Cloud, id: NativeId, times: number): void =>
  RECENT.keep(cloud, id, { id, times, from: Date.now() + pauseAfter(times) });

/** Deletes an interface that was detached, or leaves it to be deleted when it is: 1 call, or 2. */
export async function release(cloud: Cloud, id: NativeId): Promise<void> {
  if (await isGoneAfterDelete(cloud, id)) return;
  keepLeft(cloud, id, 0);
  await tag(cloud, [id], Date.now());
}

/** Interfaces that one request deletes for others at most, and how many of them at a time. */
const MOST = { deleted: 10, together: 3 } as const;

/** Those of these that are gone after an attempt to delete them: 1 call for each, for the first few only. */
async function deleted(cloud: Cloud, ids: readonly NativeId[]): Promise<Set<NativeId>> {
  const gone = new Set<NativeId>();
  const left = ids.slice(0, MOST.deleted);
  const next = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      if (!(await isGoneAfterDelete(cloud, id))) continue;
      gone.add(id);
      RECENT.forget(cloud, id);
    }
  };
  await Promise.all(Array.from({ length: MOST.together }, next));
  return gone;
}

/**
 * Deletes what this process has left over for the tenant: no call where nothing is, else 1 for each of the few whose
 * time has come. For requests to do beside their own calls: nothing depends on how it ends, and it throws nothing.
 */
export async function sweepRecent(cloud: Cloud): Promise<void> {
  const due = RECENT.all(cloud)
    .filter(({ from }) => from <= Date.now())
    .slice(0, MOST.together);
  // Two requests at once need not both try.
  for (const { id, times } of due) {
    if (times < ATTEMPTS) keepLeft(cloud, id, times + 1);
    else RECENT.forget(cloud, id);
  }
  await deleted(
    cloud,
    due.map(({ id }) => id),
  ).catch(() => {});
}

/**
 * Looks at the interfaces that pass the filters, and deletes those of the tenant that are left from removed links.
 * Resolves to the others. 1 call per page, 1 for each of the first ten that are to be deleted, 1 for all whose create
 * seems to have died.
 */
export const sweep = (cloud: Cloud, filters: readonly Filter[]): Promise<NetworkInterface[]> =>
  translateErrors('networkinterface', () => swept(cloud, filters));

const idOf = ({ NetworkInterfaceId }: NetworkInterface): NativeId => NetworkInterfaceId;

/** True from the time on that the tag says. */
const isDue = (tags: NetworkInterface['TagSet']): boolean => Date.parse(tagOf(tags, RELEASED) ?? '') <= Date.now();

/** True for an interface that was made here for the tenant. */
const isMadeHere = (cloud: Cloud, { TagSet }: NetworkInterface): boolean =>
  tagOf(TagSet, TAG.token) !== undefined && tagOf(TagSet, TAG.tenant) !== undefined && isOwn(cloud, TagSet);

async function swept(cloud: Cloud, filters: readonly Filter[]): Promise<NetworkInterface[]> {
  const found = await readAll(cloud, 'DescribeNetworkInterfaces', { Filters: [...filters] }, networkInterfaces);
  const ours = found.filter((one) => one.Status === 'available' && isMadeHere(cloud, one));
  const died = ours.filter(({ TagSet }) => tagOf(TagSet, RELEASED) === undefined).map(idOf);
  const due = ours.filter(({ TagSet }) => isDue(TagSet)).map(idOf);
  const gone = await deleted(cloud, due);
  if (died.length > 0) await tag(cloud, died, Date.now() + GRACE);
  return found.filter((one) => !gone.has(idOf(one)));
}

/** `sweep` over all that the tenant has left over. Nothing depends on how it ends. */
export async function sweepAll(cloud: Cloud): Promise<void> {
  await sweep(cloud, loose(cloud)).catch(() => {});
}

/** Who uses what these interfaces are of, in words: how many computes, or what else it may be. */
export function usersOf(interfaces: readonly NetworkInterface[]): string {
  const computes = new Set(interfaces.flatMap(({ Attachment }) => Attachment?.InstanceId ?? []));
  if (computes.size > 0) return computes.size === 1 ? '1 compute' : `${computes.size} computes`;
  const isLeft = interfaces.every(({ TagSet }) => isDue(TagSet));
  if (isLeft) return 'what removed networkinterfaces have left, which is being deleted: try again';
  const isUnfinished = interfaces.every((one) => one.Status === 'available' && tagOf(one.TagSet, TAG.token));
  if (isUnfinished) return 'a networkinterface that is being made, or was not made to its end: try again in a minute';
  return 'something that is no compute';
}
