/** Ports that creates of ours made: Nova leaves them behind when their server is deleted or they are detached. */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { isMark } from '../mark.ts';
import type { Port } from '../native/port.ts';
import { orGone } from './routers.ts';

/** How long a port of ours may wait for its server, in milliseconds: longer than any request lasts. */
const ATTACH_MS = 300_000;
/** What Neutron counts a port up from: each time that it is bound or set free counts. */
const FIRST_REVISION = 1;

/**
 * True for a port of ours that no server has any more. One that was just made waits for its server: it was never
 * changed, and is not old.
 */
export function isLeftOver(port: Port, now = Date.now()): boolean {
  const { device_id: device, device_owner: owner, description, revision_number: revision, created_at: created } = port;
  if (device !== '' || owner !== '' || !isMark(description)) return false;
  return (revision ?? 0) > FIRST_REVISION || !(now - Date.parse(created) < ATTACH_MS);
}

export const deletePort = async ({ client }: Cloud, id: NativeId): Promise<void> => {
  await client.call('network', 'DELETE', path`ports/${id}`, z.undefined()).catch(orGone);
};
