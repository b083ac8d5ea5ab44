import { IMAGE, IMAGE_STATE, type Image } from './image.ts';
import { authorize } from './permissions.ts';
import { Refusal } from './refusal.ts';
import type { Caller } from './session.ts';
import type { Site } from './site.ts';
import { type Vector, vector } from './template.ts';
import type { Vm } from './vm.ts';

/** By number, or by name among the images of the caller or of the owner that is named. Undefined for a volatile disk. */
export const imageOf = (site: Site, who: Caller, disk: Vector, code: number, prefix = ''): Image | undefined => {
  const id = disk.get('IMAGE_ID');
  const name = disk.get('IMAGE');
  if (id !== undefined) {
    const image = site.images.get(Number(id));
    if (!image) throw new Refusal(code, `${prefix}Image with ID: ${id} does not exist`);
    return image;
  }
  if (name === undefined) return undefined;
  const owner = disk.get('IMAGE_UNAME');
  const uid = owner ? (site.userNamed(owner)?.id ?? -1) : Number(disk.get('IMAGE_UID') ?? who.uid);
  const image = site.images.named(name, uid);
  if (image) return image;
  const sentence = `${prefix}User ${uid} does not own an image with name: ${name} . Set IMAGE_UNAME or IMAGE_UID of owner in DISK.`;
  throw new Refusal(code, sentence);
};

/** @throws {Refusal} for an image that is disabled, in error, being deleted, or persistent and taken */
const refuseUnusable = (image: Image, prefix: string, code: number): void => {
  const cannot = `${prefix}Cannot acquire image ${image.id}, `;
  if (image.persistent && (image.vms.size > 0 || image.state === IMAGE.usedPersistent)) {
    throw new Refusal(code, `${cannot}it is persistent and already in use`);
  }
  const usable: readonly number[] = [IMAGE.ready, IMAGE.used, IMAGE.locked, IMAGE.lockedUsed];
  if (!usable.includes(image.state)) throw new Refusal(code, `${cannot}it is in state: ${IMAGE_STATE[image.state]}`);
};

const takeImage = (vm: Vm, image: Image): void => {
  image.vms.add(vm.id);
  const locked = image.state === IMAGE.locked || image.state === IMAGE.lockedUsed;
  if (locked) image.goTo(image.persistent ? IMAGE.lockedUsedPersistent : IMAGE.lockedUsed);
  else image.rest();
};

const firstFree = (vm: Vm, prefix: string): string => {
  const taken = new Set([...vm.disks(), ...vm.template.vectors('CONTEXT')].map((disk) => disk.get('TARGET')));
  return (
    [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => prefix + letter).find((target) => !taken.has(target)) ?? prefix
  );
};

/** Adds a disk: of an image, or volatile. `prefix` stands before refusals (`DISK 0: `). */
export const addDisk = (
  vm: Vm,
  who: Caller,
  wanted: Vector,
  how: { code: number; prefix: string; hot: boolean },
): Vector => {
  const image = imageOf(vm.site, who, wanted, how.code, how.prefix);
  if (image) {
    authorize(who, image.persistent ? 'MANAGE' : 'USE', image);
    refuseUnusable(image, how.prefix, how.code);
    const size = wanted.get('SIZE');
    if (size !== undefined && Number(size) < image.size) {
      const sentence = `${how.prefix}SIZE of ${size}MB is less than the image [${image.id}] size of ${image.size}MB.`;
      throw new Refusal(how.code, sentence);
    }
    takeImage(vm, image);
  }
  const disk = new Map([...(image ? fromImage(image) : volatile(wanted)), ...wanted]);
  if (image) disk.set('IMAGE_ID', String(image.id)).set('IMAGE', image.name);
  disk.set('DISK_ID', String(vm.nextDisk));
  if (!disk.has('TARGET')) disk.set('TARGET', firstFree(vm, disk.get('DEV_PREFIX')!));
  if (how.hot) {
    disk.set('ATTACH', 'YES').set('TM_MAD_SYSTEM', 'dummy');
    placeVolatile(disk);
  }
  vm.template.add('DISK', disk);
  vm.touch();
  return disk;
};

export const fromImage = (image: Image): Vector => {
  const cluster = image.site.datastores.get(image.datastore);
  const cdrom = image.type === 1;
  const locked = image.state === IMAGE.lockedUsed || image.state === IMAGE.lockedUsedPersistent;
  return vector({
    ...{ ALLOW_ORPHANS: 'NO', CLONE: image.persistent ? 'NO' : 'YES', CLONE_TARGET: 'SYSTEM' },
    ...{
      CLONING: locked ? 'YES' : undefined,
      CLUSTER_ID: cluster?.clusters.join(',') ?? '0',
      DATASTORE: cluster?.name,
    },
    ...{
      DATASTORE_ID: image.datastore,
      DEV_PREFIX: image.template.text('DEV_PREFIX') ?? 'sd',
      DISK_SNAPSHOT_TOTAL_SIZE: 0,
    },
    ...{ DISK_TYPE: cdrom ? 'CDROM' : 'FILE', DRIVER: image.format, FORMAT: image.format, IMAGE_STATE: image.state },
    ...{ LN_TARGET: 'NONE', ORIGINAL_SIZE: image.size, PERSISTENT: image.persistent ? 'YES' : undefined },
    ...{
      READONLY: cdrom ? 'YES' : 'NO',
      SAVE: image.persistent ? 'YES' : 'NO',
      SIZE: image.size,
      SOURCE: image.source,
    },
    ...{ TM_MAD: 'dummy', TYPE: cdrom ? 'CDROM' : 'FILE' },
  });
};

const volatile = (wanted: Vector): Vector => vector({ DEV_PREFIX: 'sd', DRIVER: wanted.get('FORMAT') });

/** A volatile disk is of no datastore until there is a host. */
export const placeVolatile = (disk: Vector): void => {
  if (disk.has('IMAGE_ID')) return;
  const place = {
    ALLOW_ORPHANS: 'NO',
    CLUSTER_ID: 0,
    DATASTORE: 'system',
    DATASTORE_ID: 0,
    DISK_TYPE: 'FILE',
    TM_MAD: 'dummy',
  };
  for (const [key, value] of vector(place)) disk.set(key, value);
};

/** Takes a disk away, and with it the VM's hold on the image. */
export const removeDisk = (vm: Vm, disk: Vector): void => {
  vm.template.replaceVectors(
    'DISK',
    vm.disks().filter((other) => other !== disk),
  );
  vm.diskSnapshots.delete(Number(disk.get('DISK_ID')));
  releaseImage(vm, disk);
  vm.touch();
};

export const releaseImage = (vm: Vm, disk: Vector): void => {
  const image = vm.site.images.get(Number(disk.get('IMAGE_ID') ?? -1));
  const elsewhere = vm.disks().some((other) => other !== disk && other.get('IMAGE_ID') === disk.get('IMAGE_ID'));
  if (!image || elsewhere) return;
  image.vms.delete(vm.id);
  image.rest();
};
