/**
 * A storage link is an attached volume of an instance, or a tag of an instance that is still starting. EC2 holds
 * neither a title nor a mount point for it; the store does.
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

/** The instance that a volume is attached to, or whose tag names it: 1 call. */
async function holderOf(cloud: Cloud, volume: Volume): Promise<Instance | undefined> {
  const [attachment] = attachmentsOf(volume);
  const filter = attachment?.InstanceId
    ? { Name: 'instance-id', Values: [attachment.InstanceId] }
    : { Name: 'tag-key', Values: [linkKey(volume.VolumeId)] };
  const [instance] = await readInstances(cloud, [filter]);
  return instance;
}

/**
 * A link that only the volume shows, because another process has just attached it and the instance does not show it
 * yet. 1 call. Throws `notFound`.
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
  /**
   * A link and its instance: 1 call, 2 for a link that the instance does not show. `work` may change the instance
   * first.
   */
  const read = async (id: string, work = async (instance: Instance) => instance) => {
    const instance = await work(await readInstance(cloud, id.split(':', 1)[0] ?? '', 'storagelink'));
    const link = toStoragelinks(cloud, instance).find((one) => one.id === id);
    return { instance, link: link ?? (await toldByVolume(cloud, instance, id)) };
  };
  /** 1 call, 2 if there is no such link; more only for the first read after a start (`settleLinks`). */
  const get = async (id: string): Promise<Link> => (await read(id, (instance) => settleLinks(cloud, instance))).link;

  return {
    list,
    ids,
    get,

    /** 2 calls, 1 if it finds nothing: the token is on the volume, the link comes from the instance. */
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

    /** 1 call. The store holds the other attributes of a link; its device cannot change. */
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
     * 2 calls, 3 if a tag of the link is left. Accepted, not completed: a detach is never forced, so the link exists
     * until the guest releases the disk, which may be never. The tag is deleted first, or the next read of the compute
     * would attach the volume again.
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
