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

/** True for a port of ours that no server has, and that no create is about to attach. */
export const isLeftOver = (
  { device_id: device, device_owner: owner, description, updated_at: updated }: Port,
  now = Date.now(),
): boolean => device === '' && owner === '' && isMark(description) && !(now - Date.parse(updated) < ATTACH_MS);

export const deletePort = async ({ client }: Cloud, id: NativeId): Promise<void> => {
  await client.call('network', 'DELETE', path`ports/${id}`, z.undefined()).catch(orGone);
};
