/**
 * Changes of a compute: name and description, size, and what its CONTEXT tells the guest. Each is a native call of its own;
 * what the cloud may refuse for the state of the machine comes first, so that a refusal leaves nothing half changed.
 */
import * as z from 'zod';
import type { Change, Native, NativeId } from '../../lib/adapter.ts';
import { OcciError } from '../../lib/errors.ts';
import { typeId } from '../../lib/occi/types.ts';
import { type Cloud, toldOf } from './cloud.ts';
import { toCompute } from './compute-entity.ts';
import { architectureOf, capacityOf, keepMixins, keptMixins } from './compute-template.ts';
import { CONTEXTUAL, contextOf } from './contextualization.ts';
import { mixinId, objectOfMixin } from './mixins.ts';
import { nameOf } from './naming.ts';
import { attributes, root, vector } from './native/fields.ts';
import type { Vm } from './native.ts';
import type { Template } from './template.ts';
import { again } from './vm-templates.ts';
import { readVm } from './vms.ts';
import { written } from './writing.ts';

type ComputeChange = Change<'compute'>;

const isContextual = (name: string): boolean => (CONTEXTUAL as readonly string[]).includes(name);

/** Throws `conflict` for what a machine keeps as long as it lives. */
function refuseFixed(machine: Vm, { set, addMixins, removeMixins }: ComputeChange): void {
  const own = machine.TEMPLATE.TEMPLATE_ID === undefined ? undefined : mixinId('os_tpl', machine.TEMPLATE.TEMPLATE_ID);
  const ids = [...addMixins.map(typeId).filter((id) => id !== own), ...removeMixins];
  if (ids.some((id) => objectOfMixin('os_tpl', id) !== undefined)) {
    throw new OcciError('conflict', 'The OS template of a compute cannot be changed.');
  }
  const kept = keptMixins(machine.USER_TEMPLATE);
  if (ids.some((id) => objectOfMixin('availability_zone', id) !== undefined && !kept.includes(id))) {
    throw new OcciError('conflict', 'A compute cannot be moved to another availability zone.');
  }
  const architecture = architectureOf(machine.TEMPLATE.OS.ARCH) ?? machine.USER_TEMPLATE.OCCI_ARCHITECTURE;
  const wanted = set['occi.compute.architecture'];
  if (wanted !== undefined && wanted !== architecture) {
    throw new OcciError('conflict', 'The architecture of a compute cannot be changed.');
  }
}

/** The size that it is to have; undefined when it has that already. */
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

const contextShape = root('VM', z.object({ TEMPLATE: vector({ CONTEXT: attributes }) }));

/** What oned itself adds to a CONTEXT, and adds again. */
const GENERATED = /^(?:DISK_ID|TARGET|ETH\d+_.*|PCI\d+_.*)$/;

/** The whole CONTEXT as it is to be: oned replaces it. */
async function newContext({ client }: Cloud, machine: Vm, { set, unset }: ComputeChange): Promise<Template> {
  const { TEMPLATE } = await client.call('one.vm.info', [machine.ID], contextShape, { repeatable: true });
  const present = Object.entries(TEMPLATE.CONTEXT).filter(([name]) => !GENERATED.test(name));
  const gone = new Set([
    ...(unset.some((name) => name.includes('publickey')) ? ['SSH_PUBLIC_KEY'] : []),
    ...(unset.some((name) => /user_?data$/.test(name)) ? ['USER_DATA', 'USERDATA_ENCODING'] : []),
    ...(unset.includes('occi.compute.hostname') ? ['SET_HOSTNAME'] : []),
  ]);
  const stays = Object.fromEntries(present.filter(([name]) => !gone.has(name)));
  return { CONTEXT: { ...again(stays), ...contextOf(set).context } };
}

/** What stands beside the template, and the names of what is to be empty. */
function newBeside(machine: Vm, { set, unset, addMixins, removeMixins }: ComputeChange) {
  const { USER_TEMPLATE } = machine;
  const title = set['occi.core.title'];
  const titled = title !== undefined || unset.includes('occi.core.title');
  const token = USER_TEMPLATE.OCCI_TOKEN || `vm ${machine.ID}`;
  const naming = titled ? nameOf('compute', typeof title === 'string' ? title : undefined, token) : undefined;
  const summary = set['occi.core.summary'];
  const kept = keptMixins(USER_TEMPLATE);
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
  ].filter((name) => USER_TEMPLATE[name]);
  return { name: naming?.name, values, empty };
}

/** Adds to a template what it has not got and replaces what it has. */
const APPEND = 1;

/** Changes a compute and answers it as it is then. Throws `conflict` for what cannot be changed, or not in its state. */
export async function updateCompute(cloud: Cloud, id: NativeId, change: ComputeChange): Promise<Native<'compute'>> {
  const { client } = cloud;
  const [verdict, machine] = await Promise.all([cloud.verdict(), readVm(cloud, id)]);
  refuseFixed(machine, change);
  const size = newSize(cloud, machine, change);
  const contextual = [...Object.keys(change.set), ...change.unset].some(isContextual);
  const { name, values, empty } = newBeside(machine, change);
  const beside = Object.values(values).some((value) => value !== undefined) ? written(values) : undefined;
  await toldOf(
    'compute',
    () => readVm(cloud, id),
    async () => {
      if (contextual) {
        const context = written(await newContext(cloud, machine, change));
        await client.call('one.vm.updateconf', [machine.ID, context, APPEND], z.unknown());
      }
      if (size) await client.call('one.vm.resize', [machine.ID, written(size), true], z.unknown());
      if (name !== undefined && name !== machine.NAME)
        await client.call('one.vm.rename', [machine.ID, name], z.unknown());
      if (beside !== undefined) await client.call('one.vm.update', [machine.ID, beside, APPEND], z.unknown());
      // The XML form drops what is empty; these names are ours, and no text of a client is in them.
      const blanks = empty.map((blank) => `${blank} = ""`).join('\n');
      if (blanks !== '') await client.call('one.vm.update', [machine.ID, blanks, APPEND], z.unknown());
    },
  );
  return toCompute(cloud, verdict, await readVm(cloud, id));
}
