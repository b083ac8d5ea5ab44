/** Servers that are being deleted: until they are gone they have their volumes and ports, though OCCI shows them no more. */
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import type { Cloud } from '../cloud.ts';
import { readServer } from './machine.ts';

/** Servers that are read at a time. */
const AT_ONCE = 8;

async function isGoing(cloud: Cloud, id: NativeId): Promise<boolean> {
  try {
    const { 'OS-EXT-STS:task_state': task } = await readServer(cloud, id);
    return task === 'deleting' || task === 'soft-deleting';
  } catch (error) {
    return isFailure(error, 'notFound');
  }
}

/**
 * True if all of these servers of the project, of which there is one at least, are being deleted or are gone: 1 call each,
 * up to the first few of which one stays. Never throws.
 */
export async function areGoing(cloud: Cloud, servers: Iterable<NativeId>): Promise<boolean> {
  const ids = [...new Set(servers)];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const going = await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => isGoing(cloud, id)));
    if (going.includes(false)) return false;
  }
  return ids.length > 0;
}

/** What cannot be deleted yet. Its user is seen no more, so the refusal says that it passes. */
export const stillUsed = (kind: string, cause?: unknown): OcciError =>
  new OcciError('conflict', `The ${kind} is still used by a compute that is being deleted: try again in a moment.`, {
    cause,
    headers: { 'Retry-After': '5' },
  });
