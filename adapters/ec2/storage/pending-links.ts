/**
 * Storage links of a compute that is still starting. EC2 cannot attach a volume before the instance runs, and a request
 * must not wait. So a launch stores the links as tags, and the first read after the start attaches the volumes.
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

/** What a launch needs for its storage links: tags of the instance, and the zone of the volumes. */
interface StoragePlan {
  readonly tags: Tag[];
  readonly zone?: string;
}

/**
 * The volumes at the ends of the links, in order: 1 call. Throws `invalid` for one that does not exist or belongs to
 * another tenant.
 */
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

/** The common zone of the volumes. Throws `conflict` naming two zones that differ. */
function commonZone(all: readonly Volume[]): string {
  const [zone, other] = new Set(all.map(({ AvailabilityZone }) => AvailabilityZone));
  if (other === undefined) return zone!;
  throw new OcciError(
    'conflict',
    `The storages are in the zones ${zone} and ${other}: no compute can be linked to both.`,
  );
}

/**
 * Checks the inline storage links of a compute and assigns each a device: 1 call, or no call without such links. `zone`
 * is the zone of the compute if it is known, `taken` the devices of its image. Throws `invalid` for a storage that does
 * not exist, `conflict` for one that is in use or in another zone.
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
  // Requested devices are assigned before free ones.
  for (const at of own.keys()) if (wanted[at] !== undefined) give(at);
  for (const at of own.keys()) if (wanted[at] === undefined) give(at);
  return { tags: all.map(({ VolumeId }, at) => linkTag({ volume: VolumeId, device: devices.get(at)! })), zone: of };
}

/** The outcome of an attempt: attached, failed for good, or retry later. */
type Outcome = 'attached' | 'later' | LinkFailure;

/** Permanent refusals. */
const FOR_GOOD: readonly (readonly [RegExp, LinkFailure])[] = [
  [/^InvalidVolume\.NotFound$/, 'gone'],
  [/^InvalidVolume(ID)?\.ZoneMismatch$/, 'zone'],
  [/^AttachmentLimitExceeded$/, 'full'],
  [/^UnauthorizedOperation$/, 'refused'],
];

/** Finds out what uses a volume: this instance, because a concurrent request attached it, or another one. 1 call. */
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
    // Transient failures are retried by the next GET; this GET still succeeds.
    return known ? known[1] : 'later';
  }
}

/**
 * Deletes the tags of attached links and marks those that failed for good: 1 call each. The next read retries what
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
 * Tries to attach the pending volumes and returns the instance as it is afterwards. No call if none is pending, or if
 * the instance is neither running nor stopped; else 1 for each link, and 1 for the tags. Safe to run concurrently: EC2
 * attaches a volume once, and the loser reads it again. Never throws an error of EC2: what fails now stays pending.
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
