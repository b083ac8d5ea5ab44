/** Ports that creates of ours made: Nova leaves them behind when their server is deleted or they are detached. */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { ageOf, isFree } from '../machine/left-ports.ts';
import { isMark } from '../mark.ts';
import type { Port } from '../native/port.ts';
import { orGone } from './routers.ts';

/** How long a port of ours may wait for a request that gives it to a server, in milliseconds: longer than any lasts. */
const ATTACH_MS = 60_000;
/** What Neutron counts a port up from: each time that it is bound or set free counts. */
const FIRST_REVISION = 1;

/** True for a port that a create of ours made in the project, and that no server has. */
export const isOfCreate = (port: Port, projectId: string): boolean =>
  port.project_id === projectId && isFree(port) && isMark(port.description);

/**
 * True for a port of ours that no server has any more, but for one that a server waits for which is being built. One that
 * was just made waits for its server: it was never changed, and is not old by Neutron's clock, which is `asOf`.
 */
export function isLeftOver(port: Port, asOf: number, projectId: string): boolean {
  if (!isOfCreate(port, projectId)) return false;
  return (port.revision_number ?? 0) > FIRST_REVISION || !(ageOf(port, asOf) <= ATTACH_MS);
}

export const deletePort = async ({ client }: Cloud, id: NativeId): Promise<void> => {
  await client.call('network', 'DELETE', path`ports/${id}`, z.undefined()).catch(orGone);
};
