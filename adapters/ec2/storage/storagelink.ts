/**
 * A storage link is an attached volume of an instance, or a tag of one that does not run yet. EC2 holds neither a title
 * nor a mount point of it: the store does.
 */

import * as z from 'zod';
import type { KindAdapter } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { type Cloud, memoryOf, noSuch } from '../cloud.ts';
import { linkReads } from '../machine/link-reads.ts';
import { readInstance, readInstances } from '../machine/reads.ts';
import type { Instance, Volume } from '../native/index.ts';
import { attach, LINK_TOKEN } from './attach.ts';
import { bareName, DEVICE, wantedDevice } from './device-names.ts';
import { forgetLink, keepLink, type Link, linkTo, mappingOf, recentlyMade, toStoragelinks } from './disk-links.ts';
import { settleLinks } from './pending-links.ts';
import { linkKey, taggedLinks } from './pending-tags.ts';
import { attachmentsOf, readVolume, readVolumes } from './reads.ts';

/** The instance that a volume is attached to, or whose tag waits to attach it: 1 call. */
async function holderOf(cloud: Cloud, volume: Volume): Promise<Instance | undefined> {
  const [attachment] = attachmentsOf(volume);
  const filter = attachment?.InstanceId
    ? { Name: 'instance-id', Values: [attachment.InstanceId] }
    : { Name: 'tag-key', Values: [linkKey(volume.VolumeId)] };
  const [instance] = await readInstances(cloud, [filter]);
  return instance;
}

/**
 * A link that the instance does not tell of, but its volume does: another process has attached it a moment ago. 1 call.
 * Throws `notFound`.
 */
async function toldByVolume(cloud: Cloud, instance: Instance, id: string): Promise<Link> {
  const [, device = '', volumeId = ''] = id.split(':');
  const volume = await readVolume(cloud, volumeId).catch((error) => {
    throw isFailure(error, 'notFound') ? noSuch('storagelink') : error;
  });
  const isHere = attachmentsOf(volume).some(
    ({ InstanceId, Device, State }) =>
      InstanceId === instance.InstanceId && bareName(Device ?? '') === device && State !== 'detaching',
  );
  if (isHere) keepLink(cloud, instance, { volume: volumeId, device, isAttached: true });
  const link = toStoragelinks(cloud, instance).find((one) => one.id === id);
  if (!link) throw noSuch('storagelink');
  return link;
}

export const storagelink = (cloud: Cloud): KindAdapter<'storagelink'> => {
  const { tokens } = cloud;
  const { list, ids } = linkReads(cloud, 'storagelink', toStoragelinks, false);
  /** A link and its instance: 1 call, 2 for one that the instance does not tell of. `work` may change the instance first. */
  const read = async (id: string, work = async (instance: Instance) => instance) => {
    const instance = await work(await readInstance(cloud, id.split(':', 1)[0] ?? '', 'storagelink'));
    const link = toStoragelinks(cloud, instance).find((one) => one.id === id);
    return { instance, link: link ?? (await toldByVolume(cloud, instance, id)) };
  };
  /** 1 call, 2 if there is none; more only for the first look at a compute that has begun to run (`settleLinks`). */
  const get = async (id: string): Promise<Link> => (await read(id, (instance) => settleLinks(cloud, instance))).link;

  return {
    list,
    ids,
    get,

    /** 2 calls, 1 if there is none: the volume keeps the token, the instance has the link. */
    async findByToken(token) {
      for (const volume of await readVolumes(cloud, [{ Name: `tag:${LINK_TOKEN}`, Values: [token] }])) {
        const instance = await holderOf(cloud, volume);
        const link = instance && linkTo(cloud, instance, volume.VolumeId);
        if (link) return link;
      }
      return undefined;
    },

    async create(draft, token) {
      let fresh: Link | undefined;
      const id = await tokens.createOnce(memoryOf(cloud, 'storagelink'), token, async () => {
        fresh = await attach(cloud, draft, token);
        return fresh.id;
      });
      return fresh ?? get(id);
    },

    /** 1 call. The rest of a link is in the store; a device stays what it was when the storage was attached. */
    async update(id, { set }) {
      const { link } = await read(id);
      const wanted = wantedDevice(set[DEVICE]);
      if (wanted !== undefined && wanted !== wantedDevice(link.attributes[DEVICE])) {
        throw new OcciError(
          'notImplemented',
          'The device of a storagelink cannot be changed in this cloud: delete the link and make another.',
        );
      }
      return link;
    },

    /**
     * 2 calls, 3 where a tag of the link is left. Accepted, not done: never forced, so the link is there until the
     * guest has let go of the disk, which may be never. The tag goes first, or the next look at the compute would
     * attach the volume again.
     */
    async remove(id) {
      const { instance, link } = await read(id);
      const volume = link.target!.id;
      const { InstanceId } = instance;
      const made = recentlyMade(cloud, instance, volume);
      const isMapped = mappingOf(instance, volume) !== undefined;
      await translateErrors('storagelink', async () => {
        const isTagged = taggedLinks(instance).some((one) => one.volume === volume);
        if (isTagged || (made?.isAttached === false && !isMapped)) {
          const Tags = [{ Key: linkKey(volume) }];
          await cloud.ec2.call('DeleteTags', { Resources: [InstanceId], Tags }, z.unknown());
        }
        if (isMapped || made?.isAttached) {
          await cloud.ec2.call('DetachVolume', { InstanceId, VolumeId: volume }, z.unknown());
        }
      });
      forgetLink(cloud, instance, volume);
      tokens.forget(id);
    },

    lingers: 300,
    cannotHold: ['occi.core.title', 'occi.storagelink.mountpoint'],
  };
};
