/** The placement of a new instance: the zones of the request, of its links and of the settings must agree. */
import { OcciError } from '../../../lib/errors.ts';
import type { Ec2Settings } from '../config.ts';

/** The zones that constrain a launch, by their source. */
interface Reasons {
  /** The availability_zone mixin. */
  readonly asked: string | undefined;
  /** The linked networks. */
  readonly networks: string | undefined;
}

/** Where to launch. `subnet` comes from the settings; EC2 chooses what is absent. */
export interface Place {
  readonly zone?: string;
  readonly subnet?: string;
}

/**
 * The zone that is fixed before the storages are read. Without a network the instance goes into the subnet of the
 * settings, whose zone is that of the settings if they name one. Throws `conflict` naming both zones if two differ.
 */
export function fixedZone({ subnet, zone }: Ec2Settings, { asked, networks }: Reasons): string | undefined {
  const given = networks ?? (subnet === undefined ? undefined : zone);
  if (asked !== undefined && given !== undefined && asked !== given) {
    const what = networks === undefined ? 'the provider starts computes without a network' : 'its network is';
    throw new OcciError('conflict', `The compute was asked for in the zone ${asked}, and ${what} in ${given}.`);
  }
  return asked ?? given;
}

/** Where to launch, given the zone of the storages (`planStorages` has compared it with the fixed zone). */
export function placementOf(settings: Ec2Settings, reasons: Reasons, storages: string | undefined): Place {
  // The subnet of the network determines the zone.
  if (reasons.networks !== undefined) return {};
  const { subnet } = settings;
  const zone = reasons.asked ?? storages ?? (subnet === undefined ? settings.zone : undefined);
  return { ...(zone !== undefined && { zone }), ...(subnet !== undefined && { subnet }) };
}
