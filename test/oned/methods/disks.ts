import { IMAGE, IMAGE_TYPE } from '../image.ts';
import type { Call, Method, Methods } from '../method.ts';
import { authorize } from '../permissions.ts';
import { CODE, Refusal } from '../refusal.ts';
import type { Image, Vm } from '../site.ts';
import { Template, type Vector, vector } from '../template.ts';
import { walk } from '../vm-walk.ts';
import { addImage } from './image-allocate.ts';

export const vmOf = (call: Call): Vm => {
  const vm = call.site.vms.must(call.number(0));
  authorize(call.who, 'MANAGE', vm);
  return vm;
};

/** By the state of the VM, the one that it is in meanwhile. */
export type Meanwhile = Readonly<Record<string, string>>;

export const meanwhile = (vm: Vm, states: Meanwhile, refusal: string, code: number = CODE.action): string => {
  const state = Object.hasOwn(states, vm.stateName) ? states[vm.stateName] : undefined;
  if (state === undefined) throw new Refusal(code, refusal.replace('#', vm.stateName));
  return state;
};

const SAVE_AS: Meanwhile = {
  RUNNING: 'HOTPLUG_SAVEAS',
  POWEROFF: 'HOTPLUG_SAVEAS_POWEROFF',
  SUSPENDED: 'HOTPLUG_SAVEAS_SUSPENDED',
  UNDEPLOYED: 'HOTPLUG_SAVEAS_UNDEPLOYED',
  STOPPED: 'HOTPLUG_SAVEAS_STOPPED',
};

const savedFrom = (vm: Vm, disk: Vector, source: Image): Template =>
  Template.of({
    DEV_PREFIX: source.template.text('DEV_PREFIX') ?? 'sd',
    SAVE_AS_HOT: 'YES',
    ...{ SAVED_DISK_ID: disk.get('DISK_ID')!, SAVED_IMAGE_ID: source.id, SAVED_VM_ID: vm.id },
  });

/** Answers the id of the image, which is LOCKED until the disk is copied. */
const saveAs: Method = {
  takes: ['iissi'],
  run: (call) => {
    const vm = vmOf(call);
    const disk = vm.disk(call.number(1));
    if (!disk) throw new Refusal(CODE.internal, 'Cannot use DISK. DISK does not exist.');
    const source = call.site.images.get(Number(disk.get('IMAGE_ID') ?? -1));
    if (!source) throw new Refusal(CODE.internal, 'Cannot use DISK. DISK does not have a valid IMAGE_ID.');
    const state = meanwhile(vm, SAVE_AS, 'VM has to be RUNNING, POWEROFF or SUSPENDED to save disks.', CODE.internal);
    const before = vm.stateName;
    const given =
      call.text(3) === '' ? source.type : (IMAGE_TYPE as readonly string[]).indexOf(call.text(3).toUpperCase());
    if (given < 0) throw new Refusal(CODE.allocate, 'Error allocating a new image. Unknown type ');
    const fields = {
      type: given,
      size: Number(disk.get('SIZE')),
      datastore: source.datastore,
      template: savedFrom(vm, disk, source),
    };
    const image = addImage(call.site, call.who, call.text(2), fields);
    const flags = { HOTPLUG_SAVE_AS_ACTIVE: 'YES', HOTPLUG_SAVE_AS_SNAPSHOT_ID: call.number(4) };
    for (const [key, value] of vector(flags)) disk.set(key, value);
    const finish = (): void => {
      for (const key of Object.keys(flags)) disk.delete(key);
      const failure = call.site.fails('saveAs');
      image.template.remove('SAVE_AS_HOT');
      Object.assign(image, { source: source.source, path: '', format: source.format });
      image.goTo(failure === undefined ? IMAGE.ready : IMAGE.error);
      if (failure === undefined) image.rest();
    };
    walk(vm, [state, finish, before]);
    return image.id;
  },
};

const RESIZE: Meanwhile = {
  RUNNING: 'DISK_RESIZE',
  POWEROFF: 'DISK_RESIZE_POWEROFF',
  UNDEPLOYED: 'DISK_RESIZE_UNDEPLOYED',
};

const resizeDisk: Method = {
  takes: ['iis'],
  run: (call) => {
    const vm = vmOf(call);
    const [text, size] = [call.text(2), Number(call.text(2))];
    if (!/^\d+$/.test(text)) throw new Refusal(CODE.action, 'Disk SIZE is not a valid integer');
    const disk = vm.disk(call.number(1));
    if (!disk) throw new Refusal(CODE.action, 'VM disk does not exist');
    if (size <= Number(disk.get('SIZE')))
      throw new Refusal(CODE.action, 'New disk size has to be greater than current one');
    const before = vm.stateName;
    const state = meanwhile(vm, RESIZE, `Could not resize disk for VM ${vm.id}, wrong state #.`);
    for (const [key, value] of vector({ RESIZE: 'YES', SIZE_PREV: disk.get('SIZE'), SIZE: size })) disk.set(key, value);
    const image = call.site.images.get(Number(disk.get('IMAGE_ID') ?? -1));
    const finish = (): void => {
      if (image?.persistent) {
        image.size = size;
        image.touch();
      }
      disk.delete('RESIZE');
      disk.delete('SIZE_PREV');
      vm.touch();
    };
    vm.leave('disk-resize', call.who, true);
    walk(vm, [state, finish, before]);
    return call.number(1);
  },
};

export const diskMethods: Methods = {
  'one.vm.disksaveas': saveAs,
  'one.vm.diskresize': resizeDisk,
};
