/** Growth of a volume. */
import * as z from 'zod';
import { unitsFor } from '../../../lib/adapter/sizes.ts';
import { OcciError } from '../../../lib/errors.ts';
import { isRefused, translateErrors } from '../api/errors.ts';
import type { Cloud } from '../cloud.ts';
import type { Volume } from '../native/index.ts';
import { sizeRefused } from './sizes.ts';

const modified = z
  .object({
    VolumeModification: z.object({ TargetSize: z.int().optional(), ModificationState: z.string().optional() }),
  })
  .transform(({ VolumeModification }) => VolumeModification);

/**
 * Wait after the last of the modifications that EC2 allows, in seconds, where it does not say how long: four are allowed
 * in 24 hours (EC2 API, ModifyVolume), one in six hours on average.
 */
const RATE_WAIT_S = 6 * 3600;
/** Wait for a modification to complete, in seconds; it takes from seconds to hours. */
const MODIFYING_WAIT_S = 60;

/** The time at which EC2 allows the next modification, as seconds from now. */
function secondsUntilAllowed(sentence: string): number {
  const [time] = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?/.exec(sentence) ?? [];
  const wait = time === undefined ? Number.NaN : Date.parse(time.replace(' ', 'T').replace(/Z?$/, 'Z')) - Date.now();
  return wait > 0 ? Math.ceil(wait / 1000) : RATE_WAIT_S;
}

/** Translates a refusal to grow to `size` GiB, which the attribute `name` asked for. */
function refused(error: unknown, name: string, size: number): unknown {
  if (isRefused(error, /^VolumeModificationRateExceeded$/)) {
    return new OcciError(
      'conflict',
      'The storage was resized too often: the cloud allows it four times in 24 hours. Try again later.',
      { cause: error, headers: { 'Retry-After': String(secondsUntilAllowed(error.sentence)) } },
    );
  }
  if (isRefused(error, /^IncorrectModificationState$/)) {
    return new OcciError('conflict', 'The last change of size of the storage is not complete yet; try again later.', {
      cause: error,
      headers: { 'Retry-After': String(MODIFYING_WAIT_S) },
    });
  }
  return isRefused(error, /^InvalidParameter/) ? sizeRefused(name, size, error) : error;
}

/**
 * Grows a volume to `size` GiB, rounded up: 1 call, or no call if it has that size. `name` is the attribute with the new
 * size. The returned volume has its new size only if EC2 reports it. Throws `conflict` if the volume would shrink, is
 * still being resized or was resized too often.
 */
export async function resize(cloud: Cloud, volume: Volume, size: number, name: string): Promise<Volume> {
  const wanted = unitsFor(size);
  if (wanted === volume.Size) return volume;
  if (wanted < volume.Size) {
    throw new OcciError('conflict', `The storage has ${volume.Size} GiB and cannot shrink: ${name} is ${size} GiB.`);
  }
  const input = { VolumeId: volume.VolumeId, Size: wanted };
  const answer = await translateErrors('storage', () =>
    cloud.ec2.call('ModifyVolume', input, modified).catch((error) => {
      throw refused(error, name, wanted);
    }),
  );
  // Accepted but not started: until it starts EC2 still shows the old size.
  if (answer.ModificationState === 'modifying') return volume;
  return { ...volume, Size: answer.TargetSize ?? wanted };
}
