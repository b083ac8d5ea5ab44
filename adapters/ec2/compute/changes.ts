/**
 * Changes of a compute: its title, and its size while it is inactive. The change that EC2 may refuse because of the
 * state comes first, so that a refusal never leaves a partial change.
 */

import * as z from 'zod';
import { namesOf, PUBLIC_KEY, USER_DATA } from '../../../lib/adapter/contextualization.ts';
import type { Change, Native, NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { CRTP_TEMPLATES } from '../../../lib/occi/mixins/index.ts';
import { type Attributes, type Mixin, typeId } from '../../../lib/occi/types.ts';
import { translateErrors } from '../api/errors.ts';
import { type Cloud, TAG } from '../cloud.ts';
import { architectureOf } from '../machine/architectures.ts';
import { requireLiving } from '../machine/endings.ts';
import { readInstance } from '../machine/reads.ts';
import { imageMixinId, regionMixinId, SCHEMES, sizeIdsOf, typeAmong, zoneMixinId } from '../mixins.ts';
import type { Instance, Tag } from '../native/index.ts';
import { retitle } from '../titles.ts';
import { publicKeyOf } from './contextualization.ts';
import { shownCompute, sizeOf } from './entity.ts';
import { FIRST_BOOT, keptMixins, mixinsTag } from './kept-mixins.ts';
import { keyName } from './keys.ts';
import { resized } from './resize.ts';
import { knowTypes, typeFor } from './sizing.ts';

type ComputeChange = Change<'compute'>;

const CORES = 'occi.compute.cores';
const MEMORY = 'occi.compute.memory';

const immutableError = (what: string): OcciError =>
  new OcciError(
    'notImplemented',
    `${what} of a compute cannot be changed in this cloud: make another compute instead.`,
  );

/** Schemes of the mixins that can never change. */
const FIXED = [
  [SCHEMES.os_tpl, 'The OS template'],
  [SCHEMES.availability_zone, 'The availability zone'],
  [SCHEMES.region, 'The region'],
] as const;

/** True if the client sends no key, or the one that the instance was launched with. */
const isItsKey = (cloud: Cloud, { KeyName }: Instance, set: Attributes): boolean => {
  const key = publicKeyOf(set);
  return key === undefined || keyName(cloud, key) === KeyName;
};

/** Throws `notImplemented` for immutable values. Setting a value to its current value does not count as a change. */
function refuseFixed(cloud: Cloud, instance: Instance, { set, unset, addMixins, removeMixins }: ComputeChange): void {
  const { ImageId, Placement, Architecture } = instance;
  const own = [
    imageMixinId(ImageId ?? ''),
    zoneMixinId(Placement?.AvailabilityZone ?? ''),
    regionMixinId(cloud.settings),
  ];
  const ids = [...addMixins.map(typeId).filter((id) => !own.includes(id)), ...removeMixins];
  for (const [scheme, what] of FIXED) if (ids.some((id) => id.startsWith(scheme))) throw immutableError(what);
  const architecture = set['occi.compute.architecture'];
  if (architecture !== undefined && architecture !== architectureOf(Architecture))
    throw immutableError('The architecture');
  if (!isItsKey(cloud, instance, set) || namesOf(PUBLIC_KEY).some((name) => unset.includes(name)))
    throw immutableError('The public key');
  if (namesOf(USER_DATA).some((name) => set[name] !== undefined || unset.includes(name)))
    throw immutableError('The user data');
  const left = removeMixins.find((id) => FIRST_BOOT.includes(id) && keptMixins(instance.Tags).includes(id));
  if (left !== undefined) throw immutableError(`The mixin ${left}`);
}

/**
 * The present cores and memory, and those that its size declares: a size of the profile may declare less than EC2
 * provides.
 */
async function numbersOf(cloud: Cloud, instance: Instance) {
  const { InstanceType, CpuOptions } = instance;
  await knowTypes(cloud, [InstanceType]);
  const type = cloud.types.get(InstanceType);
  const cores = CpuOptions ? CpuOptions.CoreCount * CpuOptions.ThreadsPerCore : type?.cores;
  const present: Attributes = {
    ...(cores !== undefined && { [CORES]: cores }),
    ...(type && { [MEMORY]: type.memory }),
  };
  const size = sizeOf(cloud, instance);
  const profile: Mixin | undefined = CRTP_TEMPLATES.find((mixin) => typeId(mixin) === size);
  return { present, described: (name: string) => profile?.attributes?.[name]?.default };
}

/** The requested type; undefined if the instance already has it. */
async function newType(cloud: Cloud, instance: Instance, change: ComputeChange): Promise<string | undefined> {
  const { set, addMixins } = change;
  const wanted = { attributes: {}, mixins: addMixins, architecture: instance.Architecture };
  if (typeAmong(cloud.settings, addMixins) === undefined) {
    if (set[CORES] === undefined && set[MEMORY] === undefined) return undefined;
    const { present, described } = await numbersOf(cloud, instance);
    const isAsItIs = [CORES, MEMORY].every((name) => {
      const value = (set as Attributes)[name];
      return value === undefined || value === present[name] || value === described(name);
    });
    if (isAsItIs) return undefined;
    // A request for more cores must not reduce the memory, so the present values are minimums.
    wanted.attributes = { ...present, ...set };
  }
  const type = await typeFor(cloud, wanted);
  return type === instance.InstanceType ? undefined : type;
}

/**
 * Updates the mixin tag and returns the new tags. Keeps a size mixin that still matches the type. 1 call, or no call if
 * nothing changes.
 */
async function updateMixinTag(
  cloud: Cloud,
  instance: Instance,
  { addMixins, removeMixins }: ComputeChange,
): Promise<Tag[]> {
  const { InstanceId, InstanceType, Tags } = instance;
  const before = keptMixins(Tags);
  const sizes = sizeIdsOf(cloud.settings, InstanceType);
  const isSized = typeAmong(cloud.settings, addMixins) !== undefined;
  const kept = before
    .filter((id) => !removeMixins.includes(id))
    .filter((id) => FIRST_BOOT.includes(id) || (!isSized && sizes.includes(id)));
  const added = addMixins.map(typeId);
  const tag = mixinsTag([...kept, ...added]);
  const others = Tags.filter(({ Key }) => Key !== TAG.mixins);
  const present = mixinsTag(before);
  if (tag?.Value === present?.Value) return Tags;
  const Resources = [InstanceId];
  if (!tag) {
    await cloud.ec2.call('DeleteTags', { Resources, Tags: [{ Key: TAG.mixins }] }, z.unknown());
    return others;
  }
  await cloud.ec2.call('CreateTags', { Resources, Tags: [tag] }, z.unknown());
  return [...others, tag];
}

/**
 * Changes a compute and returns its new form: 1 call, 1 or 2 more for a size, 1 each for a title and a size template that only a
 * tag records. Throws `conflict` for a new size while the compute is not inactive, `notImplemented` for immutable
 * values.
 */
export async function updateCompute(cloud: Cloud, id: NativeId, change: ComputeChange): Promise<Native<'compute'>> {
  const instance = await readInstance(cloud, id);
  requireLiving(instance);
  refuseFixed(cloud, instance, change);
  const type = await newType(cloud, instance, change);
  const sized = type === undefined ? instance : await resized(cloud, instance, type);
  const mixed = { ...sized, Tags: await translateErrors('compute', () => updateMixinTag(cloud, sized, change)) };
  const titled = { ...mixed, Tags: await retitle(cloud, 'compute', { id, tags: mixed.Tags }, change) };
  return shownCompute(cloud, titled);
}
