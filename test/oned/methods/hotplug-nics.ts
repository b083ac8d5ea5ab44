import type { Method } from '../method.ts';
import { authorize } from '../permissions.ts';
import { refuseOverQuota } from '../quotas.ts';
import { CODE, Refusal } from '../refusal.ts';
import { refuseRestrictedMerge } from '../restricted.ts';
import { parseTemplate } from '../template-parser.ts';
import { refreshContext } from '../vm-context.ts';
import { addNic, removeNic } from '../vm-nics.ts';
import { unless, walk } from '../vm-walk.ts';
import { plugged, record, stays, unflagged } from './hotplug-steps.ts';

export const attachNic: Method = {
  takes: ['is'],
  run: (call) => {
    authorize(call.who, 'MANAGE', call.site.vms.must(call.number(0)));
    const template = parseTemplate(call.text(1), CODE.internal);
    refuseRestrictedMerge(call.who, template, 'NIC');
    const { vm, running } = plugged(call, 'Could not add a new NIC to VM #');
    const [alias] = template.vectors('NIC_ALIAS');
    const wanted = alias ?? template.vectors('NIC')[0];
    if (!wanted) throw new Refusal(CODE.action, 'Wrong format or missing NIC/NIC_ALIAS/PCI attribute');
    const network = wanted.get('NETWORK_ID');
    if (network !== undefined && call.site.networks.get(Number(network))) {
      refuseOverQuota(call.site, call.site.users.must(vm.uid), { NETWORK: { [network]: { LEASES: 1 } } });
    }
    const nic = addNic(vm, call.who, new Map(wanted), { code: CODE.action, hot: running, alias: alias !== undefined });
    const failed = unless(
      vm,
      'attachNic',
      () => {
        removeNic(vm, nic);
        walk(vm, ['RUNNING']);
      },
      false,
    );
    record(vm, call, alias ? 'alias-attach' : 'nic-attach');
    if (running) walk(vm, ['HOTPLUG_NIC', failed, unflagged(vm, nic), () => refreshContext(vm), 'RUNNING']);
    return vm.id;
  },
};

export const detachNic: Method = {
  takes: ['ii'],
  run: (call) => {
    const { vm, running } = plugged(call, 'Could not detach NIC from VM #');
    const nic = vm.nic(call.number(1));
    if (!nic) throw new Refusal(CODE.action, `Could not detach NIC with NIC_ID ${call.number(1)}, it does not exist.`);
    const taken = (): void => {
      removeNic(vm, nic);
      refreshContext(vm);
    };
    record(vm, call, nic.has('PARENT_ID') ? 'alias-detach' : 'nic-detach');
    if (running) {
      nic.set('ATTACH', 'YES');
      const failed = unless(vm, 'detachNic', () => stays(vm, nic, running), false);
      walk(vm, ['HOTPLUG_NIC', failed, taken, 'RUNNING']);
    } else taken();
    return vm.id;
  },
};
