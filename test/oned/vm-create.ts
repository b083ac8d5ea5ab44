import { randomUUID } from 'node:crypto';
import { checkName } from './names.ts';
import { authorizeCreate } from './permissions.ts';
import { refuseOverQuota } from './quotas.ts';
import { notAuthorized, Refusal } from './refusal.ts';
import type { Caller } from './session.ts';
import { type Site, Vm } from './site.ts';
import { type Template, type Vector, vector } from './template.ts';
import { addContext } from './vm-context.ts';
import { addDisk, releaseImage } from './vm-disks.ts';
import { addNic, releaseLease } from './vm-nics.ts';
import { start } from './vm-start.ts';

/** What oned keeps in TEMPLATE; everything else is the user's. */
const KNOWN = new Set([
  ...['CPU', 'MEMORY', 'VCPU', 'DISK', 'NIC', 'NIC_ALIAS', 'CONTEXT', 'GRAPHICS', 'OS', 'FEATURES', 'INPUT', 'RAW'],
  ...['VIDEO', 'PCI', 'CPU_MODEL', 'NIC_DEFAULT', 'TOPOLOGY', 'NUMA_NODE', 'EMULATOR', 'TEMPLATE_ID', 'SUBMIT_ON_HOLD'],
  ...['CLONING_TEMPLATE_ID', 'BACKUP_CONFIG', 'MEMORY_MAX', 'VCPU_MAX', 'MEMORY_SLOTS', 'MEMORY_RESIZE_MODE'],
]);

export interface NewVm {
  readonly template: Template;
  readonly hold: boolean;
  /** Of an empty name: what stands before `-<id>`. */
  readonly unnamed: string;
  /** Of `one.vm.allocate` 8192 without a prefix; of `one.template.instantiate` 16384 with one. */
  readonly code: number;
  readonly prefix: string;
  readonly id?: number;
}

const positive = (text: string | undefined): boolean =>
  text !== undefined && /^\d*\.?\d+$/.test(text) && Number(text) > 0;

const refuseSizes = ({ template, code, prefix }: NewVm): void => {
  const refuse = (name: string, kind: string): never => {
    throw new Refusal(code, `${prefix}${name} attribute must be a positive ${kind} value.`);
  };
  if (!/^0*[1-9]\d*$/.test(template.text('MEMORY') ?? '')) refuse('MEMORY', 'integer');
  if (!positive(template.text('CPU'))) refuse('CPU', 'float or integer');
  const vcpu = template.text('VCPU');
  if (vcpu !== undefined && !/^[1-9]\d*$/.test(vcpu)) refuse('VCPU', 'integer');
};

const counted = (vectors: readonly Vector[], key: string, name: string): Record<string, Record<string, number>> => {
  const counts: Record<string, Record<string, number>> = {};
  for (const id of vectors.map((one) => one.get(key)).filter((one) => one !== undefined)) {
    counts[id] = { [name]: (counts[id]?.[name] ?? 0) + 1 };
  }
  return counts;
};

const refuseQuota = (site: Site, who: Caller, template: Template): void => {
  const [cpu, memory] = [Number(template.text('CPU')), Number(template.text('MEMORY'))];
  if (memory < 0) throw notAuthorized(who.uid, `user [${who.uid}] MEMORY attribute must be a positive integer value.`);
  refuseOverQuota(site, who.user, {
    VM: { VMS: 1, MEMORY: memory, CPU: cpu, RUNNING_VMS: 1, RUNNING_MEMORY: memory, RUNNING_CPU: cpu },
    NETWORK: counted(template.vectors('NIC'), 'NETWORK_ID', 'LEASES'),
    IMAGE: counted(template.vectors('DISK'), 'IMAGE_ID', 'RVMS'),
  });
};

/** Makes a VM, all or nothing: a refusal leaves no lease and no image in use. It is deployed unless held. */
export const createVm = (site: Site, who: Caller, wanted: NewVm): Vm => {
  const { template, code, prefix } = wanted;
  refuseQuota(site, who, template);
  refuseSizes(wanted);
  authorizeCreate(site, who, 'VM');
  const id = wanted.id ?? site.vms.next;
  const name = template.text('NAME') || `${wanted.unnamed}-${id}`;
  checkName(name, code, prefix);
  const vm = new Vm(site, id, name);
  Object.assign(vm, { uid: who.uid, gid: who.gid });
  for (const attribute of template.names()) {
    const target = KNOWN.has(attribute) ? vm.template : vm.userTemplate;
    if (!['NAME', 'DISK', 'NIC', 'NIC_ALIAS', 'CONTEXT'].includes(attribute)) {
      for (const value of template.values(attribute))
        target.add(attribute, typeof value === 'string' ? value : new Map(value));
    }
  }
  try {
    furnish(vm, who, wanted);
  } catch (cause) {
    for (const nic of vm.allNics()) releaseLease(vm, nic);
    for (const disk of vm.disks()) releaseImage(vm, disk);
    if (cause instanceof Refusal && cause.code === code && !cause.sentence.startsWith(prefix)) {
      throw new Refusal(code, prefix + cause.sentence);
    }
    throw cause;
  }
  site.vms.put(vm);
  start(vm, wanted.hold);
  return vm;
};

const furnish = (vm: Vm, who: Caller, { template, code }: NewVm): void => {
  const own = vm.template;
  own.set('VMID', vm.id);
  const [os = new Map<string, string>()] = own.vectors('OS');
  if (!os.has('UUID')) own.set('OS', new Map(os).set('UUID', randomUUID()));
  template.vectors('DISK').forEach((disk, index) => {
    addDisk(vm, who, new Map(disk), { code, prefix: `DISK ${index}: `, hot: false });
  });
  for (const nic of template.vectors('NIC')) addNic(vm, who, new Map(nic), { code, hot: false, alias: false });
  for (const nic of template.vectors('NIC_ALIAS')) addNic(vm, who, new Map(nic), { code, hot: false, alias: true });
  const [context] = template.vectors('CONTEXT');
  if (context) addContext(vm, context, code);
  own.vectors('PCI').forEach(placePci);
  const outside = '!(PUBLIC_CLOUD = YES) & !(PIN_POLICY = PINNED)';
  const bound = own.has('DISK') || vm.allNics().some((nic) => nic.has('NETWORK_ID'));
  own.set('AUTOMATIC_REQUIREMENTS', bound ? `(CLUSTER_ID = 0) & ${outside}` : outside);
  if (bound) for (const kind of ['DS', 'NIC']) own.set(`AUTOMATIC_${kind}_REQUIREMENTS`, '("CLUSTERS/ID" @> 0)');
};

const placePci = (pci: Vector, index: number): void => {
  const slot = index + 1;
  const address = {
    VM_ADDRESS: `01:0${slot}.0`,
    VM_BUS: '0x01',
    VM_DOMAIN: '0x0000',
    VM_FUNCTION: 0,
    VM_SLOT: `0x0${slot}`,
  };
  for (const [key, value] of vector({ PCI_ID: index, ...address })) pci.set(key, value);
};
