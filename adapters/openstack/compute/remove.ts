/** Deletes a compute with its links. */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { ownPorts } from '../machine/labels.ts';
import { readPorts, readServer } from '../machine/machine.ts';
import { dropPorts, sweepPorts } from '../machine/own-ports.ts';
import { isMark } from '../mark.ts';
import { dropKey } from './keys.ts';

/** Ports that links made later than the server: 1 call. Without an answer they go when their network goes. */
const laterPorts = async (cloud: Cloud, id: NativeId): Promise<readonly NativeId[]> => {
  const ports = await readPorts(cloud, { device_id: id }).catch(() => []);
  return ports.filter(({ description }) => isMark(description)).map((port) => port.id);
};

/**
 * Deletes a server: 3 calls, and 2 or 3 more where it has a key of ours. The key goes first: if the delete is interrupted, a
 * repeated one still finds the server. Its own ports go once Nova has let go of them, at a later look of this process.
 */
export async function removeCompute(cloud: Cloud, id: NativeId): Promise<void> {
  const [server, later] = await Promise.all([readServer(cloud, id), laterPorts(cloud, id)]);
  const isDropped = await dropKey(cloud, server);
  await translateErrors('compute', () =>
    cloud.client.call('compute', 'DELETE', path`servers/${id}`, z.undefined(), { repeatable: true }),
  );
  cloud.tokens.forget(id);
  // The other users of the key may be going at the same time.
  if (!isDropped) await dropKey(cloud, server);
  await dropPorts(cloud, [...new Set([...ownPorts(server), ...later])]);
  // A server that never had a host is gone already.
  if (server['OS-EXT-AZ:availability_zone'] === '') await sweepPorts(cloud);
}
