/** Reserved addresses of ports that outlive their server: they must not appear in use after the server is gone. */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { path } from '../api/path.ts';
import { ifUnchanged } from '../api/revisions.ts';
import type { Cloud } from '../cloud.ts';
import { isOfLink } from '../mark.ts';
import { type FloatingIp, floatingIpAnswer, floatingIpsAnswer } from '../native/port.ts';
import type { Server } from '../native/server.ts';
import { hasFloating } from './machine.ts';

/**
 * Takes addresses from the ports that they were read on, and gives back those that links have reserved: 1 call each. Never throws: an address that another request has
 * given to another port stays there, and what fails is free when the port is swept.
 */
async function freeAddresses({ client }: Cloud, addresses: readonly FloatingIp[], end: number): Promise<void> {
  const body = { floatingip: { port_id: null } };
  await Promise.allSettled(
    addresses.map((address) => {
      const options = { repeatable: true, end, ...ifUnchanged(address) };
      return isOfLink(address)
        ? client.call('network', 'DELETE', path`floatingips/${address.id}`, z.undefined(), options)
        : client.call('network', 'PUT', path`floatingips/${address.id}`, floatingIpAnswer, { body, ...options });
    }),
  );
}

/**
 * Takes the addresses of a server from ports of ours, and gives back what links have reserved: no call where Nova shows none,
 * else 1 and 1 for each. All have ended at
 * `end`, in milliseconds since the epoch. Never throws.
 */
export async function freeAddressesOf(
  cloud: Cloud,
  server: Server,
  ports: { readonly all: readonly NativeId[]; readonly ours: readonly NativeId[] },
  end: number,
): Promise<void> {
  if (ports.all.length === 0 || !hasFloating(server)) return;
  const answer = await cloud.client
    .read('network', path`floatingips`, floatingIpsAnswer, { query: { port_id: ports.all }, end })
    .catch(() => ({ floatingips: [] }));
  // Neutron takes the others from their ports, which Nova deletes.
  const kept = answer.floatingips.filter((one) => isOfLink(one) || ports.ours.includes(one.port_id!));
  await freeAddresses(cloud, kept, end);
}
