/**
 * Links a volume to an instance that is still starting: the link is stored as a tag, and the first read after the start
 * attaches it.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { OcciError } from '../../../lib/errors.ts';
import type { Cloud } from '../cloud.ts';
import { readInstance } from '../machine/reads.ts';
import type { Instance, Volume } from '../native/index.ts';
import { deviceTaken, freeDevice, isAmong } from './device-names.ts';
import { devicesOf, keepLink, type Link, linkTo, mappingOf } from './disk-links.ts';
import { linkKey, linkTag } from './pending-tags.ts';

/** Both ends, and what the client asked for. */
export interface Wish {
  readonly instance: Instance;
  readonly volume: Volume;
  readonly device: string | undefined;
  readonly token: string;
}

/** Attempts to choose another device while concurrent requests choose the same one. */
const MAX_ATTEMPTS = 6;

/** Offset from the first free device, so that two requests that collided seldom collide again. */
const offset = (volume: string, attempt: number): number =>
  createHash('sha256').update(`${volume} ${attempt}`).digest().readUInt32BE();

/**
 * Stores the link for when the instance runs, then checks that no other link got the same device: 2 calls per attempt.
 * Tag writes never conflict, so a writer that finds another link on its device backs off.
 */
export async function attachLater(cloud: Cloud, { instance, volume, device: wanted }: Wish): Promise<Link> {
  const { VolumeId } = volume;
  const Resources = [instance.InstanceId];
  const Key = linkKey(VolumeId);
  const since = new Date();
  const written = (device: string): Link => {
    keepLink(cloud, instance, { volume: VolumeId, device, isAttached: false });
    return linkTo(
      cloud,
      { ...present, Tags: [...present.Tags, linkTag({ volume: VolumeId, device, since })] },
      VolumeId,
    )!;
  };
  let present = instance;
  let device = freeDevice(devicesOf(present), wanted);
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const tag = linkTag({ volume: VolumeId, device, since });
    await cloud.ec2.call('CreateTags', { Resources, Tags: [tag] }, z.unknown());
    // The link is stored, so a failed read is not a failure of the create.
    const now = await readInstance(cloud, instance.InstanceId).catch(() => undefined);
    if (!now) return written(device);
    present = { ...now, Tags: now.Tags.filter((one) => one.Key !== Key) };
    // The instance is running by now, and another request has attached the volume from its tag.
    if (mappingOf(present, VolumeId)) return linkTo(cloud, present, VolumeId)!;
    if (!isAmong(device, devicesOf(present))) return written(device);
    if (wanted !== undefined) break;
    device = freeDevice(devicesOf(present), wanted, offset(VolumeId, attempt));
  }
  await cloud.ec2.call('DeleteTags', { Resources, Tags: [{ Key }] }, z.unknown());
  if (wanted !== undefined) throw deviceTaken(wanted);
  throw new OcciError('conflict', 'Too many storages are linked to the compute at once; try again.');
}
