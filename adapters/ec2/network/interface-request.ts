/** What a client may request for a network interface at its creation, and how EC2 expresses it. */
import { isIPv6 } from 'node:net';
import type { LinkDraft } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { AttributeValue } from '../../../lib/occi/types.ts';

export const INTERFACE = 'occi.networkinterface.interface';
export const ADDRESS = 'occi.networkinterface.address';
export const ALLOCATION = 'occi.networkinterface.allocation';
export const GATEWAY = 'occi.networkinterface.gateway';
export const MAC = 'occi.networkinterface.mac';

/** EC2 numbers the interfaces of an instance; the guest may name them differently. */
export const nameOf = (index: number): string => `eth${index}`;

/** The index in a name of the form `eth<index>`; undefined for other names, which the store keeps. */
export function indexOf(name: AttributeValue | undefined): number | undefined {
  const [, digits] = /^eth(0|[1-9]\d?)$/.exec(String(name)) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Values that EC2 cannot store: names of another form, and the allocation `static`. EC2 assigns every address itself
 * and keeps it as long as the interface exists.
 */
export const cannotHoldOfInterface = (name: string, value: AttributeValue): boolean =>
  (name === INTERFACE && indexOf(value) === undefined) || (name === ALLOCATION && value === 'static');

/** The options that EC2 gets. */
export interface Wishes {
  /** The device index. */
  readonly index?: number;
  /** The IPv4 or IPv6 address in the network. */
  readonly address?: string;
}

/**
 * Throws `invalid` for a link to anything but a network or an ipreservation, and for a MAC address, which only EC2
 * chooses.
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

/** The address parameters of a call. In a subnet without IPv4 EC2 assigns no address unless the call asks for one. */
export function addressInput({ address }: Wishes, { CidrBlock }: { readonly CidrBlock?: string | undefined }) {
  if (address !== undefined) {
    return isIPv6(address) ? { Ipv6Addresses: [{ Ipv6Address: address }] } : { PrivateIpAddress: address };
  }
  return CidrBlock ? {} : { Ipv6AddressCount: 1 };
}
