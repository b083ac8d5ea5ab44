/**
 * A storage link is an attached volume of an instance, or a tag of one that does not run yet. EC2 holds neither a title nor a mount
 * point of it: the store does.
 */
import * as z from 'zod';
import type { KindAdapter } from '../../lib/adapter.ts';
import { OcciError } from '../../lib/errors.ts';
import { attach, LINK_TOKEN } from './attaching.ts';
import { type Cloud, memoryOf, noSuch, told } from './cloud.ts';
import { DEVICE, wantedDevice } from './device-names.ts';
import { type Link, linkTo, mappingOf, toStoragelinks } from './devices.ts';
import { readInstances } from './instances.ts';
import { linkReads } from './link-reads.ts';
import { linkKey, taggedLinks } from './link-tags.ts';
import type { Instance, Volume } from './native.ts';
import { settleLinks } from './pending-links.ts';
import { attachmentsOf, readVolumes } from './volumes.ts';

/** The instance that a volume is attached to, or whose tag waits to attach it: 1 call. */
async function holderOf(cloud: Cloud, volume: Volume): Promise<Instance | undefined> {
  const [attachment] = attachmentsOf(volume);
  const filter = attachment?.InstanceId
    ? { Name: 'instance-id', Values: [attachment.InstanceId] }
    : { Name: 'tag-key', Values: [linkKey(volume.VolumeId)] };
  const [instance] = await readInstances(cloud, [filter]);
  return instance;
}

export const storagelink = (cloud: Cloud): KindAdapter<'storagelink'> => {
  const { tokens } = cloud;
  const { list, ids, read } = linkReads(cloud, 'storagelink', toStoragelinks, false);
  /** 1 call; more only for the first look at a compute that has begun to run (`settleLinks`). */
  const get = async (id: string): Promise<Link> => {
    const { instance } = await read(id);
    const link = toStoragelinks(cloud, await settleLinks(cloud, instance)).find((one) => one.id === id);
    if (!link) throw noSuch('storagelink');
    return link;
  };

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
      const id = await tokens.once(memoryOf(cloud, 'storagelink'), token, async () => {
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
     * 2 calls, 3 where a tag of the link is left. Accepted, not done: never forced, so the link is there until the guest has let go of the
     * disk, which may be never. The tag goes first, or the next look at the compute would attach the volume again.
     */
    async remove(id) {
      const { instance, link } = await read(id);
      const volume = link.target!.id;
      const { InstanceId } = instance;
      await told('storagelink', async () => {
        if (taggedLinks(instance).some((one) => one.volume === volume)) {
          const Tags = [{ Key: linkKey(volume) }];
          await cloud.ec2.call('DeleteTags', { Resources: [InstanceId], Tags }, z.unknown());
        }
        if (mappingOf(instance, volume)) {
          await cloud.ec2.call('DetachVolume', { InstanceId, VolumeId: volume }, z.unknown());
        }
      });
      tokens.forget(id);
    },

    lingers: 300,
    cannotHold: ['occi.core.title', 'occi.storagelink.mountpoint'],
  };
};
