/** Attaches a volume to an existing instance: now, or once it runs. */

import * as z from 'zod';
import type { Draft, NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { isRefused, translateErrors } from '../api/errors.ts';
import { type Cloud, tagOf } from '../cloud.ts';
import { requireLiving } from '../machine/endings.ts';
import { readInstance } from '../machine/reads.ts';
import type { Instance, Volume } from '../native/index.ts';
import { computeState } from '../states.ts';
import { attachLater, type Wish } from './attach-later.ts';
import { isDeviceTaken, noSuchStorage, requireFree, requireZone } from './check-attach.ts';
import { DEVICE, DEVICES, deviceTaken, freeDevice, noDeviceLeft, wantedDevice } from './device-names.ts';
import { devicesOf, keepLink, type Link, linkTo, withLinks } from './disk-links.ts';
import { readVolume } from './reads.ts';

/**
 * Tag of a volume: the token of the create that last attached it. Attachments have no tags of their own. The tag stays
 * after a detach and has no meaning then.
 */
export const LINK_TOKEN = 'occi:link-token';

const asInvalid =
  (sentence: string) =>
  (error: unknown): never => {
    throw isFailure(error, 'notFound')
      ? new OcciError('invalid', sentence, { cause: error, unseen: error.unseen })
      : error;
  };

const readSource = (cloud: Cloud, id: NativeId): Promise<Instance> =>
  readInstance(cloud, id).catch(asInvalid('There is no such compute.'));

const readTarget = (cloud: Cloud, id: NativeId): Promise<Volume> =>
  readVolume(cloud, id).catch(asInvalid(noSuchStorage().message));

/** Stores the token before the attach, so that a retry that finds the volume attached recognises its own work. */
const keepToken = ({ ec2 }: Cloud, { volume, token }: Wish): Promise<unknown> =>
  ec2.call('CreateTags', { Resources: [volume.VolumeId], Tags: [{ Key: LINK_TOKEN, Value: token }] }, z.unknown());

/** Translates a refusal to attach that is about the device or the number of disks. */
function refused(error: unknown, { device }: Wish): unknown {
  if (isRefused(error, /^AttachmentLimitExceeded$/)) return noDeviceLeft(error);
  if (device === undefined) return error;
  if (isDeviceTaken(error)) return deviceTaken(device);
  if (!isRefused(error, /^InvalidParameterValue$/)) return error;
  const sentence = `The attribute ${DEVICE} is not a device that the compute can have: /dev/${device}.`;
  return new OcciError('invalid', sentence, { cause: error });
}

/** The link that an earlier attempt of this create made, if the answer was lost: 2 calls in parallel. */
async function linkOfEarlierAttempt(cloud: Cloud, { instance, volume, token }: Wish): Promise<Link | undefined> {
  const [present, target] = await Promise.all([
    readInstance(cloud, instance.InstanceId),
    readVolume(cloud, volume.VolumeId),
  ]);
  return tagOf(target.Tags, LINK_TOKEN) === token ? linkTo(cloud, present, volume.VolumeId) : undefined;
}

/**
 * Attaches now: 1 call, and 1 more for each device that a concurrent request takes first. EC2 decides who gets a
 * device; at most one attempt per device.
 */
async function attachNow(cloud: Cloud, wish: Wish): Promise<Link> {
  const { instance, volume } = wish;
  const [InstanceId, VolumeId] = [instance.InstanceId, volume.VolumeId];
  const taken = devicesOf(instance);
  for (const _ of DEVICES) {
    const device = freeDevice(taken, wish.device);
    try {
      await cloud.ec2.call('AttachVolume', { InstanceId, VolumeId, Device: `/dev/${device}` }, z.unknown());
      keepLink(cloud, instance, { volume: VolumeId, device, isAttached: true });
      return linkTo(cloud, withLinks(instance, [{ volume: VolumeId, device }], instance.Tags), VolumeId)!;
    } catch (error) {
      const isTaken = isDeviceTaken(error);
      if (isTaken && wish.device === undefined) {
        taken.push(device);
        continue;
      }
      const before = isTaken || isRefused(error, /^VolumeInUse$/) ? await linkOfEarlierAttempt(cloud, wish) : undefined;
      if (before) return before;
      throw refused(error, wish);
    }
  }
  throw noDeviceLeft();
}

/**
 * Links a storage to a compute: 4 calls, 2 of them in parallel; 5 while the compute is still starting, when the link
 * stays pending. Throws `invalid` for an end that does not exist, `conflict` for a storage that is in use or in another
 * zone, a device that is taken, or a compute in a state that does not allow it.
 */
export async function attach(cloud: Cloud, draft: Draft<'storagelink'>, token: string): Promise<Link> {
  const { source, target, attributes } = draft;
  if (source?.kind !== 'compute' || target?.kind !== 'storage') {
    throw new OcciError('invalid', 'A storagelink starts at a compute and ends at a storage.');
  }
  const device = wantedDevice(attributes[DEVICE]);
  const [instance, volume] = await Promise.all([readSource(cloud, source.id), readTarget(cloud, target.id)]);
  requireLiving(instance);
  const present = linkTo(cloud, instance, target.id);
  if (present) {
    if (tagOf(volume.Tags, LINK_TOKEN) === token) return present;
    throw new OcciError('conflict', 'The storage is linked to this compute already.');
  }
  const wish = { instance, volume, device, token };
  const isPending = instance.State.Name === 'pending';
  if (!isPending && instance.State.Name !== 'running' && instance.State.Name !== 'stopped') {
    const { state } = computeState(instance);
    throw new OcciError('conflict', `The compute is ${state}, so no storage can be attached to it now.`);
  }
  requireFree(volume, isPending ? ['available', 'creating'] : ['available']);
  requireZone(volume, instance.Placement?.AvailabilityZone);
  return translateErrors('storagelink', async () => {
    await keepToken(cloud, wish);
    return isPending ? attachLater(cloud, wish) : attachNow(cloud, wish);
  });
}
