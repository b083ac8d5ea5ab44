/** Floating addresses of ports that outlive their server: they must not appear in use after the server is gone. */
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { path } from '../api/path.ts';
import { ifUnchanged } from '../api/revisions.ts';
import type { Cloud } from '../cloud.ts';
import { isOfLink } from '../mark.ts';
import { type FloatingIp, floatingIpAnswer, floatingIpsAnswer } from '../native/port.ts';

/**
 * Takes addresses from the ports that they were read on: 1 call each. Never throws: an address that another request has
 * given to another port stays there, and what fails is free when the port is swept.
 */
async function freeAddresses({ client }: Cloud, addresses: readonly FloatingIp[], end: number): Promise<void> {
  const body = { floatingip: { port_id: null } };
  await Promise.allSettled(
    addresses.map((address) =>
      client.call('network', 'PUT', path`floatingips/${address.id}`, floatingIpAnswer, {
        body,
        repeatable: true,
        end,
        ...ifUnchanged(address),
      }),
    ),
  );
}

/**
 * Takes the addresses of a server from ports of ours: 1 call, and 1 for each. Neutron is asked even where Nova shows none, for
 * Nova learns late of an address. All have ended at `end`, in milliseconds since the epoch. Never throws.
 * @returns those that links have reserved, to be given back once the delete of the server is accepted
 */
export async function freeAddressesOf(
  cloud: Cloud,
  ports: { readonly all: readonly NativeId[]; readonly ours: readonly NativeId[] },
  end: number,
): Promise<readonly FloatingIp[]> {
  if (ports.all.length === 0) return [];
  const { floatingips } = await cloud.client
    .read('network', path`floatingips`, floatingIpsAnswer, { query: { port_id: ports.all }, end })
    .catch(() => ({ floatingips: [] }));
  // Neutron takes the others from their ports, which Nova deletes.
  await freeAddresses(
    cloud,
    floatingips.filter(({ port_id: port }) => ports.ours.includes(port!)),
    end,
  );
  return floatingips.filter(isOfLink);
}
