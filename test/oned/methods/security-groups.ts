import type { Method, Methods } from '../method.ts';
import { checkName } from '../names.ts';
import { authorize, authorizeCreate } from '../permissions.ts';
import type { Pool } from '../pool.ts';
import { CODE, Refusal } from '../refusal.ts';
import { groupsOf, refuseWrongRules } from '../security-group.ts';
import type { Caller } from '../session.ts';
import { SecurityGroup, type Site } from '../site.ts';
import type { Template } from '../template.ts';
import { parseTemplate, storable } from '../template-parser.ts';
import { refreshRules } from '../vm-nics.ts';
import { chmod, chown, info, merged, object, rename, update } from './objects.ts';

const groups = ({ securityGroups: pool }: Site): Pool<SecurityGroup> => pool;

const add = (site: Site, who: Caller, name: string, template: Template): number => {
  checkName(name, CODE.internal);
  site.securityGroups.refuseTaken(name, who.uid, CODE.internal);
  const group = site.make(site.securityGroups, SecurityGroup, name, Math.max(100, site.securityGroups.next));
  Object.assign(group, { uid: who.uid, gid: who.gid, template });
  return group.id;
};

const allocate: Method = {
  takes: ['s'],
  run: (call) => {
    const template = parseTemplate(call.text(0), CODE.internal);
    const [name = ''] = template.remove('NAME');
    checkName(String(name), CODE.internal);
    authorizeCreate(call.site, call.who, 'SECGROUP');
    refuseWrongRules(template);
    const stored = storable(template);
    if (!stored) throw new Refusal(CODE.internal, 'Error transforming the Security Group to XML.');
    return add(call.site, call.who, String(name), stored);
  },
};

const remove: Method = {
  takes: ['i'],
  run: (call) => {
    const group = object(call, groups, 'MANAGE');
    if (group.id === 0)
      throw new Refusal(
        CODE.action,
        'Cannot delete security group. The default security group (ID 0) cannot be deleted.',
      );
    if (group.vms().length > 0) {
      throw new Refusal(CODE.action, 'Cannot delete security group. The security group has VMs using it');
    }
    call.site.securityGroups.delete(group);
    return group.id;
  },
};

/** Rules reach the VMs that use the group. */
const spread = (group: SecurityGroup): void => {
  for (const id of group.vms()) refreshRules(group.site.vms.must(id));
};

/** Done when the call returns, in every state; the VM does not move. */
const onNic = (
  missing: number,
  change: (groups: Set<number>, id: number, where: { vm: number; nic: number }) => void,
): Method => ({
  takes: ['iii'],
  run: (call) => {
    const vm = call.site.vms.must(call.number(0));
    authorize(call.who, 'MANAGE', vm);
    const [where, id] = [{ vm: vm.id, nic: call.number(1) }, call.number(2)];
    const nic = vm.nic(where.nic);
    if (!nic) throw new Refusal(missing, `VM ${vm.id} doesn't have NIC id ${where.nic}`);
    const present = new Set(groupsOf(nic));
    const group = call.site.securityGroups.get(id);
    if (group) authorize(call.who, 'USE', group);
    change(present, id, where);
    if (!group) refuse(`Could not attach SG ${id} to VM, SG does not exist`);
    nic.set('SECURITY_GROUPS', [...present].sort((a, b) => a - b).join(','));
    refreshRules(vm);
    return vm.id;
  },
});

const refuse = (sentence: string): never => {
  throw new Refusal(CODE.action, sentence);
};

export const securityGroupMethods: Methods = {
  'one.secgroup.allocate': allocate,
  'one.secgroup.info': info(groups),
  'one.secgroup.delete': remove,
  'one.secgroup.rename': rename(groups, true),
  'one.secgroup.update': update(groups, (group, template, mode) => {
    const updated = merged(group.template, template, mode);
    refuseWrongRules(updated, 'Cannot update template. ');
    group.template = updated;
    spread(group);
  }),
  'one.secgroup.clone': {
    takes: ['is'],
    run: (call) => add(call.site, call.who, call.text(1), object(call, groups, 'USE').template.copy()),
  },
  'one.secgroup.commit': {
    takes: ['ib'],
    run: (call) => {
      const group = object(call, groups, 'MANAGE');
      spread(group);
      return group.id;
    },
  },
  'one.secgroup.chmod': chmod(groups),
  'one.secgroup.chown': chown(groups),
  'one.vm.attachsg': onNic(CODE.internal, (present, id, { vm, nic }) => {
    if (present.has(id)) refuse(`VM ${vm} SG ${id} already in NIC ${nic}`);
    present.add(id);
  }),
  'one.vm.detachsg': onNic(CODE.action, (present, id, { vm, nic }) => {
    if (!present.delete(id)) refuse(`VM ${vm} NIC ${nic} doesn't contain SG ${id}`);
  }),
};
