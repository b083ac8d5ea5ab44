/** Where a machine is launched: what was asked for, what its links force, and what the settings say must be one zone. */
import { OcciError } from '../../../lib/errors.ts';
import type { Ec2Settings } from '../config.ts';

/** Zones that somebody names, and who. */
export interface Reasons {
  /** The availability_zone mixin. */
  readonly asked: string | undefined;
  /** The networks that it links to. */
  readonly networks: string | undefined;
}

/** Where to launch. `subnet` is that of the settings; EC2 chooses what is left out. */
export interface Place {
  readonly zone?: string;
  readonly subnet?: string;
}

/**
 * The zone that is certain before the storages are looked at. Without a network the machine comes into the subnet of
 * the settings, whose zone is that of the settings if they name one. Throws `conflict` naming both zones where two are
 * certain.
 */
export function firmZone({ subnet, zone }: Ec2Settings, { asked, networks }: Reasons): string | undefined {
  const given = networks ?? (subnet === undefined ? undefined : zone);
  if (asked !== undefined && given !== undefined && asked !== given) {
    const what = networks === undefined ? 'the provider starts computes without a network' : 'its network is';
    throw new OcciError('conflict', `The compute was asked for in the zone ${asked}, and ${what} in ${given}.`);
  }
  return asked ?? given;
}

/** Where to launch, once the zone of the storages is known (`planStorages` has compared it with the firm one). */
export function placeOf(settings: Ec2Settings, reasons: Reasons, storages: string | undefined): Place {
  // The subnet of a network says where it is.
  if (reasons.networks !== undefined) return {};
  const { subnet } = settings;
  const zone = reasons.asked ?? storages ?? (subnet === undefined ? settings.zone : undefined);
  return { ...(zone !== undefined && { zone }), ...(subnet !== undefined && { subnet }) };
}
