/**
 * Interfaces that are to be deleted. EC2 deletes none that is still being detached, and nobody waits for it here: it gets a
 * tag, and is deleted with a later request, at the latest when its address, its group or its network is needed.
 * What a create that died has left over is found as well: it is given the tag first, and time for the create to go on.
 */
import type { Filter } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { NativeId } from '../../lib/adapter.ts';
import { type Cloud, isOwn, TAG, tagOf, told } from './cloud.ts';
import { isRefused } from './errors.ts';
import { type NetworkInterface, networkInterfaces } from './native.ts';
import { readAll } from './pages.ts';

/** From when on an interface that is attached to nothing is nobody's, as a date of ISO 8601. */
const RELEASED = 'occi:released';

/** Time for a create to attach what it has made, in milliseconds: longer than any request. */
const GRACE = 15 * 60_000;

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

/** Deletes an interface that was detached, or leaves it to be deleted when it is: 1 call, or 2. */
export async function release(cloud: Cloud, id: NativeId): Promise<void> {
  if (!(await isGoneAfterDelete(cloud, id))) await tag(cloud, [id], Date.now());
}

/**
 * Looks at the interfaces that pass the filters, and deletes those of the tenant that are left from removed links. Resolves to
 * the others. 1 call per page, 1 for each that is deleted, 1 for all whose create seems to have died.
 */
export const sweep = (cloud: Cloud, filters: readonly Filter[]): Promise<NetworkInterface[]> =>
  told('networkinterface', () => swept(cloud, filters));

async function swept(cloud: Cloud, filters: readonly Filter[]): Promise<NetworkInterface[]> {
  const found = await readAll(cloud, 'DescribeNetworkInterfaces', { Filters: [...filters] }, networkInterfaces);
  const left: NetworkInterface[] = [];
  const died: NativeId[] = [];
  for (const one of found) {
    const { NetworkInterfaceId: id, Status, TagSet } = one;
    const isOurs = tagOf(TagSet, TAG.token) !== undefined && tagOf(TagSet, TAG.tenant) !== undefined;
    const from = tagOf(TagSet, RELEASED);
    if (Status === 'available' && isOurs && isOwn(cloud, TagSet)) {
      if (from === undefined) died.push(id);
      else if (Date.parse(from) <= Date.now() && (await isGoneAfterDelete(cloud, id))) continue;
    }
    left.push(one);
  }
  if (died.length > 0) await tag(cloud, died, Date.now() + GRACE);
  return left;
}

/** `sweep` over all that the tenant has left over. Nothing depends on how it ends. */
export async function sweepAll(cloud: Cloud): Promise<void> {
  await sweep(cloud, loose(cloud)).catch(() => {});
}

/** Who uses what these interfaces are of, in words: how many computes, or what else it may be. */
export function usersOf(interfaces: readonly NetworkInterface[]): string {
  const computes = new Set(interfaces.flatMap(({ Attachment }) => Attachment?.InstanceId ?? []));
  if (computes.size > 0) return computes.size === 1 ? '1 compute' : `${computes.size} computes`;
  return 'something that is no compute';
}
