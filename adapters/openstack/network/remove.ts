/** Takes a network away, with the router that its create made; Neutron takes its subnets and its DHCP ports with it. */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { allEnded } from '../api/all-ended.ts';
import { path } from '../api/path.ts';
import { isStale } from '../api/revisions.ts';
import type { Cloud } from '../cloud.ts';
import { areGoing, stillUsed } from '../machine/going-servers.ts';
import { deleteFree, notAwaited } from '../machine/left-ports.ts';
import { type Port, portsAnswer } from '../native/port.ts';
import { isLeftOver, isOfCreate } from './ports.ts';
import { deleteRouter, orGone, routersOf } from './routers.ts';

/** Owners of the ports by which routers are in a network (neutron-lib `ROUTER_INTERFACE_OWNERS_SNAT`). */
const ROUTER_PORT =
  /^network:(router_interface|ha_router_replicated_interface|router_interface_distributed|router_centralized_snat)$/;
/** Ports of services of the network itself, such as `network:dhcp`, go with it. */
const SERVICE_PORT = /^network:/;

const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;

/** Throws `conflict` that says by how many computes and others a network is used, or that the computes are being deleted. */
async function requireUnused(cloud: Cloud, ports: readonly Port[], ownRouters: readonly NativeId[]): Promise<void> {
  const { projectId } = await cloud.session();
  const ofMachines = ports.filter(({ device_owner: owner }) => owner.startsWith('compute:'));
  const machines = ofMachines.length;
  const others = ports.filter(
    ({ device_owner: owner, device_id: device }) =>
      !owner.startsWith('compute:') &&
      (ROUTER_PORT.test(owner) ? !ownRouters.includes(device) : !SERVICE_PORT.test(owner)),
  ).length;
  if (machines + others === 0) return;
  if (ports.filter((port) => isOfCreate(port, projectId)).length === machines + others) {
    const users = count(others, 'port');
    throw new OcciError(
      'conflict',
      `The network is in use by ${users} of a create that may still be under way: try again in a minute.`,
      { headers: { 'Retry-After': '60' } },
    );
  }
  const isOurs = others === 0 && ofMachines.every(({ project_id: owner }) => owner === projectId);
  const servers = ofMachines.map(({ device_id: device }) => device);
  if (isOurs && (await areGoing(cloud, servers))) throw stillUsed('network');
  const users = [
    ...(machines > 0 ? [count(machines, 'networkinterface')] : []),
    ...(others > 0 ? [`${count(others, machines > 0 ? 'other port' : 'port')}`] : []),
  ];
  throw new OcciError('conflict', `The network is in use by ${users.join(' and ')}.`);
}

/** Deletes ports that were left behind: 1 call each. Throws `conflict` if a server has got one of them meanwhile. */
async function deleteLeft(cloud: Cloud, left: readonly Port[]): Promise<void> {
  await allEnded(left.map((port) => deleteFree(cloud, port))).catch((cause) => {
    if (!isStale(cause)) throw cause;
    throw new OcciError('conflict', 'Another request has changed a port of the network: try again.', { cause });
  });
}

/**
 * Deletes a network of the caller: 3 calls, 3 more with a router, and 1 more for ports that were left behind and 1 for each.
 * Ports of other projects, which a shared network may have, are users. Throws `conflict` with the number of its users before
 * anything but ports left behind is taken away; repeated after a death in between, it goes on.
 */
export async function deleteNetwork(cloud: Cloud, id: NativeId): Promise<void> {
  const { client } = cloud;
  const { projectId } = await cloud.session();
  const [answer, routers] = await Promise.all([
    client.call('network', 'GET', path`ports`, portsAnswer, { query: { network_id: id } }),
    routersOf(cloud, id),
  ]);
  const { ports } = answer.value;
  const asOf = Date.parse(answer.headers.date ?? '');
  const left = await notAwaited(
    cloud,
    ports.filter((port) => isLeftOver(port, asOf, projectId)),
  );
  await requireUnused(
    cloud,
    ports.filter((port) => !left.includes(port)),
    routers.map((router) => router.id),
  );
  await deleteLeft(cloud, left);
  for (const router of routers) {
    const joints = ports.filter(
      ({ device_id: device, device_owner: owner }) => device === router.id && ROUTER_PORT.test(owner),
    );
    await deleteRouter(
      cloud,
      router.id,
      joints.map((port) => port.id),
    );
  }
  await client.call('network', 'DELETE', path`networks/${id}`, z.undefined()).catch(orGone);
}
