/**
 * Reserved addresses of a compute that is still starting. EC2 cannot associate an address before the instance is up,
 * and a request must not wait. So a launch stores each address as a tag of the instance, `occi:address:<allocation>`.
 * Its value is the name of the interface and, if the association failed for good, the reason. The first read after the
 * instance is up associates the address and deletes the tag, within 15 minutes of the launch.
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

/**
 * How many addresses a launch may have: they are tags, and a resource has at most 50 (EC2 User Guide, Tag
 * restrictions).
 */
const MAX_ADDRESS_TAGS = 20;

const FAILURES = {
  gone: 'The ipreservation was deleted before the compute ran.',
  taken: 'Another networkinterface got the address before the compute ran.',
  refused: 'The cloud does not permit that the compute gets the address.',
  outside: 'The network of the compute has no way to the internet: no reserved address can be used there.',
} as const;

type Failure = keyof typeof FAILURES;

/** An address that an interface will get. */
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

/** Tags for an instance that is launched with these addresses. Throws `conflict` for more than the tags can hold. */
export function addressTags(addresses: readonly PendingAddress[]): Tag[] {
  if (addresses.length <= MAX_ADDRESS_TAGS) return addresses.map((one) => tagFor(one));
  throw new OcciError(
    'conflict',
    `A compute can be made with at most ${MAX_ADDRESS_TAGS} ipreservations; link some later.`,
  );
}

/** True for an instance that can get addresses. */
export const isUp = ({ State }: Instance): boolean => State.Name === 'running' || State.Name === 'stopped';

/**
 * The addresses in the tags of an instance. Anyone in the account may have written them, so malformed ones are ignored.
 */
export const taggedAddresses = ({ Tags }: Pick<Instance, 'Tags'>): Tagged[] =>
  Tags.flatMap(({ Key, Value }) => {
    const allocationId = Key.startsWith(PREFIX) ? Key.slice(PREFIX.length) : '';
    const [name, failed, ...rest] = Value.split(' ');
    const index = indexOf(name);
    if (!isAllocationId(allocationId) || index === undefined || rest.length > 0) return [];
    if (failed === undefined) return [{ allocationId, index }];
    return Object.hasOwn(FAILURES, failed) ? [{ allocationId, index, failed: failed as Failure }] : [];
  });

/** The state of a pending link, and why. */
export function stateOfTagged(instance: Instance, { failed }: Tagged) {
  if (failed !== undefined) return { state: 'error', message: FAILURES[failed] } as const;
  if (isLate(instance, undefined)) {
    const message = 'The compute did not get the address in time: delete the link and make another.';
    return { state: 'error', message } as const;
  }
  return { state: 'waiting', message: 'The compute gets the address when it runs.' } as const;
}

/** Cancels an address that an instance has not got yet: 1 call. */
export const dropTagged = ({ ec2 }: Cloud, { InstanceId }: Instance, allocationId: NativeId): Promise<unknown> =>
  ec2.call('DeleteTags', { Resources: [InstanceId], Tags: [{ Key: keyOf(allocationId) }] }, z.unknown());

/** Refusals that pass once the instance has settled and EC2 is consistent. */
const TRANSIENT =
  /^(IncorrectInstanceState|IncorrectState|InvalidInstanceState|InvalidInstanceID|InvalidNetworkInterface(ID)?\.NotFound)$/;

/** The outcome for one address: given, retry later, or failed for good. */
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
    // Transient failures are retried by the next GET; this GET still succeeds.
    if (isRefused(cause, TRANSIENT)) return 'later';
    if (isRefused(cause, /^Gateway\.NotAttached$/)) return 'outside';
    if (isFailure(error, 'notFound') || isFailure(error, 'invalid')) return 'gone';
    if (isRefused(cause, /^(Resource\.AlreadyAssociated|Resource\.AlreadyAssigned|InvalidIPAddress\.InUse)$/))
      return 'taken';
    return cause instanceof Refusal ? 'refused' : 'later';
  }
}

/**
 * Associates the pending addresses and returns the instance as it is afterwards. No call if none is pending, if they
 * have timed out, or if the instance is not up. Else 1 for each address, 1 for the tags, and 1 to read the instance
 * again if one was associated. Safe to run concurrently. Throws only as `readInstance`.
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
  // EC2 may not show the address yet. The link must not disappear meanwhile, so it stays pending until then.
  const known = [...failed, ...given.map((one) => tagFor(one))];
  const others = now.Tags.filter(({ Key }) => known.every((one) => one.Key !== Key));
  return { ...now, Tags: [...others, ...known] };
}
