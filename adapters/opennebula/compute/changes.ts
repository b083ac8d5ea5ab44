/**
 * Changes of a compute: name and description, size, and the CONTEXT that the guest reads. Each is a native call of its
 * own; the changes that the cloud may refuse because of the machine's state come first, so that a refusal leaves
 * nothing half changed.
 */

import * as z from 'zod';
import type { Change, Native, NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { typeId } from '../../../lib/occi/types.ts';
import { translateChangeErrors } from '../api/errors.ts';
import { OneRefusal } from '../api/xml-rpc.ts';
import type { Cloud } from '../cloud.ts';
import { inTurn } from '../machine/hotplug.ts';
import { readVm } from '../machine/reads.ts';
import { mixinId, objectOfMixin } from '../mixins.ts';
import type { Vm } from '../native/index.ts';
import { nameOf } from '../template/naming.ts';
import { EMPTY, type Template } from '../template/template.ts';
import { encodeTemplate } from '../template/write.ts';
import { architectureOf, capacityOf, keepMixins, keptMixins } from './compute-template.ts';
import { CONTEXTUAL, contextOf, emptiedBeside, emptiedContext } from './contextualization.ts';
import { toCompute } from './entity.ts';

type ComputeChange = Change<'compute'>;

const isContextual = (name: string): boolean => (CONTEXTUAL as readonly string[]).includes(name);

/** Throws `conflict` for a change of an immutable attribute. */
function refuseFixed(cloud: Cloud, machine: Vm, { set, addMixins, removeMixins }: ComputeChange): void {
  const own = machine.TEMPLATE.TEMPLATE_ID === undefined ? undefined : mixinId('os_tpl', machine.TEMPLATE.TEMPLATE_ID);
  const ids = [...addMixins.map(typeId).filter((id) => id !== own), ...removeMixins];
  if (ids.some((id) => objectOfMixin('os_tpl', id) !== undefined)) {
    throw new OcciError('conflict', 'The OS template of a compute cannot be changed.');
  }
  const kept = keptMixins(machine.USER_TEMPLATE, cloud.settings);
  if (ids.some((id) => objectOfMixin('availability_zone', id) !== undefined && !kept.includes(id))) {
    throw new OcciError('conflict', 'A compute cannot be moved to another availability zone.');
  }
  const architecture = architectureOf(machine.TEMPLATE.OS.ARCH) ?? machine.USER_TEMPLATE.OCCI_ARCHITECTURE;
  const wanted = set['occi.compute.architecture'];
  if (wanted !== undefined && wanted !== architecture) {
    throw new OcciError('conflict', 'The architecture of a compute cannot be changed.');
  }
}

/** The requested size; undefined when the machine has that size already. */
function newSize(cloud: Cloud, { TEMPLATE }: Vm, { set }: ComputeChange): Template | undefined {
  const cores = TEMPLATE.VCPU ?? 1;
  const speed = ((TEMPLATE.CPU ?? cores) / cores) * cloud.settings.coreSpeed;
  const {
    VCPU = cores,
    CPU = TEMPLATE.CPU ?? cores,
    MEMORY = TEMPLATE.MEMORY,
  } = capacityOf(set, cloud, { cores, speed });
  const same = VCPU === cores && CPU === TEMPLATE.CPU && MEMORY === TEMPLATE.MEMORY;
  return same ? undefined : { VCPU, CPU, MEMORY };
}

/** What of its CONTEXT is to be otherwise: oned adds it to what is there, and adds its own values again. */
const newContext = ({ set, unset }: ComputeChange): Template => ({
  CONTEXT: { ...emptiedContext(unset), ...contextOf(set).context },
});

/** OpenNebula cannot add a CONTEXT to a machine that was created without one (measured on 6.10). */
const lacksContext = (error: unknown): boolean =>
  error instanceof OneRefusal && /does not have context/i.test(error.sentence);

const withoutContext = (cause: unknown): OcciError =>
  new OcciError('conflict', 'The compute was made without contextualization, and cannot get it later.', { cause });

/** Its name, and what is to stand beside the template. */
function newBeside({ settings }: Cloud, machine: Vm, { set, unset, addMixins, removeMixins }: ComputeChange) {
  const { USER_TEMPLATE } = machine;
  const title = set['occi.core.title'];
  const titled = title !== undefined || unset.includes('occi.core.title');
  const token = USER_TEMPLATE.OCCI_TOKEN || `vm ${machine.ID}`;
  const naming = titled ? nameOf('compute', typeof title === 'string' ? title : undefined, token) : undefined;
  const summary = set['occi.core.summary'];
  const kept = keptMixins(USER_TEMPLATE, settings);
  const added = addMixins.map(typeId).filter((id) => objectOfMixin('os_tpl', id) === undefined);
  const mixins = [...new Set([...kept.filter((id) => !removeMixins.includes(id)), ...added])];
  const values: Template = {
    ...naming?.attributes,
    ...contextOf(set).beside,
    ...(typeof summary === 'string' && { DESCRIPTION: summary, OCCI_DESCRIBED: 'YES' }),
    ...(addMixins.length + removeMixins.length > 0 && keepMixins(mixins)),
  };
  const empty = [
    ...(naming && naming.attributes.OCCI_TITLE === undefined ? ['OCCI_TITLE'] : []),
    ...(naming && naming.attributes.OCCI_NAME === undefined ? ['OCCI_NAME'] : []),
    ...(unset.includes('occi.core.summary') ? ['DESCRIPTION'] : []),
    ...(mixins.length === 0 && kept.length > 0 ? ['OCCI_MIXINS'] : []),
    ...emptiedBeside(set, unset),
  ].filter((name) => USER_TEMPLATE[name] && values[name] === undefined);
  return { name: naming?.name, values: { ...values, ...Object.fromEntries(empty.map((name) => [name, EMPTY])) } };
}

/** Update mode: adds attributes to a template and replaces those that exist. */
const APPEND = 1;

/** Changes a compute and returns the result. Throws `conflict` for an immutable attribute or an unsuitable state. */
export async function updateCompute(cloud: Cloud, id: NativeId, change: ComputeChange): Promise<Native<'compute'>> {
  const { client } = cloud;
  const [verdict, machine] = await Promise.all([cloud.verdict(), readVm(cloud, id)]);
  refuseFixed(cloud, machine, change);
  const size = newSize(cloud, machine, change);
  const contextual = [...Object.keys(change.set), ...change.unset].some(isContextual);
  const { name, values } = newBeside(cloud, machine, change);
  const beside = Object.values(values).some((value) => value !== undefined) ? encodeTemplate(values) : undefined;
  await translateChangeErrors(
    'compute',
    () => readVm(cloud, id),
    async () => {
      if (contextual) {
        await client
          .call('one.vm.updateconf', [machine.ID, encodeTemplate(newContext(change)), APPEND], z.unknown())
          .catch((error) => {
            throw lacksContext(error) ? withoutContext(error) : error;
          });
      }
      // oned refuses a resize while it passes a new CONTEXT to a running guest.
      if (size) await inTurn(() => client.call('one.vm.resize', [machine.ID, encodeTemplate(size), true], z.unknown()));
      if (name !== undefined && name !== machine.NAME)
        await client.call('one.vm.rename', [machine.ID, name], z.unknown());
      if (beside !== undefined) await client.call('one.vm.update', [machine.ID, beside, APPEND], z.unknown());
    },
  );
  return toCompute(cloud, verdict, await readVm(cloud, id));
}
