/** Addresses of networks: as the mixin ipnetwork shows them, and as the address ranges of a new network. */
import { isIP } from 'node:net';
import {
  addressOf,
  addressText,
  coveringCidr,
  has,
  hostsOf,
  type Span,
  sizeOf,
  spanOf,
  without,
} from '../../../lib/adapter/addresses.ts';
import type { Draft } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { type Attributes, typeId } from '../../../lib/occi/types.ts';
import type { AddressRange, Vnet } from '../native/index.ts';
import type { Template, Vector } from '../template/template.ts';

export const IP_NETWORK = typeId(MIXINS.ipnetwork);
export const ADDRESS = 'occi.network.address';
export const GATEWAY = 'occi.network.gateway';
export const ALLOCATION = 'occi.network.allocation';

/** Addresses of a new network without IP: leases of MACs. A number without cost; without any, no interface could have one. */
const ETHER_RANGE_ADDRESSES = 65_536;
/** Most addresses of one range that we make; there are more in any IPv6 network than will ever be used. */
const MAX_RANGE_ADDRESSES = 2n ** 31n;

/** Leading ones of a mask, or of `/24` and `24`; undefined for what is no mask. */
function lengthOf(mask: string | undefined): number | undefined {
  if (mask !== undefined && /^\/?\d{1,2}$/.test(mask)) return Number(mask.replace('/', ''));
  const address = addressOf(mask);
  if (address?.bits !== 32) return undefined;
  const ones = address.first.toString(2);
  return /^1*0*$/.test(ones) && ones.length === 32
    ? ones.replace(/0/g, '').length
    : address.first === 0n
      ? 0
      : undefined;
}

/** The network that a range says it is part of, or else the smallest that has all of it. */
function cidrOfRange(range: AddressRange): string | undefined {
  const first = addressOf(range.IP ?? range.IP6 ?? range.IP6_GLOBAL);
  if (!first) return undefined;
  if (first.bits === 128 && (range.PREFIX_LENGTH !== undefined || range.GLOBAL_PREFIX !== undefined)) {
    // Addresses that follow from a prefix and a MAC have 64 bits of each.
    const span = spanOf(`${addressText(first.first, 128)}/${range.PREFIX_LENGTH ?? 64}`);
    return span && coveringCidr(span);
  }
  const last = addressOf(range.IP_END ?? range.IP6_END) ?? first;
  return coveringCidr({ ...first, last: last.bits === first.bits ? last.last : first.last });
}

function cidrOf({ TEMPLATE, AR_POOL }: Vnet): string | undefined {
  const { NETWORK_ADDRESS = '', NETWORK_MASK, OCCI_ADDRESS } = TEMPLATE;
  const length = lengthOf(NETWORK_MASK);
  const span =
    spanOf(NETWORK_ADDRESS) ??
    (length === undefined ? undefined : spanOf(`${NETWORK_ADDRESS}/${length}`)) ??
    spanOf(OCCI_ADDRESS);
  return span ? coveringCidr(span) : AR_POOL.AR.map(cidrOfRange).find((cidr) => cidr !== undefined);
}

/** What the mixin ipnetwork shows of it; nothing for a network without addresses. */
export function ipAttributes(vnet: Vnet): Attributes | undefined {
  const address = cidrOf(vnet);
  if (address === undefined) return undefined;
  const { GATEWAY: gateway4, GATEWAY6, IP6_GATEWAY, METHOD, IP6_METHOD } = vnet.TEMPLATE;
  const is6 = address.includes(':');
  const gateway = is6 ? GATEWAY6 || IP6_GATEWAY : gateway4;
  return {
    [ADDRESS]: address,
    ...(gateway && isIP(gateway) === (is6 ? 6 : 4) && { [GATEWAY]: gateway }),
    [ALLOCATION]: allocationOf(is6 ? IP6_METHOD : METHOD),
  };
}

/** `static` where a user set it. Otherwise OpenNebula assigns the addresses, so the guest needs no manual setup. */
export const allocationOf = (method: string | undefined): 'static' | 'dynamic' =>
  method?.toLowerCase() === 'static' ? 'static' : 'dynamic';

function range({ bits, first, last }: Span, length: number): Vector {
  const size = sizeOf({ bits, first, last });
  const SIZE = Number(size < MAX_RANGE_ADDRESSES ? size : MAX_RANGE_ADDRESSES);
  const address = addressText(first, bits);
  return bits === 32
    ? { TYPE: 'IP4', IP: address, SIZE }
    : { TYPE: 'IP6_STATIC', IP6: address, PREFIX_LENGTH: length, SIZE };
}

const maskOf = (length: number): string => addressText(((1n << BigInt(length)) - 1n) << BigInt(32 - length), 32);

/**
 * The part of a new network's template that is about addresses. The gateway is in no range, so that no machine gets it.
 * Throws `invalid` for an IP network without address or with a gateway that is not in it.
 */
export function addressTemplate({ attributes, mixins }: Pick<Draft<'network'>, 'attributes' | 'mixins'>): Template {
  const { [ADDRESS]: address, [GATEWAY]: gateway, [ALLOCATION]: allocation } = attributes as Record<string, string>;
  if (!mixins.some((mixin) => typeId(mixin) === IP_NETWORK))
    return { AR: { TYPE: 'ETHER', SIZE: ETHER_RANGE_ADDRESSES } };
  const span = spanOf(address);
  if (!span) throw new OcciError('invalid', `An IP network needs its address (${ADDRESS}) in this cloud.`);
  const router = addressOf(gateway);
  if (gateway !== undefined && !(router && has(span, router))) {
    throw new OcciError('invalid', `The gateway ${gateway} is not an address of the network ${address}.`);
  }
  const ranges = router ? without(hostsOf(span), router) : [hostsOf(span)];
  if (ranges.length === 0)
    throw new OcciError('invalid', `The network ${address} has no address but that of its gateway.`);
  const length = Number(coveringCidr(span).split('/')[1]);
  const method = allocation === 'static' ? 'static' : undefined;
  const AR = ranges.map((one) => range(one, length));
  if (span.bits === 128) return { OCCI_ADDRESS: coveringCidr(span), GATEWAY6: gateway, IP6_METHOD: method, AR };
  const NETWORK_ADDRESS = addressText(span.first, 32);
  return { NETWORK_ADDRESS, NETWORK_MASK: maskOf(length), GATEWAY: gateway, METHOD: method, AR };
}
