/** Takes an interface from a machine that is there. */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { toOcciError } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import type { Machine } from '../machine/machine.ts';
import { dropPorts } from '../machine/own-ports.ts';
import { isMark, isOfLink } from '../mark.ts';
import type { Port } from '../native/port.ts';
import { releaseAddress, takeAddress } from './give-address.ts';
import { requireSettled } from './interface-attach.ts';

type GiveBack = () => Promise<void>;

/** Gives addresses back, unless the failed call may have been carried out; the failure says so if one of them is lost. */
async function undone(error: unknown, taken: readonly GiveBack[]): Promise<OcciError> {
  const failure = toOcciError(error, 'networkinterface');
  if (failure.unknownOutcome) return failure;
  const ends = await Promise.allSettled(taken.map((giveBack) => giveBack()));
  if (ends.every(({ status }) => status === 'fulfilled')) return failure;
  const { headers } = failure;
  const message = `${failure.message} The interface has lost its reserved address: link the compute to it again.`;
  return new OcciError(failure.failure, message, { cause: failure, headers, unknownOutcome: true });
}

/** Takes the addresses that lead to a port away from it, all or none. */
async function takeAddresses(cloud: Cloud, machine: Machine, port: NativeId): Promise<readonly GiveBack[]> {
  const addresses = machine.floatingIps.filter(({ port_id: on }) => on === port);
  if (addresses.length > 0) requireSettled(machine);
  const ends = await Promise.allSettled(addresses.map(({ id }) => takeAddress(cloud, id, port)));
  const taken = ends.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = ends.find((one) => one.status === 'rejected');
  if (failed) throw await undone(failed.reason, taken);
  return taken;
}

/**
 * Detaches a port: 1 call, accepted and not done, and before it 2 for each reserved address that leads to a port of ours.
 * Such a port outlives the detach and is deleted at a later look, when Nova has let go of it; its addresses go first, so
 * that they are in use by nothing if the request is interrupted, and a repeated one still finds the interface. Those that a link
 * has reserved are given back at last: 2 calls each.
 */
export async function detach(cloud: Cloud, machine: Machine, port: Port): Promise<void> {
  const isOurs = isMark(port.description);
  const taken = isOurs ? await takeAddresses(cloud, machine, port.id) : [];
  try {
    await cloud.client.call(
      'compute',
      'DELETE',
      path`servers/${machine.server.id}/os-interface/${port.id}`,
      z.undefined(),
    );
  } catch (error) {
    throw await undone(error, taken);
  }
  if (isOurs) await dropPorts(cloud, [port.id]);
  // The links to external networks have gone with the interface. What fails is a reservation that nothing uses.
  const reserved = machine.floatingIps.filter((one) => one.port_id === port.id && isOfLink(one));
  await Promise.allSettled(reserved.map(({ id }) => releaseAddress(cloud, id, port.id)));
}
