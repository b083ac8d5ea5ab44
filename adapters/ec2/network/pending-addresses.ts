/**
 * EC2 gives no address to a machine that is not up yet, and nobody waits for it here: a reserved address of a launch is
 * a tag of the instance, `occi:address:<allocation>`, whose value is the name of the interface and, where it will never
 * get the address, why. Who looks when the machine is up gives it the address and takes the tag away, within 15 minutes
 * of the launch.
 */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { isRefused } from '../api/errors.ts';
import { Refusal } from '../api/failures.ts';
import type { Cloud } from '../cloud.ts';
import { isLate } from '../machine/pending-timeout.ts';
import { readInstance } from '../machine/reads.ts';
import type { Instance, Tag } from '../native/index.ts';
import { associate, isAllocationId } from './elastic-addresses.ts';
import { indexOf, nameOf } from './interface-request.ts';

const PREFIX = 'occi:address:';

/** Tags of a resource (EC2 User Guide, Tag restrictions), without room for others. */
const MOST = 20;

const FAILURES = {
  gone: 'The ipreservation was deleted before the compute ran.',
  taken: 'Another networkinterface got the address before the compute ran.',
  refused: 'The cloud does not permit that the compute gets the address.',
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
export function stateOfTagged(instance: Instance, { failed }: Tagged) {
  if (failed !== undefined) return { state: 'error', message: FAILURES[failed] } as const;
  if (isLate(instance, undefined)) {
    const message = 'The compute did not get the address in time: delete the link and make another.';
    return { state: 'error', message } as const;
  }
  return { state: 'waiting', message: 'The compute gets the address when it runs.' } as const;
}

/** Takes an address away that a machine would have got: 1 call. */
export const dropTagged = ({ ec2 }: Cloud, { InstanceId }: Instance, allocationId: NativeId): Promise<unknown> =>
  ec2.call('DeleteTags', { Resources: [InstanceId], Tags: [{ Key: keyOf(allocationId) }] }, z.unknown());

/** Refusals that end when the machine has come to rest, and EC2 shows it everywhere. */
const PASSING = /^(IncorrectInstanceState|IncorrectState|InvalidInstanceID|InvalidNetworkInterfaceID\.NotFound)$/;

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
    if (isRefused(cause, PASSING)) return 'later';
    if (isRefused(cause, /^Gateway\.NotAttached$/)) return 'outside';
    if (isFailure(error, 'notFound') || isFailure(error, 'invalid')) return 'gone';
    if (isRefused(cause, /^(Resource\.AlreadyAssociated|InvalidIPAddress\.InUse)$/)) return 'taken';
    return cause instanceof Refusal ? 'refused' : 'later';
  }
}

/**
 * The instance as it is after its addresses were given to it: no call if none waits, if they have waited too long, or
 * while it is not up. Else 1 for each, 1 for the tags, and 1 to read it again if one was given. Two that do it at once
 * do no harm. Throws as `readInstance` only.
 */
export async function settleAddresses(cloud: Cloud, instance: Instance): Promise<Instance> {
  if (!isUp(instance) || isLate(instance, undefined)) return instance;
  const waiting = taggedAddresses(instance).filter(({ failed }) => failed === undefined);
  const outcomes = await Promise.all(
    waiting.map(async (one) => ({ ...one, outcome: await attempt(cloud, instance, one) })),
  );
  const Resources = [instance.InstanceId];
  const given = outcomes.filter(({ outcome }) => outcome === 'given');
  const failed = outcomes.flatMap(({ outcome, ...one }) =>
    outcome === 'given' || outcome === 'later' ? [] : [tagFor(one, outcome)],
  );
  if (given.length + failed.length === 0) return instance;
  const Tags = given.map(({ allocationId }) => ({ Key: keyOf(allocationId) }));
  await Promise.allSettled([
    given.length > 0 && cloud.ec2.call('DeleteTags', { Resources, Tags }, z.unknown()),
    failed.length > 0 && cloud.ec2.call('CreateTags', { Resources, Tags: failed }, z.unknown()),
  ]);
  const now = given.length > 0 ? await readInstance(cloud, instance.InstanceId) : instance;
  // EC2 may not show the address yet, and the link must not be gone meanwhile: it waits until then.
  const known = [...failed, ...given.map((one) => tagFor(one))];
  const others = now.Tags.filter(({ Key }) => known.every((one) => one.Key !== Key));
  return { ...now, Tags: [...others, ...known] };
}
