/** Which addresses a port gets. */
import { type Address, addressOf, contains, isUsable, slaac, written } from './address.ts';
import { invalidInput, noAddress, notFound, refused } from './refusals.ts';
import type { FixedIp, Network, Subnet } from './rows.ts';
import type { State } from './state.ts';

export interface WantedIp {
  readonly subnet_id?: string;
  readonly ip_address?: string;
}

const isSlaac = ({ addressMode }: Subnet): boolean => addressMode === 'slaac' || addressMode === 'dhcpv6-stateless';

/** The next free address of the pools, searched from where the last one was found. */
function freeIn(subnet: Subnet): Address | undefined {
  const { pools, taken, cidr } = subnet;
  const search = (from: bigint): bigint | undefined => {
    for (const { start, end } of pools)
      for (let value = start > from ? start : from; value <= end; value += 1n) if (!taken.has(value)) return value;
    return undefined;
  };
  const value = search(subnet.cursor) ?? search(0n);
  if (value === undefined) return undefined;
  subnet.cursor = value + 1n;
  return { version: cidr.version, value };
}

export function take(subnet: Subnet, address: Address): FixedIp {
  subnet.taken.add(address.value);
  return { subnet, address: written(address), value: address.value };
}

export const free = ({ subnet, value }: FixedIp): void => void subnet.taken.delete(value);

/** The subnet that a wish names, directly or by its address. */
function subnetFor(state: State, network: Network, { subnet_id, ip_address }: WantedIp): Subnet {
  if (subnet_id !== undefined) {
    const subnet = state.subnets.get(subnet_id);
    if (!subnet) throw notFound('SubnetNotFound', `Subnet ${subnet_id} could not be found.`);
    if (subnet.network === network) return subnet;
    throw invalidInput(
      `Failed to create port on network ${network.id}, because fixed_ips included invalid subnet ${subnet_id}.`,
    );
  }
  const address = addressOf(ip_address ?? '');
  const found = [...network.subnets].find(({ cidr }) => address && isUsable(cidr, address));
  if (found) return found;
  const sentence = `IP address ${ip_address} is not a valid IP for any of the subnets on the specified network.`;
  throw refused(400, 'InvalidIpForNetwork', sentence);
}

function wished(state: State, network: Network, wish: WantedIp): FixedIp {
  const subnet = subnetFor(state, network, wish);
  if (wish.ip_address === undefined) {
    const address = freeIn(subnet);
    if (!address) throw noAddress(network.id);
    return take(subnet, address);
  }
  const address = addressOf(wish.ip_address)!;
  if (!contains(subnet.cidr, address) || !isUsable(subnet.cidr, address))
    throw refused(
      400,
      'InvalidIpForSubnet',
      `IP address ${wish.ip_address} is not a valid IP for the specified subnet.`,
    );
  if (subnet.taken.has(address.value)) {
    const sentence = `IP address ${wish.ip_address} already allocated in subnet ${subnet.id}`;
    throw refused(409, 'IpAddressAlreadyAllocated', sentence);
  }
  return take(subnet, address);
}

/** One address of each version, from the first subnet that has one left; Neutron's own choice follows from ids. */
function chosen(network: Network): FixedIp[] {
  const subnets = [...network.subnets].filter((subnet) => !isSlaac(subnet));
  return ([4, 6] as const).flatMap((version) => {
    const some = subnets.filter(({ cidr }) => cidr.version === version);
    if (some.length === 0) return [];
    for (const subnet of some) {
      const address = freeIn(subnet);
      if (address) return [take(subnet, address)];
    }
    throw noAddress(network.id);
  });
}

/**
 * Takes addresses for a port: those that are wished for, or one of each version; SLAAC subnets always add theirs.
 * Takes nothing when it throws.
 *
 * @param wishes undefined where a request says nothing of addresses
 */
export function allocate(
  state: State,
  network: Network,
  { mac, wishes }: { readonly mac: string; readonly wishes: readonly WantedIp[] | undefined },
): FixedIp[] {
  const taken: FixedIp[] = [];
  try {
    if (wishes) for (const wish of wishes) taken.push(wished(state, network, wish));
    else taken.push(...chosen(network));
    if (wishes?.length === 0) return taken;
    for (const subnet of [...network.subnets].filter(isSlaac)) {
      if (!taken.some((one) => one.subnet === subnet)) taken.push(take(subnet, slaac(subnet.cidr, mac)));
    }
    return taken;
  } catch (cause) {
    for (const one of taken) free(one);
    throw cause;
  }
}
