/** Linking a volume to a machine that starts: written down, and attached by whoever looks when it runs. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { OcciError } from '../../../lib/errors.ts';
import type { Cloud } from '../cloud.ts';
import { readInstance } from '../machine/reads.ts';
import type { Instance, Volume } from '../native/index.ts';
import { deviceTaken, freeDevice, isAmong } from './device-names.ts';
import { devicesOf, keepLink, type Link, linkTo, mappingOf } from './disk-links.ts';
import { linkKey, linkTag } from './pending-tags.ts';

/** What both ends are, and what the client wants. */
export interface Wish {
  readonly instance: Instance;
  readonly volume: Volume;
  readonly device: string | undefined;
  readonly token: string;
}

/** How often another device is chosen when others choose the same. */
const TRIES = 6;

/** How far from the first free device a try begins: where two have chosen the same, they seldom do so again. */
const offset = (volume: string, attempt: number): number =>
  createHash('sha256').update(`${volume} ${attempt}`).digest().readUInt32BE();

/**
 * Writes the link down for when the machine runs, and looks whether the device was given to another meanwhile: 2 calls
 * for each try. Tags refuse nothing, so whoever sees another at the same device makes way.
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
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const tag = linkTag({ volume: VolumeId, device, since });
    await cloud.ec2.call('CreateTags', { Resources, Tags: [tag] }, z.unknown());
    // It is written down: what cannot be looked at has not failed.
    const now = await readInstance(cloud, instance.InstanceId).catch(() => undefined);
    if (!now) return written(device);
    present = { ...now, Tags: now.Tags.filter((one) => one.Key !== Key) };
    // It runs already, and somebody who looked has attached what was written down.
    if (mappingOf(present, VolumeId)) return linkTo(cloud, present, VolumeId)!;
    if (!isAmong(device, devicesOf(present))) return written(device);
    if (wanted !== undefined) break;
    device = freeDevice(devicesOf(present), wanted, offset(VolumeId, attempt));
  }
  await cloud.ec2.call('DeleteTags', { Resources, Tags: [{ Key }] }, z.unknown());
  if (wanted !== undefined) throw deviceTaken(wanted);
  throw new OcciError('conflict', 'Too many storages are linked to the compute at once; try again.');
}
