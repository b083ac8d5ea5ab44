/** Gives a reserved address to an interface of a machine, and takes it away. */

import { addressOf } from '../../../lib/adapter/addresses.ts';
import type { Native, NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { toOcciError, translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import { Refusal } from '../api/refusal.ts';
import { type Cloud, linkId } from '../cloud.ts';
import type { Machine } from '../machine/machine.ts';
import { type FloatingIp, floatingIpAnswer, type Port } from '../native/port.ts';
import { ifUnchanged, inUse, isStale, isUsed, readAddress } from './floating-addresses.ts';
import { type LinkOrder, noSuchEnd, readSource } from './interface-attach.ts';
import { ADDRESS, INTERFACE, namesOf, portsInOrder, toNetworkinterfaces } from './interface-links.ts';

const write = async ({ client }: Cloud, address: FloatingIp, floatingip: object): Promise<FloatingIp> => {
  const { value } = await client.call('network', 'PUT', path`floatingips/${address.id}`, floatingIpAnswer, {
    body: { floatingip },
    ...ifUnchanged(address),
  });
  return value.floatingip;
};

/** Neutron has no router between the pool and the subnet of the port: another interface may have one. */
const isOutOfReach = (error: unknown): boolean =>
  error instanceof Refusal && error.type === 'ExternalGatewayForFloatingIPNotFound';

/** Interfaces that may get the address: the one that is named, or all. Throws `invalid`. */
function candidates(machine: Machine, { attributes }: LinkOrder): readonly Port[] {
  const ports = portsInOrder(machine);
  const wanted = attributes[INTERFACE];
  const names = namesOf(machine);
  const found = wanted === undefined ? ports : ports.filter(({ id }) => names.get(id) === wanted);
  if (found.length > 0) return found;
  throw new OcciError(
    'invalid',
    wanted === undefined
      ? 'The compute has no interface that could get a reserved address: link it to a network first.'
      : `The compute has no interface ${wanted}.`,
  );
}

/**
 * Gives the address to the first interface that a router joins to its pool: 1 call for each that is tried. A port with
 * several IPv4 addresses gets it for the one that is named, of which Neutron looks at the first only.
 */
async function associate(cloud: Cloud, address: FloatingIp, ports: readonly Port[]): Promise<FloatingIp> {
  let refused: unknown = noSuchEnd('network');
  const places = ports.flatMap(({ id, fixed_ips: addresses }) =>
    addresses
      .filter(({ ip_address: one }) => !one.includes(':'))
      .map(({ ip_address: one }) => ({ port_id: id, fixed_ip_address: one })),
  );
  for (const place of places) {
    try {
      return await write(cloud, address, place);
    } catch (error) {
      if (isStale(error)) throw inUse(error);
      if (!isOutOfReach(error)) throw error;
      refused = error;
    }
  }
  if (places.length > 0) throw refused;
  throw new OcciError('conflict', 'The compute has no IPv4 address that a reserved address could lead to.');
}

/** A missing end is a fault of the request. */
const asEnd = <T>(found: Promise<T>): Promise<T> =>
  found.catch((error) => {
    throw isFailure(error, 'notFound') ? noSuchEnd('ipreservation', error) : error;
  });

/**
 * Links a machine to a reserved address: 4 calls, the first three at the same time; 1 more for each interface that no
 * router joins to the pool. A machine that has the address already gets the same link.
 */
export async function attachToAddress(cloud: Cloud, order: LinkOrder): Promise<Native<'networkinterface'>> {
  const [machine, address] = await Promise.all([
    readSource(cloud, order.source),
    asEnd(readAddress(cloud, order.target.id)),
  ]);
  const wanted = order.attributes[ADDRESS] as string | undefined;
  if (wanted !== undefined && addressOf(wanted)?.first !== addressOf(address.floating_ip_address)?.first) {
    throw new OcciError('invalid', `The address ${wanted} is not the one of the ipreservation.`);
  }
  const isHere = machine.ports.some(({ id }) => id === address.port_id);
  if (!isHere && isUsed(address)) throw inUse();
  const ports = isHere ? [] : candidates(machine, order);
  const now = isHere ? address : await translateErrors('networkinterface', () => associate(cloud, address, ports));
  const id = linkId(machine.server.id, now.port_id!, now.id);
  return toNetworkinterfaces({ ...machine, floatingIps: [now] }).find((one) => one.id === id)!;
}

/** Takes an address from a port, unless the port has lost it already: 2 calls. */
export async function takeAddress(cloud: Cloud, id: NativeId, port: NativeId): Promise<void> {
  const address = await readAddress(cloud, id);
  if (address.port_id !== port) return;
  try {
    await write(cloud, address, { port_id: null });
  } catch (error) {
    throw isStale(error)
      ? new OcciError('conflict', 'The ipreservation was changed by another request at the same time: try again.', {
          cause: error,
        })
      : toOcciError(error, 'networkinterface');
  }
}
