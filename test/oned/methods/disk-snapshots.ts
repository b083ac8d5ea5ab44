import type { Method, Methods } from '../method.ts';
import { CODE, Refusal } from '../refusal.ts';
import type { Vm } from '../site.ts';
import { type Vector, vector } from '../template.ts';
import { walk } from '../vm-walk.ts';
import { type Meanwhile, meanwhile, vmOf } from './disks.ts';

const CREATE: Meanwhile = {
  RUNNING: 'DISK_SNAPSHOT',
  POWEROFF: 'DISK_SNAPSHOT_POWEROFF',
  SUSPENDED: 'DISK_SNAPSHOT_SUSPENDED',
};
const DELETE: Meanwhile = {
  RUNNING: 'DISK_SNAPSHOT_DELETE',
  POWEROFF: 'DISK_SNAPSHOT_DELETE_POWEROFF',
  SUSPENDED: 'DISK_SNAPSHOT_DELETE_SUSPENDED',
};
const REVERT: Meanwhile = { POWEROFF: 'DISK_SNAPSHOT_REVERT_POWEROFF' };

/** Flags the disk while something happens to one of its snapshots. */
const during = (vm: Vm, disk: Vector, snapshot: number, state: string, finish: () => void): void => {
  const before = vm.stateName;
  for (const [key, value] of vector({ DISK_SNAPSHOT_ACTIVE: 'YES', DISK_SNAPSHOT_ID: snapshot })) disk.set(key, value);
  const end = (): void => {
    disk.delete('DISK_SNAPSHOT_ACTIVE');
    disk.delete('DISK_SNAPSHOT_ID');
    finish();
    const sizes =
      vm.diskSnapshots.get(Number(disk.get('DISK_ID')))?.snapshots.map((one) => Number(one.get('SIZE'))) ?? [];
    disk.set('DISK_SNAPSHOT_TOTAL_SIZE', String(sizes.reduce((sum, size) => sum + size, 0)));
    vm.touch();
  };
  walk(vm, [state, end, before]);
};

const activate = (all: readonly Vector[], id: number | undefined): void => {
  for (const one of all) {
    if (Number(one.get('ID')) === id) one.set('ACTIVE', 'YES');
    else one.delete('ACTIVE');
  }
};

const createSnapshot: Method = {
  takes: ['iis'],
  run: (call) => {
    const vm = vmOf(call);
    const disk = vm.disk(call.number(1));
    if (!disk) throw new Refusal(CODE.action, 'VM disk does not exist');
    if (!disk.has('IMAGE_ID')) throw new Refusal(CODE.action, 'Cannot make snapshots on volatile disks');
    const state = meanwhile(vm, CREATE, `Could not create a new snapshot for VM ${vm.id}, wrong state #.`);
    const kept = vm.diskSnapshots.get(call.number(1)) ?? { next: 0, snapshots: [] };
    vm.diskSnapshots.set(call.number(1), kept);
    const id = kept.next;
    kept.next += 1;
    const parent = kept.snapshots.find((one) => one.has('ACTIVE'));
    if (parent) parent.set('CHILDREN', [parent.get('CHILDREN'), id].filter((one) => one !== undefined).join(','));
    const made = {
      DATE: call.site.now(),
      ID: id,
      NAME: call.text(2),
      PARENT: parent?.get('ID') ?? -1,
      SIZE: disk.get('SIZE'),
    };
    kept.snapshots.push(vector(made));
    disk.set(
      'DISK_SNAPSHOT_TOTAL_SIZE',
      String(Number(disk.get('DISK_SNAPSHOT_TOTAL_SIZE') ?? 0) + Number(disk.get('SIZE'))),
    );
    activate(kept.snapshots, undefined);
    vm.leave('disk-snapshot-create', call.who, true);
    during(vm, disk, id, state, () => activate(kept.snapshots, id));
    return id;
  },
};

const onSnapshot = (states: Meanwhile, refusal: string, change: (all: Vector[], id: number) => void): Method => ({
  takes: ['iii'],
  run: (call) => {
    const vm = vmOf(call);
    const [diskId, id] = [call.number(1), call.number(2)];
    const state = meanwhile(vm, states, refusal.replace('@', String(vm.id)));
    const all = vm.diskSnapshots.get(diskId)?.snapshots;
    const disk = vm.disk(diskId);
    if (!all) throw new Refusal(CODE.action, 'Snapshot does not exist');
    if (!disk || !all.some((one) => Number(one.get('ID')) === id)) {
      throw new Refusal(CODE.action, `Disk id (${diskId}) or snapshot id (${id}) is not valid.`);
    }
    during(vm, disk, id, state, () => change(all, id));
    return vm.id;
  },
});

const removed = (all: Vector[], id: number): void => {
  const [gone] = all.splice(
    all.findIndex((one) => Number(one.get('ID')) === id),
    1,
  );
  const parent = all.find((one) => one.get('ID') === gone?.get('PARENT'));
  const left = (parent?.get('CHILDREN') ?? '').split(',').filter((child) => child !== '' && Number(child) !== id);
  if (left.length > 0) parent?.set('CHILDREN', left.join(','));
  else parent?.delete('CHILDREN');
  if (gone?.has('ACTIVE')) parent?.set('ACTIVE', 'YES');
};

export const diskSnapshotMethods: Methods = {
  'one.vm.disksnapshotcreate': createSnapshot,
  'one.vm.disksnapshotrevert': onSnapshot(
    REVERT,
    'Could not revert to disk snapshot for VM @, wrong state #.',
    activate,
  ),
  'one.vm.disksnapshotdelete': onSnapshot(DELETE, 'Could not delete disk snapshot from VM @, wrong state #.', removed),
};
