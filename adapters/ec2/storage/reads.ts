/** Volumes that the caller may see (one, by token, or all), and their form as storage. */

import type { Filter } from '@aws-sdk/client-ec2';
import type { Native } from '../../../lib/adapter/contract.ts';
import { stateIn } from '../../../lib/adapter/states.ts';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { byId, readAll } from '../api/pages.ts';
import { type Cloud, fence, isOwn, noSuch, notSeen, TAG, tagOf, titleOf, tokenFilters } from '../cloud.ts';
import { regionMixinId, zoneMixinId } from '../mixins.ts';
import { type Volume, volumes } from '../native/index.ts';
import { VOLUME } from '../states.ts';

export const isVolumeId = (id: string): boolean => /^vol-[0-9a-f]{8,17}$/.test(id);

/** States of deleted volumes, which EC2 still shows for some minutes. */
const GONE: readonly string[] = ['deleting', 'deleted'];

/** The present attachments; a detaching one still counts. */
export const attachmentsOf = ({ Attachments }: Volume): Volume['Attachments'] =>
  Attachments.filter(({ State }) => State !== 'detached');

/**
 * True for a disk that was launched with an instance and is deleted with it. EC2 does not say which attachment is the
 * root. A volume that was created as storage has the token of its create, and stays storage even if a user switches on
 * DeleteOnTermination by hand; a disk of a launch has no token.
 */
const isPartOfMachine = (volume: Volume): boolean =>
  tagOf(volume.Tags, TAG.token) === undefined &&
  attachmentsOf(volume).some(({ DeleteOnTermination }) => DeleteOnTermination !== false);

const isStorage = (cloud: Cloud, volume: Volume): boolean =>
  !GONE.includes(volume.State) && isOwn(cloud, volume.Tags) && !isPartOfMachine(volume);

/**
 * A volume of the tenant: 1 call. Throws `notFound` for one that does not exist, is deleted, belongs to another tenant,
 * or is part of an instance.
 */
export async function readVolume(cloud: Cloud, id: string): Promise<Volume> {
  if (!isVolumeId(id)) throw noSuch('storage');
  const { items } = await translateErrors('storage', () =>
    cloud.ec2.call('DescribeVolumes', { VolumeIds: [id] }, volumes),
  );
  const [volume] = items;
  if (volume && GONE.includes(volume.State)) throw noSuch('storage');
  if (!volume || !isStorage(cloud, volume)) throw notSeen(cloud, 'storage', volume);
  return volume;
}

/** All volumes of the tenant, by id: one call per page. `filters` narrow the listing. */
export async function readVolumes(cloud: Cloud, filters: readonly Filter[] = []): Promise<Volume[]> {
  const all = await translateErrors('storage', () =>
    readAll(cloud, 'DescribeVolumes', { Filters: [...fence(cloud), ...filters] }, volumes),
  );
  return all.filter((volume) => isStorage(cloud, volume)).sort(byId(({ VolumeId }) => VolumeId));
}

/** The volume that a create with this token made: 1 call. */
export async function findVolume(cloud: Cloud, token: string): Promise<Volume | undefined> {
  const [found] = await readVolumes(cloud, tokenFilters(cloud, token));
  return found;
}

export const storageState = ({ State }: Volume) => stateIn(VOLUME, State);

/** The error for changing a volume that is in use. */
export function inUse(volume: Volume, what: string): OcciError {
  const count = attachmentsOf(volume).length;
  const resources = count === 1 ? 'resource' : 'resources';
  return new OcciError('conflict', `The storage is used by ${count} compute ${resources}, so ${what}.`);
}

/** A volume as OCCI shows it; its zone and region are mixins. */
export function toStorage({ settings }: Cloud, volume: Volume): Native<'storage'> {
  const { state, message } = storageState(volume);
  return {
    kind: 'storage',
    id: volume.VolumeId,
    attributes: {
      ...titleOf(volume.Tags),
      'occi.storage.size': volume.Size,
      'occi.storage.state': state,
      ...(message !== undefined && { 'occi.storage.state.message': message }),
    },
    mixins: [zoneMixinId(volume.AvailabilityZone), regionMixinId(settings)],
  };
}
