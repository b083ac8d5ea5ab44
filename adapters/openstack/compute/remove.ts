/** Deletes a compute with its links. */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { ownPorts } from '../machine/labels.ts';
import { readServer } from '../machine/machine.ts';
import { dropPorts, sweepPorts } from '../machine/own-ports.ts';
import { dropKey } from './keys.ts';

/**
 * Deletes a server: 2 calls, and 2 more where it has a key of ours. The key goes first: if the delete is interrupted, a
 * repeated one still finds the server. Its own ports go once Nova has let go of them, at a later look of this process.
 */
export async function removeCompute(cloud: Cloud, id: NativeId): Promise<void> {
  const server = await readServer(cloud, id);
  await dropKey(cloud, server);
  await translateErrors('compute', () =>
    cloud.client.call('compute', 'DELETE', path`servers/${id}`, z.undefined(), { repeatable: true }),
  );
  cloud.tokens.forget(id);
  await dropPorts(cloud, ownPorts(server));
  // A server that never had a host is gone already.
  if (server['OS-EXT-AZ:availability_zone'] === '') await sweepPorts(cloud);
}
