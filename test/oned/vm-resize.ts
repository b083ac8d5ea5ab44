import { refuseOverQuota } from './quotas.ts';
import { CODE, Refusal } from './refusal.ts';
import type { Caller } from './session.ts';
import type { Template } from './template.ts';
import type { Vm } from './vm.ts';
import { walk } from './vm-walk.ts';

const SIZES = ['CPU', 'MEMORY', 'VCPU'] as const;
const KINDS = { CPU: 'positive float or integer', MEMORY: 'positive integer', VCPU: 'positive integer' } as const;
const isGiven = (entry: readonly [string, string | undefined]): entry is [string, string] => entry[1] !== undefined;
const SYNCHRONOUS = ['PENDING', 'HOLD', 'POWEROFF', 'UNDEPLOYED', 'CLONING', 'CLONING_FAILURE'];

/**
 * Undefined for nought, for what is no number and for what is not given: they change nothing. Whole numbers are cut to
 * size.
 */
const sizeOf = (wanted: Template, name: (typeof SIZES)[number]): string | undefined => {
  const value = Number(wanted.text(name) ?? 0) || 0;
  if (value < 0) throw new Refusal(CODE.internal, `${name} must be a ${KINDS[name]} value.`);
  if (value === 0) return undefined;
  return String(name === 'CPU' ? value : Math.floor(value));
};

/** In hundredths of a CPU and in KiB: what one host has. */
const HOST = { CPU: 800, MEMORY: 16_777_216 } as const;

/** @throws {Refusal} 2048 where a VM that has a host would outgrow it */
const refuseTooMuch = (vm: Vm, sizes: ReadonlyMap<string, string>): void => {
  if (vm.history.length === 0) return;
  const [cpu, memory] = [Number(sizes.get('CPU') ?? 0) * 100, Number(sizes.get('MEMORY') ?? 0) * 1024];
  if (cpu > HOST.CPU) throw new Refusal(CODE.action, `Not enough CPU: ${cpu}/${HOST.CPU}`);
  if (memory > HOST.MEMORY) throw new Refusal(CODE.action, `Not enough memory: ${memory}/${HOST.MEMORY}`);
};

/**
 * At once, but for a running VM, which is HOTPLUG_RESIZE for a while: its template shows the new size already and
 * RESIZE the old one, which comes back if the driver fails.
 */
export const resize = (vm: Vm, who: Caller, wanted: Template): number => {
  const sizes = new Map(SIZES.map((name) => [name as string, sizeOf(wanted, name)] as const).filter(isGiven));
  const state = vm.stateName;
  if (state !== 'RUNNING' && !SYNCHRONOUS.includes(state)) {
    throw new Refusal(CODE.action, `Cannot resize a VM in state ${state}`);
  }
  const old = new Map(SIZES.map((name) => [name as string, vm.template.text(name) ?? '1']));
  const changed = new Map([...sizes].filter(([name, value]) => value !== old.get(name)));
  refuseTooMuch(vm, changed);
  const more = [...changed]
    .filter(([name]) => name !== 'VCPU')
    .map(([name, value]) => [name, Number(value) - Number(old.get(name))]);
  const owner = vm.site.users.get(vm.uid);
  if (owner)
    refuseOverQuota(vm.site, owner, { VM: Object.fromEntries(more.filter(([, amount]) => Number(amount) > 0)) });
  const set = (sizes: ReadonlyMap<string, string>): void => {
    for (const [name, value] of sizes) vm.template.set(name, value);
    vm.touch();
  };
  set(changed);
  vm.leave('resize', who, true);
  if (state !== 'RUNNING' || changed.size === 0) return vm.id;
  vm.template.set('RESIZE', old);
  const finish = (): void => {
    const failure = vm.site.fails('resize');
    if (failure !== undefined) set(old);
    vm.template.remove('RESIZE');
    vm.touch();
  };
  walk(vm, ['HOTPLUG_RESIZE', finish, 'RUNNING']);
  return vm.id;
};
