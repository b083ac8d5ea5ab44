import type { Method, Methods } from '../method.ts';
import { authorize } from '../permissions.ts';
import { refuseOverQuota } from '../quotas.ts';
import { CODE, Refusal } from '../refusal.ts';
import { refuseRestrictedMerge } from '../restricted.ts';
import { parseTemplate } from '../template-parser.ts';
import { addDisk, removeDisk } from '../vm-disks.ts';
import { unless, walk } from '../vm-walk.ts';
import { attachNic, detachNic } from './hotplug-nics.ts';
import { back, plugged, record, stays, unflagged } from './hotplug-steps.ts';

/** A failed attach leaves no trace at all. */
const attach: Method = {
  takes: ['is'],
  run: (call) => {
    authorize(call.who, 'MANAGE', call.site.vms.must(call.number(0)));
    const template = parseTemplate(call.text(1), CODE.internal);
    refuseRestrictedMerge(call.who, template, 'DISK');
    if (call.site.vms.must(call.number(0)).history.length === 0) {
      throw new Refusal(CODE.action, 'VM is not running in any host');
    }
    const { vm, running } = plugged(call, 'Could not attach a new disk to VM #');
    const [wanted] = template.vectors('DISK');
    if (!wanted) throw new Refusal(CODE.action, 'Internal error parsing DISK attribute');
    const image = wanted.get('IMAGE_ID');
    if (image !== undefined && call.site.images.get(Number(image))) {
      refuseOverQuota(call.site, call.site.users.must(vm.uid), { IMAGE: { [image]: { RVMS: 1 } } });
    }
    const disk = addDisk(vm, call.who, new Map(wanted), { code: CODE.action, prefix: '', hot: true });
    const state = running ? 'HOTPLUG' : 'HOTPLUG_PROLOG_POWEROFF';
    const failed = unless(
      vm,
      'attachDisk',
      () => {
        removeDisk(vm, disk);
        walk(vm, [back(running)]);
      },
      false,
    );
    record(vm, call, 'disk-attach');
    walk(vm, [state, failed, unflagged(vm, disk), back(running)]);
    return vm.id;
  },
};

const detach: Method = {
  takes: ['ii'],
  run: (call) => {
    const { vm, running } = plugged(call, 'Could not detach disk from VM #');
    const disk = vm.disk(call.number(1));
    if (!disk)
      throw new Refusal(CODE.action, `Could not detach disk with DISK_ID ${call.number(1)}, it does not exist.`);
    disk.set('ATTACH', 'YES');
    const failed = unless(vm, 'detachDisk', () => stays(vm, disk, running), false);
    record(vm, call, 'disk-detach');
    walk(vm, [running ? 'HOTPLUG' : 'HOTPLUG_EPILOG_POWEROFF', failed, () => removeDisk(vm, disk), back(running)]);
    return vm.id;
  },
};

export const hotplugMethods: Methods = {
  'one.vm.attach': attach,
  'one.vm.detach': detach,
  'one.vm.attachnic': attachNic,
  'one.vm.detachnic': detachNic,
};
