/** Which instance type a machine gets: that of its size template, else the smallest that has what is asked for. */

import { OcciError } from '../../../lib/errors.ts';
import type { Attributes, Mixin } from '../../../lib/occi/types.ts';
import { translateErrors } from '../api/errors.ts';
import type { Cloud } from '../cloud.ts';
import { architectureOf } from '../machine/architectures.ts';
import type { TypeSize } from '../machine/known-types.ts';
import { typeAmong } from '../mixins.ts';

const CORES = 'occi.compute.cores';
const MEMORY = 'occi.compute.memory';

/** Reads the sizes of types that are not known yet: no call if all are, else 1 per hundred. */
export const knowTypes = (cloud: Cloud, types: Iterable<string>): Promise<void> =>
  translateErrors('compute', () => cloud.types.know(cloud.ec2, types));

const has = ({ architectures }: TypeSize, architecture: string | undefined): boolean =>
  architecture === undefined || architectures.length === 0 || architectures.includes(architecture);

const numberAt = (attributes: Attributes, name: string): number | undefined => {
  const value = attributes[name];
  return typeof value === 'number' ? value : undefined;
};

/** The types that a user may get without naming one. */
const offered = ({ settings }: Cloud): readonly string[] => [
  ...new Set([...settings.types, ...Object.values(settings.sizes), settings.defaultType]),
];

/** The one with fewest cores, then least memory, that has at least this; of equals the first in the settings. */
function smallest(cloud: Cloud, cores: number, memory: number, architecture: string | undefined): string | undefined {
  const fitting = offered(cloud).flatMap((type) => {
    const size = cloud.types.get(type);
    return size && size.cores >= cores && size.memory >= memory && has(size, architecture) ? [{ type, size }] : [];
  });
  fitting.sort((one, other) => one.size.cores - other.size.cores || one.size.memory - other.size.memory);
  return fitting[0]?.type;
}

/** Throws `conflict` for a type that cannot be of an architecture (EC2's word). */
function requireArchitecture(cloud: Cloud, type: string, architecture: string | undefined): void {
  const size = cloud.types.get(type);
  if (!size || has(size, architecture)) return;
  const called = architectureOf(architecture) ?? architecture;
  throw new OcciError('conflict', `The size (resource_tpl) has no machines of the architecture ${called}.`);
}

/** What a machine is to be like. */
export interface Wanted {
  readonly attributes: Attributes;
  readonly mixins: readonly Mixin[];
  /** EC2's word for the architecture that it has or must have. */
  readonly architecture: string | undefined;
}

/**
 * The type that a size template or the numbers of cores and memory (GiB) ask for; undefined when nothing is asked. Its
 * size is known then: no call, or 1 for types that this process does not know. Throws `invalid` naming the attributes
 * when no type has as much, `conflict` when the architecture does not fit.
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

/** The same for a new machine, which gets the default type when nothing is asked. */
export async function typeOfNew(cloud: Cloud, wanted: Wanted): Promise<string> {
  const type = await typeFor(cloud, wanted);
  if (type !== undefined) return type;
  const { defaultType } = cloud.settings;
  await knowTypes(cloud, [defaultType]);
  requireArchitecture(cloud, defaultType, wanted.architecture);
  return defaultType;
}
