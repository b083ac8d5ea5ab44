/** Attaches a disk, and explains why an attach was refused. */
import * as z from 'zod';
import type { Draft, Native, NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { toOcciError } from '../api/errors.ts';
import { OneRefusal } from '../api/xml-rpc.ts';
import { type Cloud, objectId } from '../cloud.ts';
import { inTurn } from '../machine/hotplug.ts';
import { readVm } from '../machine/reads.ts';
import { computeState } from '../states.ts';
import { suffixOf } from '../template/naming.ts';
import { encodeTemplate } from '../template/write.ts';
import { diskOf, toStoragelink } from './disk-links.ts';

const noSuchCompute = (): OcciError => new OcciError('invalid', 'There is no such compute, or it may not be used.');

/** A refusal to attach or detach: about the machine, about the image, or about the link. */
export function refused(error: unknown): OcciError {
  const says = error instanceof OneRefusal ? error.sentence : '';
  if (/Cannot acquire image/i.test(says)) return toOcciError(error, 'storage');
  return toOcciError(error, /wrong state|not running in any host/i.test(says) ? 'compute' : 'storagelink');
}

/**
 * Why an attach was refused. oned refuses a machine of another user as one that may not be managed, and a deleted one
 * as one that does not run: only a read of the machine shows whether the compute in the request exists.
 */
async function whyNotAttached(cloud: Cloud, compute: NativeId, error: unknown): Promise<OcciError> {
  const failure = refused(error);
  if (isFailure(failure, 'notFound')) return noSuchCompute();
  if (!isFailure(failure, 'forbidden') && !isFailure(failure, 'conflict')) return failure;
  const vm = await readVm(cloud, compute).catch((other) => (isFailure(other, 'notFound') ? undefined : other));
  if (vm === undefined) return noSuchCompute();
  const hasNoHost = error instanceof OneRefusal && /not running in any host/i.test(error.sentence);
  if (!hasNoHost || vm instanceof Error) return failure;
  const { state } = computeState(vm);
  return new OcciError('conflict', `The compute is ${state}, so no storage can be attached to it now.`, {
    cause: error,
  });
}

/**
 * Attaches and reads the machine: 2 calls. The new disk is identified by the token that oned keeps in it.
 * Success means accepted; a disk that is not there any more has failed meanwhile, of which oned keeps no trace.
 */
export async function attach(
  cloud: Cloud,
  { source, target, ...draft }: Draft<'storagelink'>,
  token: string,
): Promise<Native<'storagelink'>> {
  if (source?.kind !== 'compute' || !target) {
    throw new OcciError('invalid', 'A storagelink starts at a compute and ends at a storage.');
  }
  const machine = objectId(source.id);
  if (machine === undefined) throw noSuchCompute();
  const own = suffixOf(token);
  const template = encodeTemplate({ DISK: { ...diskOf({ ...draft, target }), OCCI_TOKEN: own } });
  try {
    await inTurn(() => cloud.client.call('one.vm.attach', [machine, template], z.int()));
  } catch (error) {
    throw await whyNotAttached(cloud, source.id, error);
  }
  const vm = await readVm(cloud, source.id);
  const disk = vm.TEMPLATE.DISK.find(({ OCCI_TOKEN }) => OCCI_TOKEN === own);
  if (!disk) throw new OcciError('conflict', 'The cloud could not attach the storage to the compute.');
  return toStoragelink(vm, disk);
}
