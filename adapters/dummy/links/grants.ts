/** What a network or a reservation grants an interface: a place on it, and an address if it has any. */
import { randomBytes } from 'node:crypto';
import type { LinkDraft, NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Attributes } from '../../../lib/occi/types.ts';
import { canonical, hasHost, rangeOf } from '../addresses.ts';
import type { Cloud, Holder } from '../cloud.ts';
import { computeOf } from './attachments.ts';
import { claim, claimKey, claimNextAddress, release } from './claims.ts';
import { hold, placeOf, sharedTarget, unhold } from './targets.ts';

export const ADDRESS = 'occi.networkinterface.address';

type Ask = Pick<LinkDraft, 'target' | 'attributes'>;

/** The attributes that an interface receives and, on a network, the key of its claim. */
interface Grant {
  readonly attributes: Attributes;
  readonly claim?: string;
  readonly release: () => Promise<void>;
}

export const textOf = (attributes: Attributes, name: string): string | undefined => {
  const value = attributes[name];
  return typeof value === 'string' ? value : undefined;
};

/**
 * Claims `wanted`, or the next free address of a network. Throws `invalid` if it is not in the network, `conflict` if
 * it is taken.
 */
async function claimAddress(
  cloud: Cloud,
  network: NativeId,
  given: Attributes,
  wanted: string | undefined,
  holder: Holder,
) {
  const place = placeOf(cloud, 'network', network);
  const cidr = textOf(given, 'occi.network.address')!;
  const range = rangeOf(cidr);
  const gateway = textOf(given, 'occi.network.gateway');
  const reserved = gateway === undefined ? [] : [canonical(gateway)];
  if (wanted === undefined) {
    const address = await claimNextAddress(cloud, place, range, reserved, holder);
    if (address === undefined) throw new OcciError('conflict', `The network ${network} (${cidr}) has no free address.`);
    return { place, address, fresh: true };
  }
  const address = canonical(wanted);
  if (!hasHost(range, address))
    throw new OcciError('invalid', `The address ${wanted} is not one of the network ${network} (${cidr}).`);
  const had = reserved.includes(address) ? undefined : await claim(cloud, place, address, holder);
  if (!had) throw new OcciError('conflict', `The address ${wanted} of the network ${network} is not free.`);
  return { place, address, fresh: had === 'taken' };
}

/** Claims a place on a network and, if the network has addresses, one of them. */
export async function grantOfNetwork(cloud: Cloud, holder: Holder, { target, attributes }: Ask): Promise<Grant> {
  const given = await sharedTarget(cloud, 'network', target.id);
  const addressed = given['occi.network.address'] !== undefined;
  const wanted = textOf(attributes, ADDRESS);
  const { place, name, fresh } = addressed
    ? await claimAddress(cloud, target.id, given, wanted, holder).then((had) => ({ ...had, name: had.address }))
    : await claimPlain(cloud, target.id, holder);
  const key = claimKey(place, name);
  const back = async () => (fresh ? release(cloud, place.pk, key, holder) : undefined);
  try {
    await sharedTarget(cloud, 'network', target.id);
  } catch (error) {
    await back();
    throw error;
  }
  const gateway = given['occi.network.gateway'];
  const granted: Attributes = addressed
    ? {
        ...(gateway !== undefined && { 'occi.networkinterface.gateway': gateway }),
        'occi.networkinterface.allocation':
          wanted === undefined ? (given['occi.network.allocation'] ?? 'dynamic') : 'static',
        [ADDRESS]: name,
      }
    : {};
  return { attributes: granted, claim: key, release: back };
}

/** Claims a place on a network without addresses, so that the network counts as in use. */
async function claimPlain(cloud: Cloud, network: NativeId, holder: Holder) {
  const place = placeOf(cloud, 'network', network);
  const name = `${computeOf(holder)}:${randomBytes(4).toString('hex')}`;
  await claim(cloud, place, name, holder);
  return { place, name, fresh: true };
}

/** Takes a reservation with its address, which one interface at a time can use. */
export async function grantOfReservation(cloud: Cloud, holder: Holder, { target, attributes }: Ask): Promise<Grant> {
  const wanted = textOf(attributes, ADDRESS);
  const { row, fresh } = await hold(cloud, 'ipreservation', target.id, holder, (reservation) => {
    const address = textOf(reservation.attributes, 'occi.ipreservation.address')!;
    if (wanted !== undefined && canonical(wanted) !== address) {
      throw new OcciError('invalid', `The address ${wanted} is not that of the ipreservation, which is ${address}.`);
    }
  });
  const address = row.attributes['occi.ipreservation.address']!;
  return {
    attributes: { 'occi.networkinterface.allocation': 'static', [ADDRESS]: address },
    release: async () => (fresh ? unhold(cloud, 'ipreservation', target.id, holder) : undefined),
  };
}
