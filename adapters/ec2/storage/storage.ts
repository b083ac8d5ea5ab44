/** Storage is EBS volumes, except those that were launched with an instance, which are part of it. */
import * as z from 'zod';
import { requireNoOther } from '../../../lib/adapter/changes.ts';
import type { Draft, KindAdapter } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { isRefused, orGone, translateErrors } from '../api/errors.ts';
import { readMade } from '../api/visibility.ts';
import { type Cloud, cannotTitle, clientToken, memoryOf, tagsFor } from '../cloud.ts';
import { zoneAmong } from '../mixins.ts';
import { type Volume, volume as volumeShape } from '../native/index.ts';
import { retitle } from '../titles.ts';
import { actOnStorage } from './actions.ts';
import { attachmentsOf, findVolume, inUse, readVolume, readVolumes, toStorage } from './reads.ts';
import { resize } from './resize.ts';
import { roundedSize, SIZE, sizeOfNewVolume, sizeRefused } from './sizes.ts';

const TITLE = 'occi.core.title';

/**
 * The zone in the draft or in the settings. Throws `invalid` naming the mixin, because EC2 does not choose a zone for a
 * volume.
 */
function zoneOf({ settings }: Cloud, { mixins }: Draft<'storage'>): string {
  const zone = zoneAmong(mixins) ?? settings.zone;
  if (zone === undefined) {
    throw new OcciError('invalid', 'The storage needs a mixin of availability_zone: no zone is preset here.');
  }
  return zone;
}

/** 1 call; EC2 creates one volume per ClientToken. */
async function createVolume(cloud: Cloud, draft: Draft<'storage'>, token: string): Promise<Volume> {
  const { settings } = cloud;
  const size = sizeOfNewVolume(settings, draft.attributes);
  const input = {
    ClientToken: clientToken(token),
    AvailabilityZone: zoneOf(cloud, draft),
    Size: size,
    VolumeType: settings.volumeType,
    Encrypted: settings.encrypted,
    ...(settings.volumeKey !== undefined && { KmsKeyId: settings.volumeKey }),
    TagSpecifications: [{ ResourceType: 'volume' as const, Tags: tagsFor(cloud, token, draft) }],
  };
  return translateErrors('storage', async () => {
    try {
      return await cloud.ec2.call('CreateVolume', input, volumeShape);
    } catch (error) {
      const isSize = isRefused(error, /^InvalidParameterValue$/) && /size|large|small|GiB/i.test(error.sentence);
      throw isSize ? sizeRefused(SIZE, size, error) : error;
    }
  });
}

export const storage = (cloud: Cloud): KindAdapter<'storage'> => {
  const { tokens } = cloud;

  return {
    /** 1 call per page of EC2; one page here. */
    async ids() {
      return { items: (await readVolumes(cloud)).map(({ VolumeId }) => VolumeId) };
    },

    /** As `list`. */
    async list() {
      return { items: (await readVolumes(cloud)).map((volume) => toStorage(cloud, volume)) };
    },

    get: async (id) => toStorage(cloud, await readVolume(cloud, id)),

    async findByToken(token) {
      const volume = await findVolume(cloud, token);
      return volume && toStorage(cloud, volume);
    },

    /** 1 call. */
    async create(draft, token) {
      let fresh: Volume | undefined;
      const id = await tokens.createOnce(memoryOf(cloud, 'storage'), token, async () => {
        fresh = await createVolume(cloud, draft, token);
        return fresh.VolumeId;
      });
      return toStorage(cloud, fresh ?? (await readMade(cloud, 'storage', () => readVolume(cloud, id))));
    },

    sizeOfNew: async ({ attributes }) => roundedSize(attributes),

    /** 1 call, 1 more to grow it, 1 more for its title. Its zone cannot change. */
    async update(id, change) {
      const before = await readVolume(cloud, id);
      requireNoOther(toStorage(cloud, before), change, [TITLE, SIZE]);
      const size = change.set[SIZE];
      const grown = size === undefined ? before : await resize(cloud, before, size, SIZE);
      const Tags = await retitle(cloud, 'storage', { id, tags: grown.Tags }, change);
      return toStorage(cloud, { ...grown, Tags });
    },

    /** 2 calls, 1 if it is in use. A pending storagelink does not prevent the deletion. */
    async remove(id) {
      const volume = await readVolume(cloud, id);
      if (attachmentsOf(volume).length > 0) throw inUse(volume, 'it cannot be deleted');
      const drop = () => cloud.ec2.call('DeleteVolume', { VolumeId: id }, z.unknown());
      await translateErrors('storage', () => drop().catch(orGone(/^InvalidVolume\.NotFound$/)));
      tokens.forget(id);
    },

    async act(id, action, attributes) {
      await actOnStorage(cloud, id, action, attributes);
      return {};
    },

    lingers: 300,
    appearsWithin: 300,
    cannotHold: ['occi.core.summary'],
    cannotHoldValue: cannotTitle,
  };
};
