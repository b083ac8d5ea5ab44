/** Storage is images: data blocks where we make them, disks of every kind where others did. */

import * as z from 'zod';
import type { Draft, KindAdapter, NativeId } from '../../../lib/adapter/contract.ts';
import { translateErrors } from '../api/errors.ts';
import { changeAndRead } from '../api/multicall.ts';
import { OneRefusal } from '../api/xml-rpc.ts';
import type { Cloud } from '../cloud.ts';
import { heldBy } from '../machine/holders.ts';
import { type Image, image as imageShape } from '../native/index.ts';
import { describing } from '../template/descriptions.ts';
import { isHeld, uniqueNameOf } from '../template/naming.ts';
import { encodeTemplate } from '../template/write.ts';
import { actOnStorage, inUse, resize } from './actions.ts';
import {
  highestImage,
  imageDatastore,
  imageOfToken,
  megabytes,
  readImage,
  readImages,
  readOwnImage,
  roundedSize,
  toStorage,
} from './reads.ts';

const TITLE = 'occi.core.title';
const SUMMARY = 'occi.core.summary';
const SIZE = 'occi.storage.size';

/** A data block to which machines write for good, with a name that follows from title and token. */
function fromOcci({ attributes }: Draft<'storage'>, token: string): string {
  const { name, attributes: own } = uniqueNameOf('storage', attributes[TITLE], token);
  return encodeTemplate({
    NAME: name,
    TYPE: 'DATABLOCK',
    SIZE: megabytes(attributes[SIZE]!),
    PERSISTENT: 'YES',
    DESCRIPTION: attributes[SUMMARY],
    ...own,
  });
}

/** Makes the image: 1 call. A name that is taken already was taken by the same create. */
async function allocate(cloud: Cloud, draft: Draft<'storage'>, token: string): Promise<NativeId> {
  const params = [fromOcci(draft, token), await imageDatastore(cloud)];
  try {
    return String(await cloud.client.call('one.image.allocate', params, z.int()));
  } catch (error) {
    const isTaken = error instanceof OneRefusal && /NAME is already taken/i.test(error.sentence);
    const made = isTaken ? await imageOfToken(cloud, token) : undefined;
    if (!made) throw error;
    return String(made.ID);
  }
}

export const storage = (cloud: Cloud): KindAdapter<'storage'> => {
  const { tokens } = cloud;
  const shown = async (image: Image) => toStorage(cloud, await cloud.verdict(), image);

  return {
    /** 1 call per page. */
    async ids(query) {
      const page = await readImages(cloud, query);
      return { ...page, items: page.items.map(({ ID }) => String(ID)) };
    },

    async list(query) {
      const [page, verdict] = await Promise.all([readImages(cloud, query), cloud.verdict()]);
      return { ...page, items: page.items.map((image) => toStorage(cloud, verdict, image)) };
    },

    get: async (id) => shown(await readImage(cloud, id)),
    finding: { by: 'number', highest: () => highestImage(cloud) },

    async findByToken(token) {
      const image = await imageOfToken(cloud, token);
      return image && shown(image);
    },

    /** 2 calls; 1 more per process, caller and minute where the settings name no datastore. */
    async create(draft, token) {
      const made = await tokens.createOnce(`storage ${cloud.caller}`, token, async () => {
        const id = await translateErrors('storage', () => allocate(cloud, draft, token));
        return `storage ${id}`;
      });
      return shown(await readImage(cloud, made.slice('storage '.length)));
    },

    sizeOfNew: async ({ attributes }) => roundedSize(attributes),

    /** 2 requests, and 2 more to grow it; its size is the new one when the machine has grown it. */
    async update(id, change) {
      const image = await readOwnImage(cloud, id);
      const size = change.set[SIZE];
      if (size !== undefined) await resize(cloud, image, size);
      const read = { method: 'one.image.info', params: [image.ID], shape: imageShape };
      return shown(await changeAndRead(cloud, 'storage', describing('image', 'storage', image, change), read));
    },

    /** 2 calls, as many for one that machines use. */
    async remove(id) {
      const image = await readOwnImage(cloud, id);
      if (image.RUNNING_VMS > 0) throw await heldBy(cloud, image.VMS, inUse(image, 'it cannot be deleted'));
      await translateErrors('storage', () => cloud.client.call('one.image.delete', [image.ID], z.int()));
      tokens.forget(`storage ${id}`);
    },

    async act(id, action, attributes) {
      await actOnStorage(cloud, id, action, attributes);
      return {};
    },

    cannotHoldValue: (name, value) => (name === TITLE || name === SUMMARY) && !isHeld(value),
  };
};
