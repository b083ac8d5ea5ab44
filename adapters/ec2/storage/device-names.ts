/** Device names that EC2 accepts, and how a free one is chosen. The guest may name the disk differently. */
import { OcciError } from '../../../lib/errors.ts';

export const DEVICE = 'occi.storagelink.deviceid';

const lettersTo = (from: string, to: string): string[] =>
  Array.from({ length: to.charCodeAt(0) - from.charCodeAt(0) + 1 }, (_, at) =>
    String.fromCharCode(from.charCodeAt(0) + at),
  );

/** Names recommended for volumes of every instance (EC2 User Guide, Device names for volumes). */
const RECOMMENDED: readonly string[] = lettersTo('f', 'p').map((letter) => `sd${letter}`);

/**
 * All names in the order of assignment: the recommended ones, then more that HVM accepts. More than an instance can
 * have disks.
 */
export const DEVICES: readonly string[] = [
  ...RECOMMENDED,
  ...['b', 'c', 'd'].flatMap((first) => lettersTo('a', 'x').map((second) => `xvd${first}${second}`)),
];

/** Names that EC2 accepts: `sdf`, `sdf1`, `xvdf`, `xvdba`. */
const NAME = /^(?:\/dev\/)?((?:sd[a-z]|xvd[a-z]{1,2})(?:[1-9]|1[0-5])?)$/;
/** Names that other clouds use for the same slots, and that their clients ask for. */
const ELSEWHERE = /^(\/dev\/)?[vh]d(?=[a-z]\d*$)/;

/** A device without its directory: `sdf` for `/dev/sdf`. */
export const bareName = (device: string): string => device.replace(/^\/dev\//, '');

/** True for a name without directory that EC2 accepts. */
export const isDevice = (name: string): boolean => !name.startsWith('/') && NAME.test(name);

/**
 * The slot behind a device name: `/dev/sdf`, `xvdf` and `/dev/sdf1` are the same. EC2 does not always refuse a second
 * name for a slot; the disk then never appears.
 */
const slotOf = (device: string): string => bareName(device).replace(/^(?:sd|xvd|hd)([a-z]+)\d*$/, '$1');

/** True if one of the devices has the same slot, under any name. */
export const isAmong = (device: string, taken: Iterable<string>): boolean => {
  const place = slotOf(device);
  for (const one of taken) if (slotOf(one) === place) return true;
  return false;
};

/** The device that a link asks for, without directory; `sdb` for `/dev/vdb`. Throws `invalid` for a malformed name. */
export function wantedDevice(device: unknown): string | undefined {
  if (device === undefined) return undefined;
  const name = NAME.exec(String(device).replace(ELSEWHERE, '$1sd'))?.[1];
  if (name === undefined) {
    throw new OcciError(
      'invalid',
      `The attribute ${DEVICE} must be the name of a device, such as /dev/sdf; it is ${JSON.stringify(device)}.`,
    );
  }
  return name;
}

export const deviceTaken = (name: string): OcciError =>
  new OcciError('conflict', `The device /dev/${name} of the compute is in use.`);

export const noDeviceLeft = (cause?: unknown): OcciError =>
  new OcciError('conflict', 'The compute has as many disks as it can have.', { cause });

/**
 * The requested device or, without a request, a free one: the first, or the one `offset` further on. Throws `conflict`
 * if the requested one is taken, or all are.
 */
export function freeDevice(taken: readonly string[], wanted?: string, further = 0): string {
  if (wanted !== undefined) {
    if (isAmong(wanted, taken)) throw deviceTaken(wanted);
    return wanted;
  }
  const free = DEVICES.filter((name) => !isAmong(name, taken)).slice(0, RECOMMENDED.length);
  const chosen = free[further % Math.max(1, free.length)];
  if (chosen === undefined) throw noDeviceLeft();
  return chosen;
}
