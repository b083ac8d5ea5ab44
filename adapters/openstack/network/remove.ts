/** Takes a network away, with the router that its create made; Neutron takes its subnets and its DHCP ports with it. */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { isFree, notAwaited } from '../machine/left-ports.ts';
import { isMark } from '../mark.ts';
import { type Port, portsAnswer } from '../native/port.ts';
import { deletePort, isLeftOver } from './ports.ts';
import { deleteRouter, orGone, routersOf } from './routers.ts';

/** Owners of the ports by which routers are in a network (neutron-lib `ROUTER_INTERFACE_OWNERS_SNAT`). */
const ROUTER_PORT =
  /^network:(router_interface|ha_router_replicated_interface|router_interface_distributed|router_centralized_snat)$/;
/** Ports of services of the network itself, such as `network:dhcp`, go with it. */
const SERVICE_PORT = /^network:/;

/** True for a port that a create of ours made, and that no server has. */
const isOfCreate = (port: Port): boolean => isFree(port) && isMark(port.description);

const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;

/** Throws `conflict` that says by how many computes and others a network is used. */
function requireUnused(ports: readonly Port[], ownRouters: readonly NativeId[]): void {
  const machines = ports.filter(({ device_owner: owner }) => owner.startsWith('compute:')).length;
  const others = ports.filter(
    ({ device_owner: owner, device_id: device }) =>
      !owner.startsWith('compute:') &&
      (ROUTER_PORT.test(owner) ? !ownRouters.includes(device) : !SERVICE_PORT.test(owner)),
  ).length;
  if (machines + others === 0) return;
  if (ports.filter(isOfCreate).length === machines + others) {
    const users = count(others, 'port');
    throw new OcciError(
      'conflict',
      `The network is in use by ${users} of a create that may still be under way: try again in a minute.`,
      { headers: { 'Retry-After': '60' } },
    );
  }
  const users = [
    ...(machines > 0 ? [count(machines, 'networkinterface')] : []),
    ...(others > 0 ? [`${count(others, machines > 0 ? 'other port' : 'port')}`] : []),
  ];
  throw new OcciError('conflict', `The network is in use by ${users.join(' and ')}.`);
}

/**
 * Deletes a network of the caller: 3 calls, 3 more with a router, and 1 more for ports that were left behind and 1 for each. Throws `conflict` with the number of its users
 * before anything is taken away; repeated after a death in between, it goes on.
 */
export async function deleteNetwork(cloud: Cloud, id: NativeId): Promise<void> {
  const { client } = cloud;
  const [answer, routers] = await Promise.all([
    client.call('network', 'GET', path`ports`, portsAnswer, { query: { network_id: id } }),
    routersOf(cloud, id),
  ]);
  const { ports } = answer.value;
  const asOf = Date.parse(answer.headers.date ?? '');
  const left = await notAwaited(
    cloud,
    ports.filter((port) => isLeftOver(port, asOf)),
  );
  requireUnused(
    ports.filter((port) => !left.includes(port)),
    routers.map((router) => router.id),
  );
  await Promise.all(left.map((port) => deletePort(cloud, port.id)));
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
