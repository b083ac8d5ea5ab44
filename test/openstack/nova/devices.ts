import type { Server } from './server.ts';

/** The next name for a disk: libvirt and the fake driver count by letters, whatever the client wished. */
export function nextDevice({ attachments, imageId }: Server): string {
  const used = new Set(attachments.map(({ device }) => device));
  // The root disk that is no volume has the first letter.
  const start = imageId === '' ? 0 : 1;
  for (let index = start; ; index += 1) {
    const device = `/dev/sd${String.fromCharCode(97 + index)}`;
    if (!used.has(device)) return device;
  }
}
