/** What a subnet may be: gateway, pools and modes of IPv6. */
import { addressOf, type Cidr, contains, first, last, written, writtenCidr } from './address.ts';
import type { Values } from './kind.ts';
import { invalidInput, refused } from './refusals.ts';
import type { Pool } from './rows.ts';
import { shown } from './values.ts';

const MULTICAST = { version: 4, prefix: 4, value: 224n << 24n } as const;

/** Refuses a range in which DHCP has nothing to give. */
export function checkDhcp(range: Cidr): void {
  if (contains(MULTICAST, range)) throw invalidInput('Multicast IP subnet is not supported if enable_dhcp is True.');
  if (range.prefix > (range.version === 4 ? 30 : 127))
    throw invalidInput('Subnet has a prefix length that is incompatible with DHCP service enabled.');
}

export function checkModes(range: Cidr, { ipv6_address_mode, ipv6_ra_mode }: Values): void {
  const named = ipv6_address_mode ? 'ipv6_address_mode' : ipv6_ra_mode ? 'ipv6_ra_mode' : undefined;
  if (named === undefined) return;
  if (range.version === 4) throw invalidInput(`${named} is not valid when ip_version is 4.`);
  if (ipv6_address_mode && ipv6_ra_mode && ipv6_address_mode !== ipv6_ra_mode)
    throw invalidInput(
      `ipv6_ra_mode set to '${ipv6_ra_mode}' with ipv6_address_mode set to '${ipv6_address_mode}' is not valid. If both attributes are set, they must be the same value.`,
    );
  if ((ipv6_address_mode ?? ipv6_ra_mode) !== 'dhcpv6-stateful' && range.prefix !== 64)
    throw invalidInput(
      `Invalid CIDR ${writtenCidr(range)} for IPv6 address mode. OpenStack uses the EUI-64 address format, which requires the prefix to be /64.`,
    );
}

/** The gateway that a request names, which need not lie in the range; by default the first address. */
export function gatewayIn(range: Cidr, { gateway_ip }: Values): string | null {
  if (gateway_ip === null) return null;
  if (gateway_ip === undefined)
    return written({ version: range.version, value: first(range) + (range.version === 4 ? 1n : 0n) });
  if (addressOf(gateway_ip as string)!.version !== range.version)
    throw invalidInput(`gateway_ip '${gateway_ip}' does not match the ip_version '${range.version}'.`);
  return gateway_ip as string;
}

/** The whole range without its first address, its broadcast and its gateway. */
export function poolsAround(range: Cidr, gateway: string | null): Pool[] {
  const [start, end] = [first(range) + 1n, last(range) - (range.version === 4 && range.prefix < 31 ? 1n : 0n)];
  const middle = gateway === null ? undefined : addressOf(gateway)!.value;
  if (middle === undefined || middle < start || middle > end) return [{ start, end }];
  const parts = [
    { start, end: middle - 1n },
    { start: middle + 1n, end },
  ];
  return parts.filter((pool) => pool.start <= pool.end);
}

/** The pools that a request names. */
export function poolsIn(range: Cidr, { allocation_pools }: Values): Pool[] | undefined {
  if (allocation_pools === undefined) return undefined;
  return (allocation_pools as { start: string; end: string }[]).map((pool) => {
    const [start, end] = [addressOf(pool.start), addressOf(pool.end)];
    if (!start || !end || start.value > end.value)
      throw refused(400, 'InvalidAllocationPool', `The allocation pool ${shown(pool)} is not valid.`);
    if (!contains(range, start) || !contains(range, end)) {
      const sentence = `The allocation pool ${pool.start}-${pool.end} spans beyond the subnet cidr ${writtenCidr(range)}.`;
      throw refused(400, 'OutOfBoundsAllocationPool', sentence);
    }
    return { start: start.value, end: end.value };
  });
}

export function holdGatewayOutside({ version }: Cidr, pools: readonly Pool[], gateway: string | null): void {
  if (gateway === null) return;
  const { value } = addressOf(gateway)!;
  const hit = pools.find(({ start, end }) => start <= value && value <= end);
  if (!hit) return;
  const range = `${written({ version, value: hit.start })}-${written({ version, value: hit.end })}`;
  const sentence = `Gateway ip ${gateway} conflicts with allocation pool ${range}.`;
  throw refused(409, 'GatewayConflictWithAllocationPools', sentence);
}
