import { bad } from '../refusals.ts';
import type { NovaState } from '../state.ts';
import type { BlockDevice, ServerWish } from './wish.ts';

/** A volume that a new server gets: one that is there, or one that is made of an image, a snapshot or nothing. */
export interface WantedDisk {
  readonly volumeId: string | undefined;
  readonly imageId: string | undefined;
  readonly snapshotId: string | undefined;
  readonly sizeGib: number;
  readonly isRoot: boolean;
  readonly deleteOnTermination: boolean;
  readonly tag: string | null;
}

function wanted(state: NovaState, projectId: string, device: BlockDevice): WantedDisk | undefined {
  const { source_type: source, destination_type: destination, uuid, boot_index: index } = device;
  // The image on the host's own disk is no volume.
  if (destination === 'local' || (source === 'image' && destination === undefined)) return undefined;
  const isRoot = index !== undefined && index !== null && Number(index) === 0;
  const common = { isRoot, deleteOnTermination: device.delete_on_termination ?? false, tag: device.tag ?? null };
  const none = { volumeId: undefined, imageId: undefined, snapshotId: undefined };
  if (source === 'volume') {
    const volume = state.site.between.volumes.volume(projectId, uuid ?? '');
    if (!volume) throw bad(`Volume ${uuid} could not be found.`);
    if (volume.status !== 'available')
      throw bad(
        `Invalid volume: Volume ${uuid} status must be available or in-use, but the current status is: ${volume.status}.`,
      );
    if (isRoot && !volume.isBootable) throw bad(`Block Device Mapping is Invalid: Volume ${uuid} is not bootable.`);
    return { ...none, ...common, volumeId: volume.id, sizeGib: volume.sizeGib };
  }
  const sizeGib = Number(device.volume_size ?? 0);
  if (source === 'image' && !state.site.between.images.image(projectId, uuid ?? ''))
    throw bad('Can not find requested image');
  if (source !== 'snapshot' && sizeGib < 1)
    throw bad(
      'Block Device Mapping is Invalid: Images with destination_type volume need to have a non-zero size specified',
    );
  if (source === 'image') return { ...none, ...common, imageId: uuid, sizeGib };
  if (source === 'snapshot') return { ...none, ...common, snapshotId: uuid, sizeGib };
  return { ...none, ...common, sizeGib };
}

/** The volumes that a create asks for. Throws 400 for those that it cannot have. */
export const devicesOf = (
  state: NovaState,
  projectId: string,
  { block_device_mapping_v2: devices = [] }: ServerWish,
): readonly WantedDisk[] => devices.flatMap((one) => wanted(state, projectId, one) ?? []);
