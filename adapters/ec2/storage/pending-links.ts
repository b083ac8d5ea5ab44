/**
 * Links to storage of a machine that does not run yet. EC2 attaches nothing to it, and nothing here waits: they are
 * written as tags at the launch, and whoever looks first when the machine runs attaches them.
 */
import * as z from 'zod';
import type { LinkDraft } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { isRefused } from '../api/errors.ts';
import type { Cloud } from '../cloud.ts';
import { isLate } from '../machine/pending-timeout.ts';
import type { Instance, Tag, Volume } from '../native/index.ts';
import { isDeviceTaken, noSuchStorage, requireFree, requireZone } from './check-attach.ts';
import { DEVICE, freeDevice, wantedDevice } from './device-names.ts';
import { keepLink, mappingOf, pendingLinks, recentlyMade, withLinks } from './disk-links.ts';
import { type LinkFailure, linkKey, linkTag, type PendingLink, taggedLinks } from './pending-tags.ts';
import { attachmentsOf, isVolumeId, readVolume, readVolumes } from './reads.ts';

/** What a launch needs for its storage links: tags of the instance, and the zone that the volumes are in. */
export interface StoragePlan {
  readonly tags: Tag[];
  readonly zone?: string;
}

/** The volumes that the links end at, in their order: 1 call. Throws `invalid` for what is not there or another's. */
async function volumesOf(cloud: Cloud, links: readonly LinkDraft[]): Promise<Volume[]> {
  const ids = links.map(({ target }) => target.id);
  if (links.some(({ target }) => target.kind !== 'storage') || !ids.every(isVolumeId)) throw noSuchStorage();
  if (new Set(ids).size < ids.length) throw new OcciError('conflict', 'Two storagelinks end at the same storage.');
  const found = await readVolumes(cloud, [{ Name: 'volume-id', Values: ids }]);
  return ids.map((id) => {
    const volume = found.find(({ VolumeId }) => VolumeId === id);
    if (!volume) throw noSuchStorage();
    return volume;
  });
}

/** The zone of all of them. Throws `conflict` naming two that differ. */
function commonZone(all: readonly Volume[]): string {
  const [zone, other] = new Set(all.map(({ AvailabilityZone }) => AvailabilityZone));
  if (other === undefined) return zone!;
  throw new OcciError(
    'conflict',
    `The storages are in the zones ${zone} and ${other}: no compute can be linked to both.`,
  );
}

/**
 * Checks the storage links among the inline links of a compute and gives each a device: 1 call, none without such
 * links. `zone` is where the compute must be, if that is known, and `taken` are devices of its image. Throws `invalid`
 * for what is not there, `conflict` for what is in use or in another zone.
 */
export async function planStorages(
  cloud: Cloud,
  links: readonly LinkDraft[],
  zone: string | undefined,
  taken: readonly string[],
): Promise<StoragePlan> {
  const own = links.filter(({ kind }) => kind === 'storagelink');
  if (own.length === 0) return { tags: [], ...(zone !== undefined && { zone }) };
  const wanted = own.map(({ attributes }) => wantedDevice(attributes[DEVICE]));
  const all = await volumesOf(cloud, own);
  const of = zone ?? commonZone(all);
  const used = [...taken];
  const devices = new Map<number, string>();
  const give = (at: number) => {
    const device = freeDevice(used, wanted[at]);
    devices.set(at, device);
    used.push(device);
  };
  for (const volume of all) {
    requireFree(volume);
    requireZone(volume, of);
  }
  // What is asked for is given before what is left.
  for (const at of own.keys()) if (wanted[at] !== undefined) give(at);
  for (const at of own.keys()) if (wanted[at] === undefined) give(at);
  return { tags: all.map(({ VolumeId }, at) => linkTag({ volume: VolumeId, device: devices.get(at)! })), zone: of };
}

/** What became of an attempt: attached, failed for good, or not yet. */
type Outcome = 'attached' | 'later' | LinkFailure;

/** Refusals that will not end. */
const FOR_GOOD: readonly (readonly [RegExp, LinkFailure])[] = [
  [/^InvalidVolume\.NotFound$/, 'gone'],
  [/^InvalidVolume\.ZoneMismatch$/, 'zone'],
  [/^AttachmentLimitExceeded$/, 'full'],
  [/^UnauthorizedOperation$/, 'refused'],
];

/** Who has a volume that is in use: this instance, through somebody who was faster, or another one. 1 call. */
async function whoHas(cloud: Cloud, volume: string, instance: Instance): Promise<Outcome> {
  const [attachment] = attachmentsOf(await readVolume(cloud, volume));
  if (!attachment) return 'later';
  return attachment.InstanceId === instance.InstanceId ? 'attached' : 'taken';
}

async function attempt(cloud: Cloud, instance: Instance, { volume, device }: PendingLink): Promise<Outcome> {
  const input = { InstanceId: instance.InstanceId, VolumeId: volume, Device: `/dev/${device}` };
  try {
    await cloud.ec2.call('AttachVolume', input, z.unknown());
    keepLink(cloud, instance, { volume, device, isAttached: true });
    return 'attached';
  } catch (error) {
    const isTaken = isDeviceTaken(error);
    if (isTaken || isRefused(error, /^VolumeInUse$/)) {
      const found = await whoHas(cloud, volume, instance).catch(() => 'later' as const);
      return isTaken && found === 'later' ? 'device' : found;
    }
    const known = FOR_GOOD.find(([codes]) => isRefused(error, codes));
    // What passes is tried again by whoever looks next; the look itself has not failed.
    return known ? known[1] : 'later';
  }
}

/**
 * Takes away tags of links that are, and marks those that never will be: 1 call for each. Whoever looks next does what
 * fails.
 */
async function settleTags({ ec2 }: Cloud, { InstanceId }: Instance, done: readonly PendingLink[], failed: Tag[]) {
  const Resources = [InstanceId];
  const Tags = done.map(({ volume }) => ({ Key: linkKey(volume) }));
  const calls: Promise<unknown>[] = [];
  if (Tags.length > 0) calls.push(ec2.call('DeleteTags', { Resources, Tags }, z.unknown()));
  if (failed.length > 0) calls.push(ec2.call('CreateTags', { Resources, Tags: failed }, z.unknown()));
  await Promise.allSettled(calls);
}

/**
 * The instance as it is after an attempt to attach what waits: no call if nothing does, or if the instance neither runs
 * nor is stopped. Else 1 for each link, and 1 for the tags. Two that do it at once do no harm: EC2 attaches a volume
 * once, and the other looks again. Throws nothing of EC2's: what could not be done now still waits.
 */
export async function settleLinks(cloud: Cloud, instance: Instance): Promise<Instance> {
  const isReady = instance.State.Name === 'running' || instance.State.Name === 'stopped';
  if (!isReady) return instance;
  const isDone = (volume: string) => mappingOf(instance, volume) || recentlyMade(cloud, instance, volume)?.isAttached;
  const attached = taggedLinks(instance).filter(({ volume }) => isDone(volume));
  const waiting = pendingLinks(instance).filter(
    ({ volume, failed, since }) => failed === undefined && !isLate(instance, since) && !isDone(volume),
  );
  if (attached.length + waiting.length === 0) return instance;
  const outcomes = await Promise.all(
    waiting.map(async (one) => ({ ...one, outcome: await attempt(cloud, instance, one) })),
  );
  const now = outcomes.filter(({ outcome }) => outcome === 'attached');
  const failed = outcomes.flatMap(({ volume, device, outcome }) =>
    outcome === 'attached' || outcome === 'later' ? [] : [linkTag({ volume, device, failed: outcome })],
  );
  const done = [...attached, ...now];
  await settleTags(cloud, instance, done, failed);
  const changed = new Set([...done.map(({ volume }) => linkKey(volume)), ...failed.map(({ Key }) => Key)]);
  return withLinks(instance, now, [...instance.Tags.filter(({ Key }) => !changed.has(Key)), ...failed]);
}
