/** Names of block devices: those that EC2 takes, and one that is free. The machine itself may call the disk otherwise. */
import { OcciError } from '../../../lib/errors.ts';

export const DEVICE = 'occi.storagelink.deviceid';

const lettersTo = (from: string, to: string): string[] =>
  Array.from({ length: to.charCodeAt(0) - from.charCodeAt(0) + 1 }, (_, at) =>
    String.fromCharCode(from.charCodeAt(0) + at),
  );

/** Names that are recommended for volumes of every machine (EC2 User Guide, Device names for volumes). */
const RECOMMENDED: readonly string[] = lettersTo('f', 'p').map((letter) => `sd${letter}`);

/**
 * All in the order in which they are given out: after those that are recommended, more that HVM takes. More than a
 * machine can have disks.
 */
export const DEVICES: readonly string[] = [
  ...RECOMMENDED,
  ...['b', 'c', 'd'].flatMap((first) => lettersTo('a', 'x').map((second) => `xvd${first}${second}`)),
];

/** What EC2 takes: `sdf`, `sdf1`, `xvdf`, `xvdba`. */
const NAME = /^(?:\/dev\/)?((?:sd[a-z]|xvd[a-z]{1,2})(?:[1-9]|1[0-5])?)$/;
/** What other clouds call the same place, and clients that know those ask for. */
const ELSEWHERE = /^(\/dev\/)?[vh]d(?=[a-z]\d*$)/;

/** A device without its folder: `sdf` for `/dev/sdf`. */
export const bareName = (device: string): string => device.replace(/^\/dev\//, '');

/** True for a name that EC2 takes, without its folder. */
export const isDevice = (name: string): boolean => !name.startsWith('/') && NAME.test(name);

/**
 * Where a device is to a machine: `/dev/sdf`, `xvdf` and `/dev/sdf1` are one place. EC2 does not always refuse such a
 * second name; the disk then never appears.
 */
const placeOf = (device: string): string => bareName(device).replace(/^(?:sd|xvd|hd)([a-z]+)\d*$/, '$1');

/** True if one of the devices is in this one's place, whatever it is called. */
export const isAmong = (device: string, taken: Iterable<string>): boolean => {
  const place = placeOf(device);
  for (const one of taken) if (placeOf(one) === place) return true;
  return false;
};

/** The device that a link asks for, without its folder; `sdb` for `/dev/vdb`. Throws `invalid` for what is none. */
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
 * The device that is wanted, or one that is free: the first, or so far on among the next that are. Throws `conflict`
 * when the wanted one is taken, or all are.
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
