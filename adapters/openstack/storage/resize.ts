/** Growth of a volume. */
import * as z from 'zod';
import { unitsFor } from '../../../lib/adapter/sizes.ts';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import type { Volume } from '../native/volume.ts';

/** From here on Cinder extends volumes that are attached (Block Storage API, microversion history). */
const EXTENDS_IN_USE = '3.42';

/**
 * Makes a volume at least as large as `size` GiB: 1 call, or none if it has that size. Resolves to true if Cinder has begun
 * to. Throws `conflict` if the volume would shrink, or is attached and the cloud cannot extend it then.
 */
export async function resize({ client }: Cloud, volume: Volume, size: number): Promise<boolean> {
  const wanted = unitsFor(size);
  if (wanted === volume.size) return false;
  if (wanted < volume.size) {
    throw new OcciError('conflict', `The storage has ${volume.size} GiB and cannot shrink to ${size} GiB.`);
  }
  const isAttached = volume.attachments.length > 0;
  if (isAttached && !(await client.knows('volume', EXTENDS_IN_USE))) {
    throw new OcciError('conflict', 'This cloud makes storage larger only while no compute uses it: detach it first.');
  }
  const body = { 'os-extend': { new_size: wanted } };
  await translateErrors('storage', () =>
    client.call('volume', 'POST', path`volumes/${volume.id}/action`, z.unknown(), {
      body,
      ...(isAttached && { microversion: EXTENDS_IN_USE }),
    }),
  );
  return true;
}
