/** What a client may say about a network interface at its creation, and what EC2 makes of it. */
import { isIPv6 } from 'node:net';
import type { LinkDraft } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { AttributeValue } from '../../../lib/occi/types.ts';

export const INTERFACE = 'occi.networkinterface.interface';
export const ADDRESS = 'occi.networkinterface.address';
export const ALLOCATION = 'occi.networkinterface.allocation';
export const GATEWAY = 'occi.networkinterface.gateway';
export const MAC = 'occi.networkinterface.mac';

/** EC2 numbers the interfaces of a machine; the guest may call them otherwise. */
export const nameOf = (index: number): string => `eth${index}`;

/** The number in a name that is `eth` and a number; undefined for other names, which the store keeps. */
export function indexOf(name: AttributeValue | undefined): number | undefined {
  const [, digits] = /^eth(0|[1-9]\d?)$/.exec(String(name)) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Values that EC2 has no place for: names of another form, and that an address is `static`, which to EC2 is the same:
 * it gives it out, and it stays as long as the interface.
 */
export const cannotHoldOfInterface = (name: string, value: AttributeValue): boolean =>
  (name === INTERFACE && indexOf(value) === undefined) || (name === ALLOCATION && value === 'static');

/** What EC2 is asked for. */
export interface Wishes {
  /** The number in the machine. */
  readonly index?: number;
  /** The address in its network, of either family. */
  readonly address?: string;
}

/**
 * Throws `invalid` for a link to something else than a network or an ipreservation, and for a MAC address, which only
 * EC2 chooses.
 */
export function wishesOf({ attributes, target }: Pick<LinkDraft, 'attributes' | 'target'>): Wishes {
  if (target.kind !== 'network' && target.kind !== 'ipreservation') {
    throw new OcciError(
      'invalid',
      `A networkinterface ends at a network or an ipreservation, not at a ${target.kind}.`,
    );
  }
  if (attributes[MAC] !== undefined) {
    throw new OcciError('invalid', `This cloud chooses MAC addresses itself: ${MAC} cannot be given.`);
  }
  const index = indexOf(attributes[INTERFACE]);
  const address = attributes[ADDRESS];
  return {
    ...(index !== undefined && { index }),
    ...(typeof address === 'string' && { address }),
  };
}

/** The address as EC2 is asked for it. A subnet without IPv4 gives an interface none unless one is asked for. */
export function addressInput({ address }: Wishes, { CidrBlock }: { readonly CidrBlock?: string | undefined }) {
  if (address !== undefined) {
    return isIPv6(address) ? { Ipv6Addresses: [{ Ipv6Address: address }] } : { PrivateIpAddress: address };
  }
  return CidrBlock ? {} : { Ipv6AddressCount: 1 };
}
