/**
 * How long the catalogue waits for its parts. A service that is down says so at once; one that hangs would hold up every
 * reading for as long as a call may take, so it gets that time once, and then little until it answers again.
 */
import { isFailure } from '../../../lib/errors.ts';
import { isDown } from '../api/if-up.ts';
import { type Cloud, endingAt } from '../cloud.ts';
import type { Shelf } from './shelf.ts';

/** How long a part is waited for whose service has just been silent, in milliseconds. */
const SHORT_MS = 3000;

/** A part of the catalogue; undefined while its service is down or silent. Throws for every other failure. */
export async function patiently<T>(
  cloud: Cloud,
  shelf: Shelf<unknown>,
  read: (cloud: Cloud) => Promise<T>,
): Promise<T | undefined> {
  const { isSilent } = shelf;
  const started = Date.now();
  try {
    const part = await read(isSilent ? endingAt(cloud, started + SHORT_MS) : cloud);
    shelf.answered();
    return part;
  } catch (error) {
    if (!isDown(error)) throw error;
    // A request that had no more time says nothing of the service, nor does a short wait of one that is only slow.
    if (isFailure(error, 'timedOut') && !isSilent && Date.now() - started >= SHORT_MS) shelf.fellSilent();
    return undefined;
  }
}
