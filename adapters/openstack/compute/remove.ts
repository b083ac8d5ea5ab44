/** Deletes a compute with its links. */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import { type Cloud, endingAt, isUuid } from '../cloud.ts';
import { freeAddressesOf } from '../machine/freed-addresses.ts';
import { ownPorts } from '../machine/labels.ts';
import { portsOf } from '../machine/left-ports.ts';
import { readServer } from '../machine/machine.ts';
import { dropPorts, sweepPorts } from '../machine/own-ports.ts';
import { isMark } from '../mark.ts';
import type { Port } from '../native/port.ts';
import { releaseAddress } from '../network/give-address.ts';
import { dropKey } from './keys.ts';

/** How long the delete waits for Neutron at each of three places, in milliseconds: it goes on without it. */
const NEUTRON_MS = 3000;

/** The ports that Neutron has for the server: 1 call. Without an answer a later sweep finds ours. */
const boundPorts = async (cloud: Cloud, id: NativeId): Promise<readonly Port[]> =>
  isUuid(id) ? await portsOf(cloud, id, Date.now() + NEUTRON_MS).catch(() => []) : [];

const idsOf = (ports: readonly Port[]): readonly NativeId[] => ports.map(({ id }) => id);

/**
 * Deletes a server: 3 calls, 1 more where it has ports, 2 or 3 where it has a key of ours, 1 for each
 * reserved address, and 2 more for each that a link has reserved. Key and addresses go first, but those of a locked server: if the delete is interrupted, a
 * repeated one still finds the server. Its own ports go once Nova has let go of them, at a later look of this process.
 */
export async function removeCompute(cloud: Cloud, id: NativeId): Promise<void> {
  const asked = [readServer(cloud, id), boundPorts(cloud, id)] as const;
  // A repeated delete of a server that is gone sweeps what the first one has left.
  await Promise.allSettled(asked);
  const [server, bound] = await Promise.all(asked);
  // Those that were made with it, and those that links made later.
  const ours = bound.filter(({ description }) => isMark(description));
  const ports = [...new Set([...ownPorts(server), ...idsOf(ours)])];
  const all = [...new Set([...ports, ...idsOf(bound)])];
  const remove = () =>
    translateErrors('compute', () =>
      cloud.client.call('compute', 'DELETE', path`servers/${id}`, z.undefined(), { repeatable: true }),
    );
  // Nova refuses to delete a locked server, unless the caller may override locks: it runs on and keeps what it has.
  if (server.locked) await remove();
  const [isDropped, reserved] = await Promise.all([
    dropKey(cloud, server),
    freeAddressesOf(cloud, { all, ours: ports }, Date.now() + NEUTRON_MS),
  ]);
  if (!server.locked) await remove();
  // The links are gone with the server. What fails is a reservation that nothing uses.
  const inTime = endingAt(cloud, Date.now() + NEUTRON_MS);
  await Promise.allSettled(reserved.map(({ id, port_id: port }) => releaseAddress(inTime, id, port ?? undefined)));
  cloud.tokens.forget(id);
  // The other users of the key may be going at the same time.
  if (!isDropped) await dropKey(cloud, server);
  await dropPorts(cloud, ports);
  // A server that never had a host is gone already.
  if (server['OS-EXT-AZ:availability_zone'] === '') await sweepPorts(cloud);
}
