/** Gives a reserved address to a port that has none, and takes it away: never from a port that somebody else has. */
import { addressOf } from '../../../lib/adapter/addresses.ts';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import type { Attributes } from '../../../lib/occi/types.ts';
import { toOcciError } from '../api/errors.ts';
import { path } from '../api/path.ts';
import { Refusal } from '../api/refusal.ts';
import { ifUnchanged, isStale } from '../api/revisions.ts';
import type { Cloud } from '../cloud.ts';
import { isOfLink } from '../mark.ts';
import { type FloatingIp, floatingIpAnswer, type Port } from '../native/port.ts';
import { deleteAddress, inUse, readAddress } from './floating-addresses.ts';
import { noSuchEnd } from './interface-attach.ts';
import { ADDRESS, INTERFACE, type Interfaces, MAC, namesOf, portsInOrder } from './interface-links.ts';

const write = async ({ client }: Cloud, address: FloatingIp, floatingip: object): Promise<FloatingIp> => {
  const { value } = await client.call('network', 'PUT', path`floatingips/${address.id}`, floatingIpAnswer, {
    body: { floatingip },
    ...ifUnchanged(address),
  });
  return value.floatingip;
};

/** No router leads from the pool to the subnet of the port, or the port has another address of the pool. */
const ELSEWHERE: readonly string[] = ['ExternalGatewayForFloatingIPNotFound', 'FloatingIPPortAlreadyAssociated'];
const mayFitElsewhere = (error: unknown): boolean => error instanceof Refusal && ELSEWHERE.includes(error.type);

/** The address that a link names: 1 call. Throws `invalid` if it is not there, or is not the one that the link asks for. */
export async function readTarget(cloud: Cloud, id: NativeId, attributes: Attributes): Promise<FloatingIp> {
  const address = await readAddress(cloud, id).catch((error) => {
    throw isFailure(error, 'notFound') ? noSuchEnd('ipreservation', error) : error;
  });
  const wanted = attributes[ADDRESS] as string | undefined;
  if (wanted === undefined || addressOf(wanted)?.first === addressOf(address.floating_ip_address)?.first)
    return address;
  throw new OcciError('invalid', `The address ${wanted} is not that of the ipreservation.`);
}

/** Interfaces that may get the address: the one that is named, by its name or its MAC address, or all. Throws `invalid`. */
export function candidates(machine: Interfaces, attributes: Attributes): readonly Port[] {
  const ports = portsInOrder(machine);
  const [name, mac] = [attributes[INTERFACE], attributes[MAC]];
  const names = namesOf(machine);
  const found = ports.filter(
    ({ id, mac_address: own }) =>
      (name === undefined || names.get(id) === name) && (mac === undefined || own === String(mac).toLowerCase()),
  );
  if (found.length > 0) return found;
  if (name === undefined && mac === undefined) {
    throw new OcciError(
      'invalid',
      'The compute has no interface that could get a reserved address: link it to a network first.',
    );
  }
  const called = name === undefined ? '' : ` ${name}`;
  const withMac = mac === undefined ? '' : ` with the MAC address ${mac}`;
  throw new OcciError('invalid', `The compute has no interface${called}${withMac}.`);
}

/**
 * Gives the address to the first interface that a router joins to its pool: 1 call for each that is tried. A port with
 * several IPv4 addresses gets it for the one that is named, of which Neutron looks at the first only. Throws `conflict` if
 * another request has changed the address since it was read: Neutron itself would move it without a word.
 *
 * @param also what else is written of the address
 */
export async function giveAddress(
  cloud: Cloud,
  address: FloatingIp,
  ports: readonly Port[],
  also: { readonly description?: string } = {},
): Promise<FloatingIp> {
  let refused: unknown = noSuchEnd('network');
  const places = ports.flatMap(({ id, fixed_ips: addresses }) =>
    addresses
      .filter(({ ip_address: one }) => !one.includes(':'))
      .map(({ ip_address: one }) => ({ port_id: id, fixed_ip_address: one })),
  );
  for (const place of places) {
    try {
      const given = await write(cloud, address, { ...place, ...also });
      for (const { device_id: server } of ports) cloud.listings.addressed.set(server, true);
      return given;
    } catch (error) {
      if (isStale(error)) throw inUse(error);
      if (!mayFitElsewhere(error)) throw error;
      refused = error;
    }
  }
  if (places.length > 0) throw refused;
  throw new OcciError('conflict', 'The compute has no IPv4 address that a reserved address could lead to.');
}

/** Gives a reservation: one that a link once made, and left behind, is from now on like any other. */
export const giveReserved = (cloud: Cloud, address: FloatingIp, ports: readonly Port[]): Promise<FloatingIp> =>
  giveAddress(cloud, address, ports, isOfLink(address) ? { description: '' } : {});

/** How often a change of an address is tried that others change at the same time. */
const MOST_ATTEMPTS = 4;

/** Nothing for an address that another request has deleted. Throws every other failure. */
const gone = (error: unknown): undefined => {
  if (!isFailure(error, 'notFound')) throw error;
};

/**
 * Takes an address from a port, unless the port has lost it already: 2 calls, and the same again for each change of
 * another request in between. The removal of the port itself is such a change: Neutron sets the address free with it.
 * Returns how it is given back, unless another request has it by then.
 */
export async function takeAddress(cloud: Cloud, id: NativeId, port: NativeId): Promise<() => Promise<void>> {
  for (let attempt = 1; ; attempt++) {
    const address = await readAddress(cloud, id).catch(gone);
    if (address?.port_id !== port) return async () => {};
    try {
      const free = await write(cloud, address, { port_id: null });
      const before = { port_id: port, fixed_ip_address: address.fixed_ip_address };
      return async () => {
        await write(cloud, free, before);
      };
    } catch (error) {
      if (isFailure(toOcciError(error, 'ipreservation'), 'notFound')) return async () => {};
      if (!isStale(error) || attempt >= MOST_ATTEMPTS) throw toOcciError(error, 'ipreservation');
    }
  }
}

/**
 * Gives back the address that a link has reserved, from its port too: 2 calls, and the same again for each change of another
 * request in between. Nothing happens to one that another port or a reservation has by then.
 */
export async function releaseAddress(cloud: Cloud, id: NativeId, port: NativeId | undefined): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const address = await readAddress(cloud, id).catch(gone);
    if (!address || !isOfLink(address) || (address.port_id && address.port_id !== port)) return;
    try {
      return await deleteAddress(cloud, address);
    } catch (error) {
      if (isFailure(toOcciError(error, 'ipreservation'), 'notFound')) return;
      if (!isStale(error) || attempt >= MOST_ATTEMPTS) throw toOcciError(error, 'ipreservation');
    }
  }
}
