import type { HistoryAction } from '../history.ts';
import type { Call } from '../method.ts';
import { authorize } from '../permissions.ts';
import { CODE, Refusal } from '../refusal.ts';
import type { Vm } from '../site.ts';
import type { Vector } from '../template.ts';
import { walk } from '../vm-walk.ts';

/** The VM, in a state that allows it: RUNNING or POWEROFF. */
export const plugged = (call: Call, refusal: string): { vm: Vm; running: boolean } => {
  const vm = call.site.vms.must(call.number(0));
  authorize(call.who, 'MANAGE', vm);
  const state = vm.stateName;
  if (state !== 'RUNNING' && state !== 'POWEROFF') {
    throw new Refusal(CODE.action, `${refusal.replace('#', String(vm.id))}, wrong state ${state}.`);
  }
  return { vm, running: state === 'RUNNING' };
};

export const back = (running: boolean): string => (running ? 'RUNNING' : 'POWEROFF');

/** Written when the call is accepted, and left there when the driver fails. */
export const record = (vm: Vm, call: Call, action: HistoryAction): void => vm.leave(action, call.who, true);

export const unflagged = (vm: Vm, one: Vector) => (): void => {
  one.delete('ATTACH');
  vm.touch();
};

/** A detach that failed: it is still there, and nothing says so. */
export const stays = (vm: Vm, one: Vector, running: boolean): void => {
  one.delete('ATTACH');
  walk(vm, [back(running)]);
};
