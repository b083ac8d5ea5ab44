/**
 * EC2 gives no address to a machine that is not up yet, and nobody waits for it here: a reserved address of a launch is a
 * tag of the instance, `occi:address:<allocation>`, whose value is the name of the interface and, where it will never
 * get the address, why. Who looks when the machine is up gives it the address and takes the tag away.
 */
import * as z from 'zod';
import type { NativeId } from '../../lib/adapter.ts';
import { isFailure, OcciError } from '../../lib/errors.ts';
import type { Cloud } from './cloud.ts';
import { associate, isAllocationId } from './elastic-addresses.ts';
import { isRefused } from './errors.ts';
import { readInstance } from './instances.ts';
import { indexOf, nameOf } from './interface-wishes.ts';
import type { Instance, Tag } from './native.ts';

const PREFIX = 'occi:address:';

/** Tags of a resource (EC2 User Guide, Tag restrictions), without room for others. */
const MOST = 20;

const FAILURES = {
  gone: 'The ipreservation was deleted before the compute ran.',
  taken: 'Another networkinterface got the address before the compute ran.',
  outside: 'The network of the compute has no way to the internet: no reserved address can be used there.',
} as const;

type Failure = keyof typeof FAILURES;

/** An address that an interface is to get. */
export interface PendingAddress {
  readonly allocationId: NativeId;
  readonly index?: number;
}

interface Tagged {
  readonly allocationId: NativeId;
  readonly index: number;
  readonly failed?: Failure;
}

const keyOf = (allocationId: NativeId): string => PREFIX + allocationId;

const tagFor = ({ allocationId, index = 0 }: PendingAddress, failed?: Failure): Tag => ({
  Key: keyOf(allocationId),
  Value: failed === undefined ? nameOf(index) : `${nameOf(index)} ${failed}`,
});

/** Tags of a machine that is launched to get these addresses. Throws `conflict` for more than a machine has tags. */
export function addressTags(addresses: readonly PendingAddress[]): Tag[] {
  if (addresses.length <= MOST) return addresses.map((one) => tagFor(one));
  throw new OcciError('conflict', `A compute can be made with at most ${MOST} ipreservations; link some later.`);
}

/** True for a machine that EC2 gives addresses to. */
export const isUp = ({ State }: Instance): boolean => State.Name === 'running' || State.Name === 'stopped';

/** What the tags of a machine tell of; anybody in the account may have written them. */
export const taggedAddresses = ({ Tags }: Pick<Instance, 'Tags'>): Tagged[] =>
  Tags.flatMap(({ Key, Value }) => {
    const allocationId = Key.startsWith(PREFIX) ? Key.slice(PREFIX.length) : '';
    const [name, failed, ...rest] = Value.split(' ');
    const index = indexOf(name);
    if (!isAllocationId(allocationId) || index === undefined || rest.length > 0) return [];
    if (failed === undefined) return [{ allocationId, index }];
    return Object.hasOwn(FAILURES, failed) ? [{ allocationId, index, failed: failed as Failure }] : [];
  });

/** State of a link that is a tag, and why it is so. */
export const stateOfTagged = ({ failed }: Tagged) =>
  failed === undefined
    ? ({ state: 'waiting', message: 'The compute gets the address when it runs.' } as const)
    : ({ state: 'error', message: FAILURES[failed] } as const);

/** Takes an address away that a machine would have got: 1 call. */
export const dropTagged = ({ ec2 }: Cloud, { InstanceId }: Instance, allocationId: NativeId): Promise<unknown> =>
  ec2.call('DeleteTags', { Resources: [InstanceId], Tags: [{ Key: keyOf(allocationId) }] }, z.unknown());

/** What became of one: given, never, or not yet. */
async function attempt(
  cloud: Cloud,
  instance: Instance,
  { allocationId, index }: Tagged,
): Promise<'given' | 'later' | Failure> {
  try {
    await associate(cloud, instance, allocationId, index);
    return 'given';
  } catch (error) {
    const { cause } = error as OcciError;
    // What passes is tried again by whoever looks next; the look itself has not failed.
    if (isRefused(cause, /^(IncorrectInstanceState|IncorrectState|InvalidInstanceID)$/)) return 'later';
    if (isRefused(cause, /^Gateway\.NotAttached$/)) return 'outside';
    if (isFailure(error, 'notFound') || isFailure(error, 'invalid')) return 'gone';
    return isFailure(error, 'conflict') ? 'taken' : 'later';
  }
}

/**
 * The instance as it is after its addresses were given to it: no call if none waits, or while it is not up. Else 1 for each,
 * 1 for the tags, 1 to read it again. Two that do it at once do no harm. Throws as `readInstance` only.
 */
export async function settleAddresses(cloud: Cloud, instance: Instance): Promise<Instance> {
  const waiting = isUp(instance) ? taggedAddresses(instance).filter(({ failed }) => failed === undefined) : [];
  if (waiting.length === 0) return instance;
  const outcomes = await Promise.all(
    waiting.map(async (one) => ({ ...one, outcome: await attempt(cloud, instance, one) })),
  );
  const Resources = [instance.InstanceId];
  const done = outcomes.filter(({ outcome }) => outcome === 'given').map(({ allocationId }) => keyOf(allocationId));
  const failed = outcomes.flatMap(({ outcome, ...one }) =>
    outcome === 'given' || outcome === 'later' ? [] : [tagFor(one, outcome)],
  );
  await Promise.allSettled([
    done.length > 0 && cloud.ec2.call('DeleteTags', { Resources, Tags: done.map((Key) => ({ Key })) }, z.unknown()),
    failed.length > 0 && cloud.ec2.call('CreateTags', { Resources, Tags: failed }, z.unknown()),
  ]);
  return readInstance(cloud, instance.InstanceId);
}
