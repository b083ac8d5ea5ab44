/** Reserved addresses of ports that outlive their server: they must not look used by what is gone. */
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { floatingIpAnswer, floatingIpsAnswer } from '../native/port.ts';
import type { Server } from '../native/server.ts';
import { hasFloating } from './machine.ts';

/** Takes addresses from their ports: 1 call each. Never throws: what fails is free when the port is swept. */
export async function freeAddresses({ client }: Cloud, addresses: readonly { readonly id: NativeId }[]): Promise<void> {
  const body = { floatingip: { port_id: null } };
  await Promise.allSettled(
    addresses.map(({ id }) =>
      client.call('network', 'PUT', path`floatingips/${id}`, floatingIpAnswer, { body, repeatable: true }),
    ),
  );
}

/** Takes the addresses of a server from ports of ours: no call where Nova shows none, else 1 and 1 for each. Never throws. */
export async function freeAddressesOf(cloud: Cloud, server: Server, ports: readonly NativeId[]): Promise<void> {
  if (ports.length === 0 || !hasFloating(server)) return;
  const answer = await cloud.client
    .read('network', path`floatingips`, floatingIpsAnswer, { query: { port_id: ports } })
    .catch(() => ({ floatingips: [] }));
  await freeAddresses(cloud, answer.floatingips);
}
