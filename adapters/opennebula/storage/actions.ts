/**
 * Actions on images. oned answers success to an enable that changes nothing, so each is checked against the state
 * first. Snapshot and resize go through the machine that uses the image: OpenNebula does neither to an image alone.
 */

import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { KINDS, type KindOf } from '../../../lib/occi/kinds/index.ts';
import type { ActionTermOf, Attributes } from '../../../lib/occi/types.ts';
import { IMAGE_ENABLE } from '../actions.ts';
import { translateErrors } from '../api/errors.ts';
import type { Cloud } from '../cloud.ts';
import { readVm } from '../machine/reads.ts';
import type { Image } from '../native/index.ts';
import { storageState } from '../states.ts';
import { isHeld, titleOf, uniqueNameOf } from '../template/naming.ts';
import { writeTemplate } from '../template/template.ts';
import { megabytes, readOwnImage } from './reads.ts';

type StorageAction = ActionTermOf<KindOf<'storage'>>;

/** STATE of images that can be copied: READY, USED (whose machines keep no changes in it), CLONE. */
const COPYABLE: readonly number[] = [1, 2, 6];
const MAX_TITLE_CHARS = 1024;

/** Throws `conflict` naming state and action, and what else applies. */
function requireApplicable(image: Image, action: StorageAction): void {
  const { state } = storageState(image);
  const possible: readonly string[] = KINDS.storage.life.actions[state];
  if (possible.includes(action)) return;
  const instead = possible.length > 0 ? `what it can do is ${possible.join(', ')}` : 'no action applies now';
  throw new OcciError('conflict', `The storage is ${state}, so the action ${action} does not apply; ${instead}.`);
}

/** The refusal to do something to an image that machines use. */
export const inUse = ({ VMS, RUNNING_VMS }: Image, what: string): OcciError => {
  const count = Math.max(VMS.length, RUNNING_VMS);
  return new OcciError(
    'conflict',
    `The storage is used by ${count} compute ${count === 1 ? 'resource' : 'resources'}, so ${what}.`,
  );
};

async function enable({ client }: Cloud, image: Image, action: keyof typeof IMAGE_ENABLE): Promise<void> {
  if (action === 'offline' && image.RUNNING_VMS > 0) throw inUse(image, 'the action offline does not apply');
  await translateErrors('storage', () => client.call('one.image.enable', [image.ID, IMAGE_ENABLE[action]], z.int()));
}

/** Title of a copy; without the original's where the two together are no title. */
function titleOfCopy({ NAME, TEMPLATE }: Image): string {
  const title = `Backup of ${titleOf(NAME, TEMPLATE) || NAME}`;
  return title.length <= MAX_TITLE_CHARS && isHeld(title) ? title : 'Backup';
}

/** A second image with the same content. The copy is made with the original's attributes, title included. */
async function backup({ client }: Cloud, image: Image): Promise<void> {
  if (image.VMS.length > 0 && !COPYABLE.includes(image.STATE)) {
    throw inUse(image, 'the action backup does not apply');
  }
  if (!COPYABLE.includes(image.STATE)) {
    throw new OcciError(
      'conflict',
      'The storage is offline, so the action backup does not apply; bring it online first.',
    );
  }
  const { name, attributes } = uniqueNameOf('storage', titleOfCopy(image), randomUUID());
  const copy = await translateErrors('storage', () => client.call('one.image.clone', [image.ID, name], z.int()));
  // Without its title the copy shows its name, which is made of the title: no reason to call the backup a failure.
  await client.call('one.image.update', [copy, writeTemplate(attributes), 1], z.int()).catch(() => {});
}

/** The disk of the one machine that keeps its changes in the image. Throws `conflict` if no machine does. */
async function diskOver(cloud: Cloud, { ID, VMS, PERSISTENT }: Image, action: StorageAction) {
  const [machine] = VMS;
  if (machine === undefined || VMS.length > 1 || PERSISTENT !== 1) {
    throw new OcciError(
      'conflict',
      `The action ${action} applies only while exactly one compute uses the storage and keeps its changes in it.`,
    );
  }
  const vm = await readVm(cloud, String(machine)).catch((error) => {
    if (!isFailure(error, 'notFound')) throw error;
    throw new OcciError('conflict', `The compute that uses the storage is not yours, so ${action} does not apply.`);
  });
  const disk = vm.TEMPLATE.DISK.find(({ IMAGE_ID }) => IMAGE_ID === ID);
  if (!disk) throw new OcciError('conflict', `The storage is being detached, so the action ${action} does not apply.`);
  return { machine, disk: disk.DISK_ID };
}

/** Calls on the machine that has the image; a `conflict` names the action. */
async function throughMachine(
  cloud: Cloud,
  image: Image,
  action: StorageAction,
  call: (machine: number, disk: number) => Promise<unknown>,
): Promise<void> {
  const { machine, disk } = await diskOver(cloud, image, action);
  await translateErrors('compute', () => call(machine, disk)).catch((error) => {
    if (!isFailure(error, 'conflict')) throw error;
    throw new OcciError('conflict', `The action ${action} is not possible now. ${error.message}`, { cause: error });
  });
}

/** A snapshot within the image; oned keeps it with the image when it is detached. */
const snapshot = (cloud: Cloud, image: Image): Promise<void> =>
  throughMachine(cloud, image, 'snapshot', (machine, disk) =>
    cloud.client.call('one.vm.disksnapshotcreate', [machine, disk, `occi ${new Date().toISOString()}`], z.int()),
  );

/** Makes it at least as large as `size` GiB. Throws `conflict` when it would shrink or no machine uses it. */
export async function resize(cloud: Cloud, image: Image, size: number): Promise<void> {
  const wanted = megabytes(size);
  if (wanted === image.SIZE) return;
  if (wanted < image.SIZE) {
    throw new OcciError('conflict', `The storage has ${image.SIZE / 1024} GiB and cannot shrink to ${size} GiB.`);
  }
  await throughMachine(cloud, image, 'resize', (machine, disk) =>
    cloud.client.call('one.vm.diskresize', [machine, disk, String(wanted)], z.int()),
  );
}

/** Native calls: 2 for online and offline, 3 for the others. */
export async function actOnStorage(
  cloud: Cloud,
  id: NativeId,
  action: StorageAction,
  attributes: Attributes,
): Promise<void> {
  const image = await readOwnImage(cloud, id);
  requireApplicable(image, action);
  if (action === 'backup') await backup(cloud, image);
  else if (action === 'snapshot') await snapshot(cloud, image);
  else if (action === 'resize') await resize(cloud, image, Number(attributes.size));
  else await enable(cloud, image, action);
}
