import type { Scene, Stage } from './stage.ts';
import { bobs, stageOfLife } from './vm.ts';

const held = (stage: Stage, user: string, id: number, template: string): void => {
  stage.one.site.vms.next = id;
  stage.done(user, 'one.vm.allocate', template, true);
};

const MORE = [
  'NIC = [ NETWORK_ID = "0" ]\nNIC = [ NETWORK_ID = "1" ]\nDISK = [ IMAGE_ID = "0", SIZE = "2048" ]',
  'CONTEXT = [ NETWORK = "YES", SSH_PUBLIC_KEY = "ssh-rsa AAAA alice", START_SCRIPT_BASE64 = "ZWNobyBoaQo=" ]',
].join('\n');

const instantiated = (stage: Stage, user: string, id: number, name: string, extra: string): void => {
  stage.one.site.vms.next = id;
  stage.done(user, 'one.template.instantiate', 0, name, true, extra, false);
};

const copied = (stage: Stage, user: string, id: number, image: number): void => {
  stage.one.site.vms.next = id;
  stage.one.site.images.next = image;
  stage.done(user, 'one.template.instantiate', 0, `pers-${image}`, true, '', true);
};

/** The VMs of alice and bob that were there when the pools were read. */
export const vms: Scene = (stage) => {
  stageOfLife(stage);
  bobs(stage).done('bob', 'one.vm.disksnapshotcreate', 1, 0, 'bobs');
  for (const id of [0, 1]) {
    stage.vm(id).monitoring = undefined;
    stage.vm(id).touch();
  }
  stage.small(2, { template: 2, name: 'held-1', hold: true }).done('alice', 'one.vm.action', 'release', 2);
  stage.small(3, { template: 2, name: 'held-b', hold: true, user: 'bob' });
  stage.small(5, { template: 2, name: '', hold: true });
  instantiated(stage, 'alice', 6, 'extra-1', MORE);
  instantiated(stage, 'bob', 7, 'xml-1', 'OCCI_ID = "x"\nNIC = [ NETWORK = "public", NETWORK_UNAME = "oneadmin" ]');
  stage.small(8, { template: 2, name: 'žluťoučký-kůň-日本', hold: true });
  held(stage, 'alice', 9, 'NAME = "raw-1"\nCPU = "0.5"\nVCPU = "2"\nMEMORY = "128"');
  stage.done('oneadmin', 'one.vm.deploy', 9, 0, false, 0, '');
  held(stage, 'bob', 10, 'NAME = "raw-xml"\nCPU = "1"\nMEMORY = "128"\nNIC = [ NETWORK_ID = "0" ]');
  held(stage, 'alice', 11, 'CPU = "1"\nMEMORY = "64"');
  held(stage, 'bob', 12, 'NAME = "n"\nCPU = "1"\nMEMORY = "64"\nPCI = [ CLASS = "0300" ]');
  copied(stage, 'alice', 36, 11);
  stage.one.site.failNext('registerImage', 'Error cloning from Image 0');
  copied(stage, 'bob', 37, 12);
};

/** And those that were done by then. */
export const withDone: Scene = (stage) => {
  vms(stage);
  stage.small(18, { name: 'f-boot_failure', hold: true }).one.site.failNext('deploy');
  stage.done('alice', 'one.vm.action', 'release', 18).done('alice', 'one.vm.action', 'terminate', 18);
  stage.one.site.vms.next = 4;
  const nowhere = 'SCHED_REQUIREMENTS = "NAME = \\"nohost\\""';
  stage.done('alice', 'one.template.instantiate', 2, 'pending-1', false, nowhere, false);
  stage.done('alice', 'one.vm.action', 'terminate', 4);
};
