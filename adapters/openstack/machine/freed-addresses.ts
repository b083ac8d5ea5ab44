/** Reserved addresses of ports that outlive their server: they must not appear in use after the server is gone. */
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { path } from '../api/path.ts';
import { ifUnchanged } from '../api/revisions.ts';
import type { Cloud } from '../cloud.ts';
import { type FloatingIp, floatingIpAnswer, floatingIpsAnswer } from '../native/port.ts';
import type { Server } from '../native/server.ts';
import { hasFloating } from './machine.ts';

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
 * Takes the addresses of a server from ports of ours: no call where Nova shows none, else 1 and 1 for each. All have ended at
 * `end`, in milliseconds since the epoch. Never throws.
 */
export async function freeAddressesOf(
  cloud: Cloud,
  server: Server,
  ports: readonly NativeId[],
  end: number,
): Promise<void> {
  if (ports.length === 0 || !hasFloating(server)) return;
  const answer = await cloud.client
    .read('network', path`floatingips`, floatingIpsAnswer, { query: { port_id: ports }, end })
    .catch(() => ({ floatingips: [] }));
  await freeAddresses(cloud, answer.floatingips, end);
}
