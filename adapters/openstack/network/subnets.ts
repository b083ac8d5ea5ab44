/** Subnets: as the mixin ipnetwork shows those of a network, and as a new network asks for one. */
import { createHash } from 'node:crypto';
import {
  addressOf,
  addressText,
  coveringCidr,
  has,
  hostsOf,
  type Span,
  sizeOf,
  spanOf,
} from '../../../lib/adapter/addresses.ts';
import type { Draft } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { type Attributes, typeId } from '../../../lib/occi/types.ts';
import type { Subnet } from '../native/network.ts';

export const IP_NETWORK = typeId(MIXINS.ipnetwork);
export const ADDRESS = 'occi.network.address';
export const GATEWAY = 'occi.network.gateway';
export const ALLOCATION = 'occi.network.allocation';

/** Subnets in the order in which they are preferred: IPv4 first, the oldest first. */
export const inOrder = (subnets: readonly Subnet[]): readonly Subnet[] =>
  subnets.toSorted(
    (one, other) =>
      one.ip_version - other.ip_version ||
      one.created_at.localeCompare(other.created_at) ||
      one.id.localeCompare(other.id),
  );

/** An address in the one spelling that equal addresses have. */
export const spelled = (address: string): string => {
  const { first, bits } = addressOf(address) ?? {};
  return first === undefined || bits === undefined ? address : addressText(first, bits);
};

/** What the mixin ipnetwork shows of a network; nothing for one without addresses. */
export function ipAttributes(subnets: readonly Subnet[]): Attributes | undefined {
  const [subnet] = inOrder(subnets);
  const span = spanOf(subnet?.cidr);
  if (!subnet || !span) return undefined;
  const { gateway_ip: gateway, enable_dhcp: isDynamic } = subnet;
  return {
    [ADDRESS]: coveringCidr(span),
    ...(gateway && { [GATEWAY]: spelled(gateway) }),
    [ALLOCATION]: isDynamic ? 'dynamic' : 'static',
  };
}

/** A new subnet, without its network. */
export interface SubnetRequest {
  readonly ip_version: 4 | 6;
  readonly cidr: string;
  readonly gateway_ip?: string;
  readonly enable_dhcp: boolean;
  readonly ipv6_address_mode?: string;
  readonly ipv6_ra_mode?: string;
}

/**
 * The range of a network that asks for none: 256 addresses of 10.0.0.0/8, chosen by the token so that a repeated create
 * makes the same one. Networks without a range of addresses are of no use here: Nova attaches no server to them.
 */
function rangeFor(token: string): string {
  const [second, third] = createHash('sha256').update(token).digest();
  return `10.${second}.${third}.0/24`;
}

/** Multicast and loopback: Neutron gives out no addresses of them. */
const NEVER_GIVEN_OUT = ['224.0.0.0/4', '127.0.0.0/8', 'ff00::/8'].map(spanOf);

/**
 * Throws `invalid` for a range that Neutron refuses once the network is made: one that begins at the address 0, unless it is of IPv4
 * and nothing gives out its addresses; with DHCP multicast and loopback (seen on 2026.2).
 */
function requireUsable(range: string, span: Span, isDynamic: boolean): void {
  const { first, last, bits } = span;
  const isAll = first === 0n && last === 2n ** BigInt(bits) - 1n;
  const isNever = isAll || (bits === 128 && first === 0n);
  if (!isNever && !(isDynamic && (first === 0n || NEVER_GIVEN_OUT.some((one) => has(one!, span))))) return;
  const how = isNever ? 'has' : 'gives out';
  throw new OcciError(
    'invalid',
    `The cloud ${how} no addresses of ${range} (${ADDRESS}): choose another range, such as 10.1.0.0/24.`,
  );
}

/**
 * The subnet of a new network. Neutron accepts a gateway outside of the range, and gives it to machines that cannot
 * reach it. Throws `invalid` for that, for a range of which machines can have no address, and for a gateway without a range.
 */
export function subnetOf({ attributes }: Pick<Draft<'network'>, 'attributes'>, token: string): SubnetRequest {
  const { [ADDRESS]: asked, [GATEWAY]: gateway, [ALLOCATION]: allocation } = attributes as Record<string, string>;
  if (asked === undefined && gateway !== undefined) {
    throw new OcciError('invalid', `A network with a gateway (${GATEWAY}) needs its address too (${ADDRESS}).`);
  }
  const range = asked ?? rangeFor(token);
  const span = spanOf(range);
  if (!span) throw new OcciError('invalid', `The address ${range} (${ADDRESS}) is no range of addresses.`);
  const router = addressOf(gateway);
  if (gateway !== undefined && !(router && has(hostsOf(span), router))) {
    throw new OcciError(
      'invalid',
      `The gateway ${gateway} (${GATEWAY}) is not an address that a router can have in ${range}.`,
    );
  }
  const isDynamic = allocation !== 'static';
  if (sizeOf(hostsOf(span)) < 2n || (isDynamic && sizeOf(span) < 4n)) {
    throw new OcciError('invalid', `The range ${range} (${ADDRESS}) is too small: it has no address for a compute.`);
  }
  requireUsable(range, span, isDynamic);
  return {
    ip_version: span.bits === 32 ? 4 : 6,
    cidr: coveringCidr(span),
    ...(router && { gateway_ip: addressText(router.first, router.bits) }),
    enable_dhcp: isDynamic,
    // Of the modes that give out addresses only this one lets an interface ask for a certain one.
    ...(span.bits === 128 && isDynamic && { ipv6_address_mode: 'dhcpv6-stateful', ipv6_ra_mode: 'dhcpv6-stateful' }),
  };
}
