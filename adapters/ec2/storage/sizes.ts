/** Sizes of volumes: whole GiB, rounded up, and at least as much as the type of the volume allows. */
import { unitsFor } from '../../../lib/adapter/sizes.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Attributes } from '../../../lib/occi/types.ts';
import type { Ec2Settings } from '../config.ts';

export const SIZE = 'occi.storage.size';

/** Size of the smallest volume of each type, in GiB (EBS User Guide, Amazon EBS volume types). */
const LEAST_GIB = {
  gp3: 1,
  gp2: 1,
  st1: 125,
  sc1: 125,
  standard: 1,
} as const satisfies Record<Ec2Settings['volumeType'], number>;

/** The attributes of size that a volume has which was asked for with these. */
export const roundedSize = (attributes: Attributes): Attributes => ({ [SIZE]: unitsFor(Number(attributes[SIZE])) });

/**
 * The size of a new volume, in GiB. Throws `invalid` for one that is far smaller than the provider's volumes can be: a
 * user who asks for 1 GiB does not want to pay for 125.
 */
export function sizeOfNewVolume({ volumeType }: Ec2Settings, attributes: Attributes): number {
  const [size, least] = [unitsFor(Number(attributes[SIZE])), LEAST_GIB[volumeType]];
  if (size >= least) return size;
  throw new OcciError(
    'invalid',
    `The attribute ${SIZE} must be at least ${least}: the provider has no smaller volumes.`,
  );
}

/** `invalid` naming the attribute, for a size that EC2 refuses for the volume's type. */
export const sizeRefused = (name: string, size: number, cause: unknown): OcciError =>
  new OcciError(
    'invalid',
    `The attribute ${name} cannot be ${size} GiB: the provider's volumes cannot have this size.`,
    { cause },
  );
