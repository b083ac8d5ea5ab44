/**
 * A storage link is a disk of a machine, made of an image. OpenNebula holds no title and no mount point of a disk: the
 * store does.
 */
import * as z from 'zod';
import type { KindAdapter, Native, NativeId } from '../../lib/adapter.ts';
import { isFailure, OcciError } from '../../lib/errors.ts';
import { type Cloud, isOwn } from './cloud.ts';
import { attach, refused } from './disk-attach.ts';
import { DEVICE, isLink, isOfImage, linkId, targetOf, toStoragelink, toStoragelinks } from './disks.ts';
import { inTurn } from './hotplug.ts';
import { suffixOf } from './naming.ts';
import type { Vm } from './native.ts';
import { readSlots, readVm, readVms } from './vms.ts';

export { diskOf, toStoragelinks } from './disks.ts';

const noSuchLink = (): OcciError => new OcciError('notFound', 'There is no such storagelink.');

const LINK_ID = /^(\d+):disk(\d+):image(\d+)$/;

/** The machine of a link, and the link: 1 call. Throws `notFound`. */
async function readLink(cloud: Cloud, id: NativeId) {
  const [, compute] = LINK_ID.exec(id) ?? [];
  if (compute === undefined) throw noSuchLink();
  const vm = await readVm(cloud, compute).catch((error) => {
    throw isFailure(error, 'notFound') ? noSuchLink() : error;
  });
  const link = toStoragelinks(vm).find((one) => one.id === id);
  if (!link) throw noSuchLink();
  return { vm, link };
}

export const storagelink = (cloud: Cloud): KindAdapter<'storagelink'> => {
  const { settings, tokens } = cloud;

  /** A link is published with its machine. */
  const marked = async (vm: Vm, links: Native<'storagelink'>[]) =>
    isOwn(settings, await cloud.verdict(), vm) ? links : links.map((link) => ({ ...link, published: true }));

  const readOwnLink = async (id: NativeId) => {
    const found = await readLink(cloud, id);
    if (isOwn(settings, await cloud.verdict(), found.vm)) return found;
    throw new OcciError('forbidden', 'The compute of the storagelink is not yours and cannot be changed.');
  };

  const list: KindAdapter<'storagelink'>['list'] = async (query) => {
    const page = await readVms(cloud, query);
    const links = await Promise.all(page.items.map((vm) => marked(vm, toStoragelinks(vm))));
    return { ...page, items: links.flat() };
  };

  const get = async (id: NativeId): Promise<Native<'storagelink'>> => {
    const { vm, link } = await readLink(cloud, id);
    return (await marked(vm, [link]))[0]!;
  };

  return {
    list,
    get,

    /** From the short form, which does not tell that a disk is on its way out: see `lingers`. */
    async ids(query) {
      const { items, ...rest } = await readSlots(cloud, query);
      return {
        ...rest,
        items: items.flatMap((vm) => vm.TEMPLATE.DISK.filter(isOfImage).map((disk) => linkId(vm, disk))),
      };
    },

    /** 1 call per page of machines, up to the one that has it. */
    async findByToken(token) {
      const own = suffixOf(token);
      let query = {};
      for (;;) {
        const { items, next } = await readVms(cloud, query);
        for (const vm of items) {
          const disk = vm.TEMPLATE.DISK.find(({ OCCI_TOKEN }) => OCCI_TOKEN === own);
          if (disk && isLink(vm, disk)) return (await marked(vm, [toStoragelink(vm, disk)]))[0];
        }
        if (next === undefined) return undefined;
        query = { cursor: next };
      }
    },

    async create(draft, token) {
      let fresh: Native<'storagelink'> | undefined;
      const made = await tokens.once(`storagelink ${cloud.caller}`, token, async () => {
        fresh = await attach(cloud, draft, token);
        return `storagelink ${fresh.id}`;
      });
      return fresh ?? get(made.slice('storagelink '.length));
    },

    /** 1 call. The rest of a link is in the store; a device stays what it was when the storage was attached. */
    async update(id, { set }) {
      const { link } = await readOwnLink(id);
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
      const { vm, link } = await readOwnLink(id);
      const disk = Number(LINK_ID.exec(link.id)![2]);
      try {
        await inTurn(() => cloud.client.call('one.vm.detach', [vm.ID, disk], z.int()));
      } catch (error) {
        throw refused(error);
      }
      tokens.forget(`storagelink ${id}`);
    },

    lingers: true,
    cannotHold: ['occi.core.title', 'occi.storagelink.mountpoint'],
  };
};
