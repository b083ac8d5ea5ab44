/** Links of a server that is being made: what Nova does not tell yet. */
import type { LinkDraft } from '../../../lib/adapter/contract.ts';
import type { Attributes } from '../../../lib/occi/types.ts';
import { allEnded } from '../api/all-ended.ts';
import { translateErrors } from '../api/errors.ts';
import type { Cloud } from '../cloud.ts';
import { portsMetadata } from '../machine/labels.ts';
import type { FloatingIp, Port } from '../native/port.ts';
import { inUse, isUsed } from '../network/floating-addresses.ts';
import { candidates, giveReserved, readTarget } from '../network/give-address.ts';

/** A reserved address that nothing uses yet, and what its link asks for. */
export interface UnusedAddress {
  readonly address: FloatingIp;
  readonly attributes: Attributes;
}

/**
 * Reads the addresses of a draft: 1 call each. Throws `conflict` for one that is in use, by other ports than those that an
 * earlier attempt of this create has left.
 */
export const unusedAddresses = (
  cloud: Cloud,
  links: readonly LinkDraft[],
  earlier: readonly Port[],
): Promise<UnusedAddress[]> =>
  allEnded(
    links.map(async ({ target, attributes }) => {
      const address = await readTarget(cloud, target.id, attributes);
      if (isUsed(address) && !earlier.some(({ id }) => id === address.port_id)) throw inUse();
      return { address, attributes };
    }),
  );

/**
 * Gives the addresses to the ports of the new server, one after the other: 1 call each, and 1 more for each port that no
 * router joins to the pool. They are free again when their ports are deleted.
 */
export async function associate(
  cloud: Cloud,
  ports: readonly Port[],
  addresses: readonly UnusedAddress[],
): Promise<FloatingIp[]> {
  const machine = { server: { metadata: portsMetadata(ports.map(({ id }) => id)) }, ports };
  const given: FloatingIp[] = [];
  for (const { address, attributes } of addresses) {
    const isHere = ports.some(({ id }) => id === address.port_id);
    const places = isHere ? [] : candidates(machine, attributes);
    given.push(
      isHere ? address : await translateErrors('networkinterface', () => giveReserved(cloud, address, places)),
    );
  }
  return given;
}
