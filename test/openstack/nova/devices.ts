import { refused } from './refusals.ts';
import type { Server } from './server.ts';

/**
 * The name of a disk: the letter of the one that the client wished, behind the driver's own prefix, or else the next
 * letter. (A driver for libvirt takes the next one, whatever is wished.) Throws 409 for one that is taken.
 */
export function deviceFor({ attachments, imageId }: Server, wished?: string): string {
  const used = new Set(attachments.map(({ device }) => device));
  const letter = /^\/dev\/[a-z]+d([a-z]+)$/.exec(wished ?? '')?.[1];
  if (letter !== undefined) {
    const device = `/dev/sd${letter}`;
    if (used.has(device)) throw refused(409, `The supplied device path (${wished}) is in use.`);
    return device;
  }
  // The root disk that is no volume has the first letter.
  for (let index = imageId === '' ? 0 : 1; ; index += 1) {
    const device = `/dev/sd${String.fromCharCode(97 + index)}`;
    if (!used.has(device)) return device;
  }
}
