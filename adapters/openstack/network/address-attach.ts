/** Links a machine that is there to a reserved address. */
import type { Native } from '../../../lib/adapter/contract.ts';
import { translateErrors } from '../api/errors.ts';
import { type Cloud, linkId } from '../cloud.ts';
import { isOfLink } from '../mark.ts';
import { inUse, isUsed, requireNoPool } from './floating-addresses.ts';
import { candidates, giveReserved, readTarget } from './give-address.ts';
import { type LinkOrder, readSource } from './interface-attach.ts';
import { toNetworkinterfaces } from './interface-links.ts';

/**
 * Links a machine to a reserved address: 4 calls, the first three at the same time; 1 more for each interface that no
 * router joins to the pool. A machine that has the address already gets the same link.
 */
export async function attachToAddress(cloud: Cloud, order: LinkOrder): Promise<Native<'networkinterface'>> {
  const { source, target, attributes, mixins } = order;
  requireNoPool(mixins);
  const [machine, address] = await Promise.all([readSource(cloud, source), readTarget(cloud, target.id, attributes)]);
  const isHere = machine.ports.some(({ id }) => id === address.port_id);
  if (isUsed(address) && (!isHere || isOfLink(address))) throw inUse();
  const ports = isHere ? [] : candidates(machine, attributes);
  const now = isHere ? address : await translateErrors('networkinterface', () => giveReserved(cloud, address, ports));
  const id = linkId(machine.server.id, now.port_id!, now.id);
  return toNetworkinterfaces({ ...machine, floatingIps: [now] }).find((one) => one.id === id)!;
}
