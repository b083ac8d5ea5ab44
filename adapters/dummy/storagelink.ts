/** Storage links (INF-13): a disk slot of the compute, with a device name. */
import type { KindAdapter } from '../../lib/adapter/contract.ts';
import { LINK_STATE } from '../../lib/adapter/states.ts';
import { OcciError } from '../../lib/errors.ts';
import { typeId } from '../../lib/occi/types.ts';
import { changed } from './changes.ts';
import type { Attachment, Cloud } from './cloud.ts';
import { changeAttachment, computeOf, freeSlot, linkKind, type Take } from './links/attachments.ts';
import { hold, unhold } from './links/targets.ts';
import { keptAttributes } from './resources.ts';
import { stateOf } from './states.ts';

const DEVICE = 'occi.storagelink.deviceid';

/** `/dev/vdb` for 1, `/dev/vdz` for 25, `/dev/vdaa` for 26: vda is the machine's own disk. */
function deviceName(number: number): string {
  const letters = number < 26 ? '' : String.fromCharCode(96 + Math.floor(number / 26));
  return `/dev/vd${letters}${String.fromCharCode(97 + (number % 26))}`;
}

/** The wanted device, or the next free one. Throws `conflict` if the wanted device is in use. */
function deviceOf(present: readonly Attachment[], wanted: unknown): string {
  const used = new Set(present.map((link) => link.attributes[DEVICE]));
  if (typeof wanted === 'string') {
    if (used.has(wanted)) throw new OcciError('conflict', `The device ${wanted} of this compute is in use.`);
    return wanted;
  }
  let number = 1;
  while (used.has(deviceName(number))) number++;
  return deviceName(number);
}

/** Takes a storage that is online and not attached to any compute. */
export const takeStorage: Take<'storagelink'> = async (cloud, holder, { target, attributes, mixins }) => {
  if (target.kind !== 'storage')
    throw new OcciError('invalid', `A storagelink ends at a storage, not at a ${target.kind}.`);
  const end = { kind: target.kind, id: target.id };
  const { fresh } = await hold(cloud, 'storage', target.id, holder, (row) => {
    const state = stateOf('storage', row, cloud.now());
    if (state !== 'online') throw new OcciError('conflict', `The storage is ${state}, so it cannot be attached.`);
  });
  return {
    target: end,
    release: async () => (fresh ? unhold(cloud, 'storage', target.id, holder) : undefined),
    attach(present) {
      if (present.some((link) => link.target.kind === 'storage' && link.target.id === target.id)) {
        throw new OcciError('conflict', `The storage is already attached to this compute.`);
      }
      const kept = keptAttributes(attributes);
      return {
        id: `${computeOf(holder)}:disk${freeSlot(present, 'disk', 1)}:${target.id}`,
        kind: 'storagelink',
        target: end,
        attributes: { ...kept, [DEVICE]: deviceOf(present, kept[DEVICE]) },
        mixins: mixins.map(typeId),
        token: holder.token,
      };
    },
  };
};

/** The mount point can change at any time, the device only while the compute is not running. */
export const storagelink = (cloud: Cloud): KindAdapter<'storagelink'> =>
  linkKind(cloud, 'storagelink', takeStorage, async (id, change) => {
    await changeAttachment(cloud, 'storagelink', id, (link, row) => {
      const { attributes, mixins } = changed('storagelink', link, change);
      const before = link.attributes[DEVICE];
      const wanted = attributes[DEVICE] ?? before;
      if (wanted !== before && LINK_STATE[stateOf('compute', row, cloud.now())] === 'active') {
        throw new OcciError(
          'conflict',
          `The device ${before} is in use by the running compute; stop it to change the device.`,
        );
      }
      const others = (row.links ?? []).filter((one) => one !== link);
      return { ...link, attributes: { ...attributes, [DEVICE]: deviceOf(others, wanted) }, mixins };
    });
  });
