import type { Scene } from './stage.ts';
import { bobs, diskSnapped, manyNics, off, snapped, threeDisks, twiceSnapped, web } from './vm.ts';

const groupOnNic: Scene = (stage) => {
  web(stage).done(
    'alice',
    'one.secgroup.allocate',
    'NAME = "sg-nic"\nRULE = [ PROTOCOL = "TCP", RULE_TYPE = "inbound" ]',
  );
};

/** What other calls on VMs need; VM 0 is running where nothing else is said. */
export const callScenes: Readonly<Record<string, Scene>> = {
  'one.vm.attach--driver-fails-later': (stage) => web(stage).one.site.failNext('attachDisk'),
  'one.vm.attach--quota-disk': (stage) => {
    bobs(stage).done('oneadmin', 'one.user.quota', 3, 'IMAGE = [ ID = "2", RVMS = "1" ]');
  },
  'one.vm.attachnic--ip-in-use': (stage) =>
    web(stage).done('oneadmin', 'one.vn.hold', 0, 'LEASES = [ IP = "10.10.0.77" ]'),
  'one.vm.attachnic--poweroff': off,
  'one.vm.attachsg--ok': groupOnNic,
  'one.vm.detachsg--ok': (stage) => {
    groupOnNic(stage);
    stage.done('alice', 'one.vm.attachsg', 0, 0, 100);
  },
  'one.vm.backup--by-user': (stage) => stage.small(32),
  'one.vm.deploy--deploy-by-admin': (stage) => stage.small(9, { template: 2, hold: true }),
  'one.vm.deploy--deploy-by-user': (stage) => stage.small(4, { template: 2, hold: true }),
  'one.vm.detach--disk-2': threeDisks,
  'one.vm.detachnic--nic-1': manyNics,
  'one.vm.disksaveas--duplicate-name': (stage) => {
    stage.one.site.images.next = 5;
    web(stage).done('alice', 'one.vm.disksaveas', 0, 0, 'web-golden', '', -1);
  },
  'one.vm.disksnapshotcreate--poweroff': off,
  'one.vm.disksnapshotcreate--running': (stage) => stage.small(35),
  'one.vm.disksnapshotrevert--no-such-snapshot': diskSnapped,
  'one.vm.disksnapshotrevert--poweroff': twiceSnapped,
  'one.vm.migrate--by-user': (stage) => stage.small(27),
  'one.vm.monitoring--monitoring': (stage) => web(stage).monitored(0),
  'one.vm.recover--by-user': (stage) => stage.small(33),
  'one.vm.recover--delete-3-by-admin': (stage) => stage.small(33),
  'one.vm.rename--rename-done': (stage) => stage.small(13).done('alice', 'one.vm.action', 'terminate', 13),
  'one.vm.resize--poweroff-down': (stage) => web(stage).done('alice', 'one.vm.action', 'poweroff', 0),
  'one.vm.resize--running-more': (stage) => web(stage).begun('alice', 'one.vm.resize', 0, 'MEMORY = "256"', true),
  'one.vm.snapshotdelete--ok': (stage) => snapped(stage).done('alice', 'one.vm.snapshotcreate', 0, 'second'),
  'one.vm.snapshotrevert--no-such': snapped,
  'one.vm.snapshotrevert--ok': snapped,
  'one.vm.unlock--unlock': (stage) => web(stage).done('alice', 'one.vm.lock', 0, 4, false),
  'one.vm.updateconf--poweroff-append': (stage) => web(stage).done('alice', 'one.vm.action', 'poweroff', 0),
  'one.vm.allocate--disabled-image-in-vm': (stage) => {
    stage.one.site.images.next = 13;
    stage.done('alice', 'one.image.allocate', 'NAME = "alice-os"\nPATH = "/var/tmp/a"', 100);
    stage.done('alice', 'one.image.enable', 13, false);
  },
  'one.vm.allocate--image-locked-becomes-cloning': (stage) => {
    stage.one.site.images.next = 21;
    stage.begun('alice', 'one.image.allocate', 'NAME = "lockused"\nPATH = "/var/tmp/z"', 100);
  },
  'one.vm.allocate--persistent-already-used': (stage) => {
    stage.one.site.images.next = 15;
    stage.done(
      'alice',
      'one.image.allocate',
      'NAME = "alice-vol"\nTYPE = "DATABLOCK"\nSIZE = "100"\nPERSISTENT = "YES"',
      100,
    );
    stage.done('alice', 'one.vm.allocate', 'NAME = "p"\nCPU = "1"\nMEMORY = "64"\nDISK = [ IMAGE_ID = "15" ]', true);
  },
  'one.vm.info--hold-with-secgroup-nic': (stage) => {
    stage.one.site.securityGroups.next = 101;
    stage.one.site.vms.next = 40;
    stage.done(
      'alice',
      'one.secgroup.allocate',
      'NAME = "web-sg"\nRULE = [ PROTOCOL = "TCP", RULE_TYPE = "inbound", RANGE = "443" ]',
    );
    const nic = 'NIC = [ NETWORK_ID = "0", SECURITY_GROUPS = "101" ]';
    stage.done('alice', 'one.vm.allocate', `NAME = "sgvm"\nCPU = "1"\nMEMORY = "64"\n${nic}`, true);
  },
};
