/** Chooses an instance type: that of the size template, else the smallest one that meets the request. */

import { OcciError } from '../../../lib/errors.ts';
import type { Attributes, Mixin } from '../../../lib/occi/types.ts';
import { translateErrors } from '../api/errors.ts';
import type { Cloud } from '../cloud.ts';
import { architectureOf } from '../machine/architectures.ts';
import type { TypeSize } from '../machine/known-types.ts';
import { typeAmong } from '../mixins.ts';

const CORES = 'occi.compute.cores';
const MEMORY = 'occi.compute.memory';

/** Reads the sizes of types that are not cached: no call if all are, else 1 per hundred. */
export const knowTypes = (cloud: Cloud, types: Iterable<string>): Promise<void> =>
  translateErrors('compute', () => cloud.types.know(cloud.ec2, types));

const supports = ({ architectures }: TypeSize, architecture: string | undefined): boolean =>
  architecture === undefined || architectures.length === 0 || architectures.includes(architecture);

const numberAt = (attributes: Attributes, name: string): number | undefined => {
  const value = attributes[name];
  return typeof value === 'number' ? value : undefined;
};

/** The types that a user may get without naming one. */
const offered = ({ settings }: Cloud): readonly string[] => [
  ...new Set([...settings.types, ...Object.values(settings.sizes), settings.defaultType]),
];

/**
 * The type with the fewest cores, then the least memory, that has at least these; the first in the settings wins ties.
 */
function smallest(cloud: Cloud, cores: number, memory: number, architecture: string | undefined): string | undefined {
  const fitting = offered(cloud).flatMap((type) => {
    const size = cloud.types.get(type);
    return size && size.cores >= cores && size.memory >= memory && supports(size, architecture) ? [{ type, size }] : [];
  });
  fitting.sort((one, other) => one.size.cores - other.size.cores || one.size.memory - other.size.memory);
  return fitting[0]?.type;
}

/** Throws `conflict` for a type that does not support an architecture (EC2's name). */
function requireArchitecture(cloud: Cloud, type: string, architecture: string | undefined): void {
  const size = cloud.types.get(type);
  if (!size || supports(size, architecture)) return;
  const called = architectureOf(architecture) ?? architecture;
  throw new OcciError('conflict', `The size (resource_tpl) has no machines of the architecture ${called}.`);
}

/** The properties that determine the type. */
interface Wanted {
  readonly attributes: Attributes;
  readonly mixins: readonly Mixin[];
  /** EC2's name for the architecture that it has or must have. */
  readonly architecture: string | undefined;
}

/**
 * The type for a size template, or for the requested cores and memory (GiB); undefined if neither is given. Also caches
 * its size: no call, or 1 for types that are not cached. Throws `invalid` naming the attributes if no type is large
 * enough, `conflict` if the architecture does not fit.
 */
export async function typeFor(cloud: Cloud, { attributes, mixins, architecture }: Wanted): Promise<string | undefined> {
  const named = typeAmong(cloud.settings, mixins);
  if (named !== undefined) {
    await knowTypes(cloud, [named]);
    requireArchitecture(cloud, named, architecture);
    return named;
  }
  const [cores, memory] = [numberAt(attributes, CORES), numberAt(attributes, MEMORY)];
  if (cores === undefined && memory === undefined) return undefined;
  await knowTypes(cloud, offered(cloud));
  const type = smallest(cloud, cores ?? 0, memory ?? 0, architecture);
  if (type !== undefined) return type;
  const asked = [
    ...(cores === undefined ? [] : [`${cores} of ${CORES}`]),
    ...(memory === undefined ? [] : [`${memory} GiB of ${MEMORY}`]),
  ].join(' and ');
  throw new OcciError('invalid', `No size (resource_tpl) of this cloud has as much as ${asked}.`);
}

/** As `typeFor`, for a new instance: the default type if the request names none. */
export async function typeOfNew(cloud: Cloud, wanted: Wanted): Promise<string> {
  const type = await typeFor(cloud, wanted);
  if (type !== undefined) return type;
  const { defaultType } = cloud.settings;
  await knowTypes(cloud, [defaultType]);
  requireArchitecture(cloud, defaultType, wanted.architecture);
  return defaultType;
}
