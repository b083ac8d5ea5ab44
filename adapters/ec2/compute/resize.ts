/** Another type for an instance, with the CPU credits that the settings want. */
import * as z from 'zod';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import type { Cloud } from '../cloud.ts';
import type { Instance } from '../native/index.ts';
import { computeState } from '../states.ts';

const credited = z.object({
  UnsuccessfulInstanceCreditSpecifications: z
    .array(z.object({ Error: z.object({ Code: z.string().optional() }).optional() }))
    .default([]),
});

/** EC2 reports refusals of this call in its answer. */
const notCredited = (code: string | undefined): OcciError =>
  new OcciError(
    'unavailable',
    'The size of the compute was not changed: its CPU credits cannot be set now; try again.',
    {
      cause: code,
      headers: { 'Retry-After': '5' },
    },
  );

/** A repeated request would find the size as it wants it and set nothing, so it must not be told to try again. */
const withoutCredits = (cause: unknown): OcciError =>
  new OcciError(
    'conflict',
    'The size of the compute was changed, but not its CPU credits, and the size cannot be taken back now: give it its former size, and then this one.',
    { cause },
  );

const setType = ({ ec2 }: Cloud, { InstanceId }: Instance, type: string): Promise<unknown> =>
  ec2.call('ModifyInstanceAttribute', { InstanceId, InstanceType: { Value: type } }, z.unknown());

/**
 * Sets the credits of an instance that has got a burstable type: 1 call. One that had another type would have unlimited
 * credits from now on (EC2 User Guide, Burstable performance instances). EC2 takes the call only for a burstable type,
 * so it comes second, and the type is taken back if it fails.
 */
async function setCredits(cloud: Cloud, instance: Instance): Promise<void> {
  const { InstanceId } = instance;
  const InstanceCreditSpecifications = [{ InstanceId, CpuCredits: cloud.settings.cpuCredits }];
  try {
    const input = { InstanceCreditSpecifications };
    const answer = await cloud.ec2.call('ModifyInstanceCreditSpecification', input, credited);
    const [refused] = answer.UnsuccessfulInstanceCreditSpecifications;
    if (refused) throw notCredited(refused.Error?.Code);
  } catch (error) {
    await setType(cloud, instance, instance.InstanceType).catch((cause) => {
      throw withoutCredits(cause);
    });
    throw error;
  }
}

/**
 * Changes the type: 1 call, and 1 more for a burstable one. Throws `conflict` naming the state unless the instance is
 * stopped without hibernation.
 */
export async function resized(cloud: Cloud, instance: Instance, type: string): Promise<Instance> {
  const { state } = computeState(instance);
  if (state !== 'inactive') {
    const message = `The size of a compute can only be changed while it is inactive, and it is ${state}: stop it first.`;
    throw new OcciError('conflict', message);
  }
  await translateErrors('compute', async () => {
    await setType(cloud, instance, type);
    if (cloud.types.get(type)?.burstable) await setCredits(cloud, instance);
  });
  const { CpuOptions: _before, ...rest } = instance;
  return { ...rest, InstanceType: type };
}
