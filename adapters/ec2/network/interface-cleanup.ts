/**
 * Deletes interfaces of removed links. EC2 refuses to delete an interface that is still detaching, and a request must
 * not wait for it, so the interface is tagged and deleted by a later request: by the next requests of the tenant that
 * this process handles, else when another link is removed, at the latest when its address, its group or its network is
 * needed. Orphans of creates that died are found as well: they are tagged first, which gives a create that is still
 * running the time to attach.
 */
import type { Filter } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { isRefused, translateErrors } from '../api/errors.ts';
import { readAll } from '../api/pages.ts';
import { type Cloud, isOwn, TAG, tagOf } from '../cloud.ts';
import { type NetworkInterface, networkInterfaces } from '../native/index.ts';
import { Recent } from '../recent.ts';

/** Tag with the ISO 8601 time after which an unattached interface counts as an orphan. */
const RELEASED = 'occi:released';

/** How long a create may take to attach its interface, counted from when we first see it: longer than any request. */
const CREATE_GRACE_MS = 60_000;

/** What EC2 says of an interface that it does not show yet, and of one that is gone. */
export const INTERFACE_UNSEEN = /^InvalidNetworkInterface(ID)?\.NotFound$/;

/** Filters for the tenant's interfaces that are not in use. */
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

/** Interfaces that this process has deleted. EC2 may still name them in the answer to a repeated create. */
const DELETED = new Recent<true>('networkinterface', 60 * 60_000);

/** True for an interface that this process has deleted. */
export const isDeletedHere = (cloud: Cloud, id: NativeId): boolean => DELETED.get(cloud, id) === true;

/** True once the interface is gone, whether we or another request deleted it; false while it is in use or detaching. */
async function isGoneAfterDelete(cloud: Cloud, id: NativeId): Promise<boolean> {
  try {
    await drop(cloud, id);
    DELETED.keep(cloud, id, true);
    return true;
  } catch (error) {
    if (isRefused(error, INTERFACE_UNSEEN)) return true;
    if (isRefused(error, /./)) return false;
    throw error;
  }
}

/** An interface that this process could not delete yet. */
interface Left {
  readonly id: NativeId;
  /** Attempts so far. */
  readonly times: number;
  /** Earliest time of the next attempt, in milliseconds since the epoch. */
  readonly from: number;
}
const RECENT = new Recent<Left>('networkinterface', 60 * 60_000);

/** Attempts of one process, spread over about an hour: longer than a guest takes to release a device. */
const MAX_ATTEMPTS = 20;

/** Delay before the next attempt, in milliseconds. It doubles with each attempt. */
const pauseAfter = (times: number): number => Math.min(1000 * 2 ** times, 5 * 60_000);

const keepLeft = (cloud: Cloud, id: NativeId, times: number): void =>
  RECENT.keep(cloud, id, { id, times, from: Date.now() + pauseAfter(times) });

/**
 * Leaves an interface that could not be attached, because EC2 does not show it yet, to the next attempt of its create;
 * if none comes in time, this process deletes it. No call.
 */
export const leaveToRetry = (cloud: Cloud, id: NativeId): void =>
  RECENT.keep(cloud, id, { id, times: 0, from: Date.now() + CREATE_GRACE_MS });

/** The interface has been attached: it is not left any more. No call. */
export const keepAttached = (cloud: Cloud, id: NativeId): void => RECENT.forget(cloud, id);

/** Deletes a detached interface, or tags it for a later request while it is detaching: 1 or 2 calls. */
export async function release(cloud: Cloud, id: NativeId): Promise<void> {
  if (await isGoneAfterDelete(cloud, id)) return;
  keepLeft(cloud, id, 0);
  await tag(cloud, [id], Date.now());
}

/** Interfaces that one request deletes at most, and how many of them in parallel. */
const MAX_DELETES = 10;
const MAX_PARALLEL_DELETES = 3;

/** Tries to delete the first few of these and returns those that are gone: 1 call each. */
async function deleted(cloud: Cloud, ids: readonly NativeId[]): Promise<Set<NativeId>> {
  const gone = new Set<NativeId>();
  const left = ids.slice(0, MAX_DELETES);
  const next = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      if (!(await isGoneAfterDelete(cloud, id))) continue;
      gone.add(id);
      RECENT.forget(cloud, id);
    }
  };
  await Promise.all(Array.from({ length: MAX_PARALLEL_DELETES }, next));
  return gone;
}

/**
 * Deletes interfaces that this process has left for the tenant: no call if there are none, else 1 for each of the few
 * that are due. Runs in parallel with the calls of a request: best effort, never throws.
 */
export async function sweepRecent(cloud: Cloud): Promise<void> {
  const due = RECENT.all(cloud)
    .filter(({ from }) => from <= Date.now())
    .slice(0, MAX_PARALLEL_DELETES);
  // Removed first, so that two concurrent requests do not both try.
  for (const { id, times } of due) {
    if (times < MAX_ATTEMPTS) keepLeft(cloud, id, times + 1);
    else RECENT.forget(cloud, id);
  }
  await deleted(
    cloud,
    due.map(({ id }) => id),
  ).catch(() => {});
}

/**
 * Reads the interfaces that pass the filters, deletes those of the tenant that removed links have left, and resolves to
 * the others. 1 call per page, 1 for each of the first ten to delete, 1 to tag all suspected orphans.
 */
export const sweep = (cloud: Cloud, filters: readonly Filter[]): Promise<NetworkInterface[]> =>
  translateErrors('networkinterface', () => swept(cloud, filters));

const idOf = ({ NetworkInterfaceId }: NetworkInterface): NativeId => NetworkInterfaceId;

/** True once the time in the tag has passed. */
const isDue = (tags: NetworkInterface['TagSet']): boolean => Date.parse(tagOf(tags, RELEASED) ?? '') <= Date.now();

/** True for an interface that this endpoint created for the tenant. */
const isMadeHere = (cloud: Cloud, { TagSet }: NetworkInterface): boolean =>
  tagOf(TagSet, TAG.token) !== undefined && tagOf(TagSet, TAG.tenant) !== undefined && isOwn(cloud, TagSet);

async function swept(cloud: Cloud, filters: readonly Filter[]): Promise<NetworkInterface[]> {
  const found = await readAll(cloud, 'DescribeNetworkInterfaces', { Filters: [...filters] }, networkInterfaces);
  const ours = found.filter((one) => one.Status === 'available' && isMadeHere(cloud, one));
  const died = ours.filter(({ TagSet }) => tagOf(TagSet, RELEASED) === undefined).map(idOf);
  const due = ours.filter(({ TagSet }) => isDue(TagSet)).map(idOf);
  const gone = await deleted(cloud, due);
  if (died.length > 0) await tag(cloud, died, Date.now() + CREATE_GRACE_MS);
  return found.filter((one) => !gone.has(idOf(one)));
}

/** `sweep` over everything that the tenant has left. Best effort. */
export async function sweepAll(cloud: Cloud): Promise<void> {
  await sweep(cloud, loose(cloud)).catch(() => {});
}

/** Names the users of these interfaces for a message: how many computes, or what else it may be. */
export function usersOf(interfaces: readonly NetworkInterface[]): string {
  const computes = new Set(interfaces.flatMap(({ Attachment }) => Attachment?.InstanceId ?? []));
  if (computes.size > 0) return computes.size === 1 ? '1 compute' : `${computes.size} computes`;
  const isLeft = interfaces.every(({ TagSet }) => isDue(TagSet));
  if (isLeft) return 'what removed networkinterfaces have left, which is being deleted: try again';
  const isUnfinished = interfaces.every((one) => one.Status === 'available' && tagOf(one.TagSet, TAG.token));
  if (isUnfinished) return 'a networkinterface that is being made, or was not made to its end: try again in a minute';
  return 'something that is no compute';
}
