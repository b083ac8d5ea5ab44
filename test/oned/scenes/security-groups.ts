import type { Scene, Stage } from './stage.ts';
import { web } from './vm.ts';

/** Security group 101 of alice. */
const group = (stage: Stage): Stage => {
  stage.one.site.securityGroups.next = 101;
  const inbound = 'PROTOCOL = "TCP", RULE_TYPE = "inbound", RANGE = "80,443,8000:8100", IP = "0.0.0.0", SIZE = "65536"';
  const rules = `RULE = [ ${inbound} ]\nRULE = [ PROTOCOL = "ALL", RULE_TYPE = "outbound" ]`;
  return stage.done('alice', 'one.secgroup.allocate', `NAME = "web-sg"\nDESCRIPTION = "web"\n${rules}`);
};

const replaced = (stage: Stage): Stage =>
  group(stage).done(
    'alice',
    'one.secgroup.update',
    101,
    'RULE = [ PROTOCOL = "TCP", RULE_TYPE = "inbound", RANGE = "443" ]',
    0,
  );

const used = (stage: Stage): Stage => {
  const nic = 'NIC = [ NETWORK_ID = "0", SECURITY_GROUPS = "101" ]';
  return replaced(stage).done('alice', 'one.vm.allocate', `NAME = "sgvm"\nCPU = "1"\nMEMORY = "64"\n${nic}`, true);
};

export const groupScenes: Readonly<Record<string, Scene>> = {
  'one.secgroup.clone--clone': group,
  'one.secgroup.commit--commit': group,
  'one.secgroup.delete--in-use': used,
  'one.secgroup.delete--ok': group,
  'one.secgroup.info--after-update': replaced,
  'one.secgroup.info--default': web,
  'one.secgroup.info--in-use': used,
  'one.secgroup.info--web': group,
  'one.secgroup.rename--rename': group,
  'one.secgroup.update--bad-rule': group,
  'one.secgroup.update--replace': group,
};
