/** Disks as storage links, except volatile disks and the context disk. */
import type { LinkDraft, Native } from '../../../lib/adapter/contract.ts';
import { LINK_STATE } from '../../../lib/adapter/states.ts';
import { OcciError } from '../../../lib/errors.ts';
import { objectId } from '../cloud.ts';
import { isDetaching } from '../machine/hotplug.ts';
import type { Disk, Vm } from '../native/index.ts';
import { computeState } from '../states.ts';
import { line, mark } from '../template/naming.ts';
import type { Vector } from '../template/template.ts';

export const DEVICE = 'occi.storagelink.deviceid';

/** Names of block devices; oned takes any text, and the machine fails later. */
const BLOCK_DEVICE = /^(?:\/dev\/)?([a-z][a-z0-9]{1,14})$/;

/** TARGET of a device: `vdb` for `/dev/vdb` and for `vdb`. */
export const targetOf = (device: string): string | undefined => BLOCK_DEVICE.exec(device)?.[1];

/** An image-backed disk, as OCCI sees it. */
export function toStoragelink(vm: Vm, { DISK_ID, IMAGE_ID, TARGET, ATTACH, OCCI_TOKEN }: Disk): Native<'storagelink'> {
  const own = ATTACH ? 'waiting' : LINK_STATE[computeState(vm).state];
  return {
    kind: 'storagelink',
    id: `${vm.ID}:disk${DISK_ID}:image${IMAGE_ID}${mark(OCCI_TOKEN)}`,
    attributes: {
      ...(TARGET !== undefined && { [DEVICE]: `/dev/${line(TARGET)}` }),
      'occi.storagelink.state': own,
      ...(ATTACH && { 'occi.storagelink.state.message': 'The disk is being attached or detached.' }),
    },
    mixins: [],
    source: { kind: 'compute', id: String(vm.ID) },
    target: { kind: 'storage', id: String(IMAGE_ID) },
  };
}

/** True for an image-backed disk that is not being detached. */
export const isLink = (vm: Vm, disk: Disk): boolean => disk.IMAGE_ID !== undefined && !(disk.ATTACH && isDetaching(vm));

/** The links of a machine, without those that are being detached. */
export const toStoragelinks = (vm: Vm): Native<'storagelink'>[] =>
  vm.TEMPLATE.DISK.filter((disk) => isLink(vm, disk)).map((disk) => toStoragelink(vm, disk));

/** The disk that a link asks for. Throws `invalid` for an invalid end or device. */
export function diskOf({ target, attributes }: LinkDraft<'storagelink'>): Vector {
  if (target.kind !== 'storage') {
    throw new OcciError('invalid', `A storagelink ends at a storage, not at a ${target.kind}.`);
  }
  const image = objectId(target.id);
  if (image === undefined) throw new OcciError('invalid', 'There is no such storage, or it may not be used.');
  const device = attributes[DEVICE];
  if (device === undefined) return { IMAGE_ID: image };
  const name = targetOf(device);
  if (name === undefined) {
    throw new OcciError(
      'invalid',
      `${DEVICE} must be the name of a device, as /dev/vdb; it is ${JSON.stringify(device)}.`,
    );
  }
  return { IMAGE_ID: image, TARGET: name };
}
