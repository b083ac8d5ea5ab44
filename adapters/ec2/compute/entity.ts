/** Converts an instance to a compute, using its description, the sizes of types and the elastic addresses. */

import type { Native } from '../../../lib/adapter/contract.ts';
import type { Attributes } from '../../../lib/occi/types.ts';
import type { COMPUTE_ACTIONS } from '../actions.ts';
import { type Cloud, titleOf } from '../cloud.ts';
import { architectureOf } from '../machine/architectures.ts';
import { endingOf } from '../machine/endings.ts';
import { type Elastic, elasticOf } from '../machine/reads.ts';
import { imageMixinId, regionMixinId, sizeIdsOf, zoneMixinId } from '../mixins.ts';
import type { Instance } from '../native/index.ts';
import { toNetworkinterfaces } from '../network/interface-links.ts';
import { toSecuritygrouplinks } from '../securitygroup/reads.ts';
import { computeState } from '../states.ts';
import { toStoragelinks } from '../storage/disk-links.ts';
import { FIRST_BOOT, keptMixins } from './kept-mixins.ts';
import { knowTypes } from './sizing.ts';

/** The size mixin to show: the one it was created with if it still matches the type, else the first one of the type. */
export function sizeOf(
  { settings }: Cloud,
  { InstanceType, Tags }: Pick<Instance, 'InstanceType' | 'Tags'>,
): string | undefined {
  const ids = sizeIdsOf(settings, InstanceType);
  return keptMixins(Tags).find((id) => ids.includes(id)) ?? ids[0];
}

/** Its mixins: image, size, zone, region, and those for the first boot that it was created with. */
function mixinsOf(cloud: Cloud, instance: Instance): readonly string[] {
  const { ImageId, Placement } = instance;
  const size = sizeOf(cloud, instance);
  const zone = Placement?.AvailabilityZone;
  return [
    ...(ImageId === undefined ? [] : [imageMixinId(ImageId)]),
    ...(size === undefined ? [] : [size]),
    ...(zone === undefined ? [] : [zoneMixinId(zone)]),
    regionMixinId(cloud.settings),
    ...keptMixins(instance.Tags).filter((id) => FIRST_BOOT.includes(id)),
  ];
}

/** What an instance cannot do that was not launched for hibernation, as one is that was launched before the setting. */
const NO_SUSPEND = ['suspend'] as const satisfies readonly (keyof typeof COMPUTE_ACTIONS)[];

/** An instance as a compute. Call `knowTypes` first: without the type there is no memory to show. */
function toCompute(cloud: Cloud, instance: Instance, elastic: Elastic): Native<'compute'> {
  const { InstanceId, InstanceType, CpuOptions, Architecture, Tags } = instance;
  const { state, message } = computeState(instance);
  const type = cloud.types.get(InstanceType);
  const cores = CpuOptions ? CpuOptions.CoreCount * CpuOptions.ThreadsPerCore : type?.cores;
  const architecture = architectureOf(Architecture);
  const isSized = sizeOf(cloud, instance) !== undefined;
  const attributes: Attributes = {
    ...titleOf(Tags),
    ...(architecture && { 'occi.compute.architecture': architecture }),
    ...(cores !== undefined && { 'occi.compute.cores': cores }),
    ...(type && { 'occi.compute.memory': type.memory }),
    ...(type && isSized && { 'occi.compute.ephemeral_storage.size': type.ephemeral }),
    'occi.compute.state': state,
    ...(message !== undefined && { 'occi.compute.state.message': message }),
  };
  return {
    kind: 'compute',
    id: InstanceId,
    attributes,
    mixins: mixinsOf(cloud, instance),
    ...(!instance.HibernationOptions?.Configured && { cannotAct: NO_SUSPEND }),
    // What has ended holds nothing any more, though its tags may still name what it was to get.
    links:
      endingOf(instance) === undefined
        ? [
            ...toNetworkinterfaces(instance, elastic),
            ...toStoragelinks(cloud, instance),
            ...toSecuritygrouplinks(cloud, instance),
          ]
        : [],
  };
}

/**
 * Instances as computes: no call, 1 if one of them has an elastic address, and 1 for types that are not cached.
 */
export async function toComputes(cloud: Cloud, some: readonly Instance[]): Promise<Native<'compute'>[]> {
  const types = some.map(({ InstanceType }) => InstanceType);
  const [elastic] = await Promise.all([elasticOf(cloud, some), knowTypes(cloud, types)]);
  return some.map((instance) => toCompute(cloud, instance, elastic));
}

/** One instance as a compute. `elastic` are its elastic addresses if the caller knows them. */
export async function shownCompute(cloud: Cloud, instance: Instance, elastic?: Elastic): Promise<Native<'compute'>> {
  const [addresses] = await Promise.all([
    elastic ?? elasticOf(cloud, [instance]),
    knowTypes(cloud, [instance.InstanceType]),
  ]);
  return toCompute(cloud, instance, addresses);
}
