/**
 * A storage link is a disk of a machine, made of an image. OpenNebula holds no title and no mount point of a disk: the
 * store does.
 */
import * as z from 'zod';
import type { KindAdapter, Native } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { type Cloud, LINGER_SECONDS } from '../cloud.ts';
import { inTurn } from '../machine/hotplug.ts';
import { linkReads } from '../machine/link-reads.ts';
import { suffixOf } from '../template/naming.ts';
import { attach, refused } from './attach.ts';
import { DEVICE, isLink, targetOf, toStoragelink, toStoragelinks } from './disk-links.ts';

export { diskOf, toStoragelinks } from './disk-links.ts';

const LINK_ID = /^(\d+):disk(\d+):image(\d+)(?::[0-9a-f]{12})?$/;

export const storagelink = (cloud: Cloud): KindAdapter<'storagelink'> => {
  const { tokens } = cloud;
  const { list, ids, get, readOwn, find } = linkReads(cloud, 'storagelink', toStoragelinks);

  return {
    list,
    ids,
    get,

    findByToken(token) {
      const own = suffixOf(token);
      return find((vm) => {
        const disk = vm.TEMPLATE.DISK.find(({ OCCI_TOKEN }) => OCCI_TOKEN === own);
        return disk && isLink(vm, disk) ? toStoragelink(vm, disk) : undefined;
      });
    },

    async create(draft, token) {
      let fresh: Native<'storagelink'> | undefined;
      const made = await tokens.createOnce(`storagelink ${cloud.caller}`, token, async () => {
        fresh = await attach(cloud, draft, token);
        return `storagelink ${fresh.id}`;
      });
      return fresh ?? get(made.slice('storagelink '.length));
    },

    /** 1 call. The rest of a link is in the store; a device stays what it was when the storage was attached. */
    async update(id, { set }) {
      const { link } = await readOwn(id);
      const wanted = set[DEVICE];
      if (wanted !== undefined && targetOf(wanted) !== targetOf(link.attributes[DEVICE] ?? '')) {
        throw new OcciError(
          'notImplemented',
          'The device of a storagelink cannot be changed in this cloud: delete the link and make another.',
        );
      }
      return link;
    },

    /** 2 calls; accepted, not done: until the guest has let go of the disk, its storage is in use. */
    async remove(id) {
      const { vm, link } = await readOwn(id);
      const disk = Number(LINK_ID.exec(link.id)![2]);
      try {
        await inTurn(() => cloud.client.call('one.vm.detach', [vm.ID, disk], z.int()));
      } catch (error) {
        throw refused(error);
      }
      tokens.forget(`storagelink ${id}`);
    },

    lingers: LINGER_SECONDS,
    cannotHold: ['occi.core.title', 'occi.storagelink.mountpoint'],
  };
};
