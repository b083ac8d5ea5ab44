/** Attaches a NIC to a machine, and explains why an attach failed. */
import * as z from 'zod';
import { addressOf, has } from '../../../lib/adapter/addresses.ts';
import type { Draft, NativeEnd, NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import type { Call } from '../api/client.ts';
import { toOcciError } from '../api/errors.ts';
import { OneRefusal } from '../api/xml-rpc.ts';
import { type Cloud, objectId } from '../cloud.ts';
import { isDoomed } from '../machine/delete.ts';
import { inTurn } from '../machine/hotplug.ts';
import { readVm } from '../machine/reads.ts';
import { type Vm, type Vnet, vm as vmShape } from '../native/index.ts';
import { suffixOf } from '../template/naming.ts';
import { encodeTemplate } from '../template/write.ts';
import {
  ADDRESS,
  INTERFACE,
  nicOf,
  nicsOf,
  noSuchEnd,
  toNetworkinterface,
  toNetworkinterfaces,
} from './interface-links.ts';
import { readVnet } from './reads.ts';

/** Translates a refusal to attach or detach: the cause is mostly the state of the machine. */
export function refused(error: unknown): OcciError {
  if (!(error instanceof OneRefusal)) return toOcciError(error, 'networkinterface');
  if (/restricted attribute MAC/i.test(error.sentence)) {
    return new OcciError('forbidden', 'Only the provider may choose the MAC address (occi.networkinterface.mac).', {
      cause: error,
    });
  }
  return toOcciError(error, /state/i.test(error.sentence) ? 'compute' : 'networkinterface');
}

const isIn = (wanted: string, { AR_POOL }: Vnet): boolean => {
  const address = addressOf(wanted);
  return AR_POOL.AR.some(({ IP, IP_END, IP6, IP6_END }) => {
    const [first, last] = address?.bits === 128 ? [IP6, IP6_END].map(addressOf) : [IP, IP_END].map(addressOf);
    return address && first && last && has({ ...first, last: last.last }, address);
  });
};

/**
 * Explains a missing address, for which oned has a single message: the network is not ready yet, it is full, or the
 * address is not part of it.
 */
async function whyNoAddress(cloud: Cloud, { kind, id }: NativeEnd, wanted: string | undefined, cause: OneRefusal) {
  if (kind === 'ipreservation') {
    return new OcciError('conflict', 'The ipreservation is in use by another networkinterface.', { cause });
  }
  const network = await readVnet(cloud, 'network', id).catch(() => undefined);
  if (wanted !== undefined && network && !isIn(wanted, network)) {
    return new OcciError('invalid', `The address ${wanted} is not one of this network.`, { cause });
  }
  if (wanted !== undefined) return new OcciError('conflict', `The address ${wanted} is not free.`, { cause });
  return new OcciError('conflict', 'The network has no free address, or is still being made.', { cause });
}

async function whyNotAttached(cloud: Cloud, target: NativeEnd, wanted: string | undefined, error: OneRefusal) {
  if (/Cannot get IP\/MAC lease/i.test(error.sentence)) return whyNoAddress(cloud, target, wanted, error);
  const isAboutTarget = /Virtual network with ID|to perform USE NET|Error getting virtual network/i.test(
    error.sentence,
  );
  return isAboutTarget ? noSuchEnd(target.kind, error) : refused(error);
}

/** Throws `conflict` when another interface of the machine has the name that is asked for: oned would give it twice. */
async function requireFreeName(cloud: Cloud, compute: NativeId, name: string | undefined): Promise<void> {
  if (name === undefined) return;
  const vm = await readVm(cloud, compute).catch((error) => {
    throw isFailure(error, 'notFound') ? noSuchEnd('compute', error) : error;
  });
  if (!toNetworkinterfaces(vm).some(({ attributes }) => attributes[INTERFACE] === name)) return;
  throw new OcciError('conflict', `The interface ${name} of this compute is in use.`);
}

/**
 * Attaches and reads the machine in one request; 1 more call if a name is requested. The new NIC is
 * identified by the token that oned keeps in it. Success means accepted; a NIC that is missing afterwards has failed
 * meanwhile, of which oned keeps no record.
 */
export async function attachNic(cloud: Cloud, { source, target, ...draft }: Draft<'networkinterface'>, token: string) {
  if (source?.kind !== 'compute' || !target) {
    throw new OcciError('invalid', 'A networkinterface starts at a compute and ends at a network.');
  }
  const machine = objectId(source.id);
  if (machine === undefined) throw noSuchEnd('compute');
  const own = suffixOf(token);
  const template = encodeTemplate({ NIC: { ...nicOf({ ...draft, target }), OCCI_TOKEN: own } });
  await requireFreeName(cloud, source.id, draft.attributes[INTERFACE]);
  const calls = [
    { method: 'one.vm.attachnic', params: [machine, template], shape: z.int() },
    { method: 'one.vm.info', params: [machine], shape: vmShape } satisfies Call<Vm>,
  ] as const;
  const vm = await inTurn(async () => {
    const [attached, found] = await cloud.client.multicall(calls);
    if (found instanceof OneRefusal) throw noSuchEnd('compute', found);
    if (isDoomed(found)) throw noSuchEnd('compute');
    if (!(attached instanceof OneRefusal)) return found;
    if (/\bstate HOTPLUG/.test(attached.sentence)) throw attached;
    throw await whyNotAttached(cloud, target, draft.attributes[ADDRESS] as string | undefined, attached);
  }).catch((error) => {
    throw refused(error);
  });
  const nic = nicsOf(vm).find(({ OCCI_TOKEN }) => OCCI_TOKEN === own);
  if (!nic) throw new OcciError('conflict', `The cloud could not attach the ${target.kind} to the compute.`);
  return toNetworkinterface(vm, nic);
}
