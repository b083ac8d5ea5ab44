/** Chooses a flavor: that of the size template, or else the smallest that holds what is asked for. */
import { OcciError } from '../../../lib/errors.ts';
import type { Attributes, Mixin } from '../../../lib/occi/types.ts';
import { readFlavors } from '../catalogue/flavors.ts';
import { readImage } from '../catalogue/images.ts';
import type { Cloud } from '../cloud.ts';
import { flavorAmong } from '../mixins.ts';
import type { Flavor } from '../native/catalogue.ts';

const CORES = 'occi.compute.cores';
const MEMORY = 'occi.compute.memory';

/** What a flavor must have at least. */
export interface Needs {
  readonly cores?: number;
  /** GiB. */
  readonly memory?: number;
  /** What the image needs of disk, in GiB. */
  readonly disk?: number;
}

const compared = (one: Flavor, other: Flavor): number =>
  one.vcpus - other.vcpus ||
  one.ram - other.ram ||
  one.disk - other.disk ||
  one.ephemeral - other.ephemeral ||
  (one.id < other.id ? -1 : 1);

/**
 * The flavor with the fewest cores, then the least memory and disk, that holds as much. One without a disk, which members
 * may only boot from a volume, is not chosen.
 */
export const smallest = (flavors: readonly Flavor[], { cores = 0, memory = 0, disk = 0 }: Needs): Flavor | undefined =>
  flavors
    .filter((one) => !one.isDisabled && one.disk > 0)
    .filter((one) => one.vcpus >= cores && one.ram >= memory * 1024 && one.disk >= disk)
    .sort(compared)[0];

const numberAt = (attributes: Attributes, name: string): number | undefined => {
  const value = attributes[name];
  return typeof value === 'number' ? value : undefined;
};

/** Sizes as a sentence can have them: the first of them if they are many. */
const MAX_LISTED = 10;
function listed(flavors: readonly Flavor[]): string {
  const offered = flavors.filter((one) => !one.isDisabled).sort(compared);
  const texts = offered.slice(0, MAX_LISTED).map(({ name, vcpus, ram }) => `${name} (${vcpus}, ${ram / 1024} GiB)`);
  return texts.join(', ') + (offered.length > MAX_LISTED ? ` and ${offered.length - MAX_LISTED} more` : '');
}

function tooLarge(flavors: readonly Flavor[], { cores, memory }: Needs): OcciError {
  const asked = [
    ...(cores === undefined ? [] : [`${cores} of ${CORES}`]),
    ...(memory === undefined ? [] : [`${memory} GiB of ${MEMORY}`]),
  ].join(' and ');
  return new OcciError(
    'invalid',
    `No size (resource_tpl) of this cloud has ${asked === '' ? 'what the OS template needs' : `as much as ${asked}`}; it has: ${listed(flavors)}.`,
  );
}

/** What a draft or a change says of the size. */
export interface Wanted {
  readonly attributes: Attributes;
  readonly mixins: readonly Mixin[];
  /** Id of the image that is to fit, where it is known. */
  readonly image?: string | undefined;
}

/**
 * The flavor of a size template, or for cores and memory, or the smallest at all: no call within five minutes of the last.
 * Throws `invalid` that lists what there is if none is large enough.
 */
export async function flavorFor(cloud: Cloud, { attributes, mixins, image }: Wanted): Promise<Flavor> {
  const flavors = await readFlavors(cloud);
  const named = flavorAmong(mixins);
  if (named !== undefined) {
    const flavor = flavors.find(({ id }) => id === named);
    if (flavor) return flavor;
    throw new OcciError('invalid', 'The size (resource_tpl) of the compute is no longer in the catalogue.');
  }
  const [cores, memory] = [numberAt(attributes, CORES), numberAt(attributes, MEMORY)];
  const { min_ram, min_disk } = (image === undefined ? undefined : await readImage(cloud, image)) ?? {};
  const flavor = smallest(flavors, {
    ...(cores !== undefined && { cores }),
    memory: Math.max(memory ?? 0, (min_ram ?? 0) / 1024),
    disk: min_disk ?? 0,
  });
  if (flavor) return flavor;
  throw tooLarge(flavors, { ...(cores !== undefined && { cores }), ...(memory !== undefined && { memory }) });
}

/** The attributes of size of a compute with this flavor. */
export const sizeOf = ({ vcpus, ram }: Flavor): Attributes => ({ [CORES]: vcpus, [MEMORY]: ram / 1024 });
