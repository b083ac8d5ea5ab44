import type { Call, Method, Methods } from '../method.ts';
import { authorize } from '../permissions.ts';
import { CODE, Refusal } from '../refusal.ts';
import type { Vm } from '../site.ts';
import { type Vector, vector } from '../template.ts';
import { walk } from '../vm-walk.ts';

/** Snapshots of the whole VM are a matter of RUNNING. */
const running = (call: Call, refusal: (vm: Vm) => string): Vm => {
  const vm = call.site.vms.must(call.number(0));
  authorize(call.who, 'MANAGE', vm);
  if (vm.stateName !== 'RUNNING') {
    throw new Refusal(CODE.action, `${refusal(vm)}, wrong state ${vm.stateName}.`);
  }
  return vm;
};

const snapshotOf = (vm: Vm, id: number, refusal: string): Vector => {
  const found = vm.template.vectors('SNAPSHOT').find((one) => Number(one.get('SNAPSHOT_ID')) === id);
  if (!found) throw new Refusal(CODE.action, `${refusal}, it does not exist.`);
  return found;
};

const during = (vm: Vm, snapshot: Vector, action: 'CREATE' | 'REVERT' | 'DELETE', finish: () => void): void => {
  snapshot.set('ACTION', action).set('ACTIVE', 'YES');
  const end = (): void => {
    snapshot.delete('ACTION');
    snapshot.delete('ACTIVE');
    finish();
    vm.touch();
  };
  walk(vm, ['HOTPLUG_SNAPSHOT', end, 'RUNNING']);
};

const create: Method = {
  takes: ['is'],
  run: (call) => {
    const vm = running(call, ({ id }) => `Could not create a new snapshot for VM ${id}`);
    const id = vm.nextSnapshot;
    vm.nextSnapshot += 1;
    const size = vm.disks().reduce((sum, disk) => sum + Number(disk.get('SIZE')), 0);
    const named = {
      NAME: call.text(1) || `snapshot-${id}`,
      SNAPSHOT_ID: id,
      SYSTEM_DISK_SIZE: size,
      TIME: call.site.now(),
    };
    const snapshot = vector(named);
    vm.template.add('SNAPSHOT', snapshot);
    during(vm, snapshot, 'CREATE', () => snapshot.set('HYPERVISOR_ID', 'dummy-snap'));
    return id;
  },
};

const revert: Method = {
  takes: ['ii'],
  run: (call) => {
    const [of, id] = [call.number(0), call.number(1)];
    const refusal = `Could not revert VM ${of} to snapshot ${id}`;
    const vm = running(call, () => refusal);
    during(vm, snapshotOf(vm, id, refusal), 'REVERT', () => {});
    return -1;
  },
};

const remove: Method = {
  takes: ['ii'],
  run: (call) => {
    const [of, id] = [call.number(0), call.number(1)];
    const refusal = `Could not delete snapshot ${id} for VM ${of}`;
    const vm = running(call, () => refusal);
    const snapshot = snapshotOf(vm, id, refusal);
    during(vm, snapshot, 'DELETE', () => {
      vm.template.replaceVectors(
        'SNAPSHOT',
        vm.template.vectors('SNAPSHOT').filter((one) => one !== snapshot),
      );
    });
    return -1;
  },
};

export const snapshotMethods: Methods = {
  'one.vm.snapshotcreate': create,
  'one.vm.snapshotrevert': revert,
  'one.vm.snapshotdelete': remove,
};
