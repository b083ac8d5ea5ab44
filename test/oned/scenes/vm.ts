import { vector } from '../template.ts';
import type { Scene, Stage } from './stage.ts';

const DATA = 'DISK = [ IMAGE_ID = "2" ]';

/** VM 0 after its first start: the scheduler had nothing to say in the end. */
export const web = (stage: Stage): Stage => {
  stage.small();
  stage.vm(0).userTemplate.set('SCHED_MESSAGE', '');
  return stage;
};

/** Some minutes later. */
export const aged = (stage: Stage): Stage =>
  web(stage).monitored(0).done('alice', 'one.vm.update', 0, 'OCCI_TITLE = "Only this"', 0);

export const threeDisks = (stage: Stage): Stage =>
  aged(stage).done('alice', 'one.vm.attach', 0, DATA).done('alice', 'one.vm.attach', 0, 'DISK = [ IMAGE_ID = "1" ]');

export const twoDisks = (stage: Stage): Stage => threeDisks(stage).done('alice', 'one.vm.detach', 0, 2);

/** NICs 0, 1 and 2, and the alias 3. */
export const manyNics = (stage: Stage): Stage =>
  twoDisks(stage)
    .done('alice', 'one.vm.attachnic', 0, 'NIC = [ NETWORK_ID = "1" ]')
    .done('alice', 'one.vm.attachnic', 0, 'NIC = [ NETWORK_ID = "0", IP = "10.10.1.20" ]')
    .done('alice', 'one.vm.attachnic', 0, 'NIC_ALIAS = [ NETWORK_ID = "1", PARENT = "NIC0" ]');

export const nicsChanged = (stage: Stage): Stage =>
  manyNics(stage)
    .done('alice', 'one.vm.attachnic', 0, 'NIC = [ NETWORK_ID = "0" ]')
    .done('alice', 'one.vm.detachnic', 0, 1);

export const snapped = (stage: Stage): Stage =>
  nicsChanged(stage).done('alice', 'one.vm.snapshotcreate', 0, 'before-upgrade');

export const configured = (stage: Stage): Stage => {
  const context = 'CONTEXT = [ NETWORK = "YES", SSH_PUBLIC_KEY = "ssh-rsa BBBB new", START_SCRIPT = "echo hi" ]';
  return snapped(stage).done('alice', 'one.vm.updateconf', 0, context, 0);
};

export const off = (stage: Stage): Stage =>
  configured(stage)
    .done('alice', 'one.vm.action', 'poweroff', 0)
    .done('alice', 'one.vm.updateconf', 0, 'OS = [ BOOT = "disk0" ]', 1)
    .done('alice', 'one.vm.attachnic', 0, 'NIC = [ NETWORK_ID = "0" ]');

export const diskSnapped = (stage: Stage): Stage => off(stage).done('alice', 'one.vm.disksnapshotcreate', 0, 0, 'ds1');
export const twiceSnapped = (stage: Stage): Stage =>
  diskSnapped(stage).done('alice', 'one.vm.disksnapshotcreate', 0, 0, 'ds2');

/** VM 1, bob's: two disks of images and a volatile one, and a title that is hard to keep. */
export const bobs = (stage: Stage): Stage => {
  stage.small(1, { name: 'databáze-1', user: 'bob', template: 1 }).monitored(1);
  stage.vm(1).userTemplate.set('SCHED_MESSAGE', '');
  stage.vm(1).userTemplate.set('OCCI_TITLE', 'a\nb "c" [d] \\ e & f <g>');
  return stage.done(
    'bob',
    'one.vm.attach',
    1,
    'DISK = [ IMAGE = "scratch-data", IMAGE_UNAME = "oneadmin", TARGET = "vdh" ]',
  );
};

/** Backups are an administrator's; nothing here makes them, so this one is put there. */
const backedUp = (stage: Stage): Stage => {
  stage.vm(32).backups = { ids: [3], config: vector({ INCREMENTAL_BACKUP_ID: -1, LAST_INCREMENT_ID: -1 }) };
  stage.vm(32).touch();
  return stage;
};

/** VM 34, on hold, that templates were tried on: its own before the last. */
export const tried =
  (update: string): Scene =>
  (stage) => {
    stage.one.site.vms.next = 34;
    stage.done('alice', 'one.vm.allocate', 'NAME = "esc"\nCPU = "1"\nMEMORY = "64"', true);
    stage.done('alice', 'one.vm.update', 34, update, 0);
  };

const suspended = (stage: Stage): Stage => bobs(stage).done('bob', 'one.vm.action', 'suspend', 1);

export const vmScenes: Readonly<Record<string, Scene>> = {
  'admin-decrypt': web,
  'after-backup': (stage) => backedUp(stage.small(32)),
  'state-3-70-backup_poweroff': (stage) => {
    backedUp(stage.small(32)).vm(32).backups!.config.set('LAST_DATASTORE_ID', '101');
    stage.one.put(32, 'BACKUP_POWEROFF');
  },
  'after-failed-attach': (stage) => {
    threeDisks(stage).one.site.failNext('attachDisk');
    stage.done('alice', 'one.vm.attach', 0, DATA);
  },
  'after-live-disk-snapshot': (stage) => stage.small(35).done('alice', 'one.vm.disksnapshotcreate', 35, 0, 'live1'),
  'after-update-replace': aged,
  'after-updateconf': configured,
  'default-name': (stage) => stage.small(5, { template: 2, hold: true, name: '' }),
  'done-after-recover-delete': (stage) => stage.small(33).done('oneadmin', 'one.vm.recover', 33, 3),
  locked: (stage) => stageOfLife(stage).done('alice', 'one.vm.lock', 0, 4, false),
  'not-authorised': web,
  'only-id': (stage) => stage.small(2, { template: 2, hold: true }),
  'running-with-monitoring': (stage) => stageOfLife(stage),
  'spontaneous-poweroff-by-monitoring': (stage) => stage.small(31).one.put(31, 'POWEROFF'),
  'with-3-disks': threeDisks,
  'with-3-nics-and-alias': manyNics,
  'with-disk-snapshots': twiceSnapped,
  'with-snapshots': snapped,
  'state-3-51-disk_snapshot_poweroff': (stage) => off(stage).begun('alice', 'one.vm.disksnapshotcreate', 0, 0, 'ds1'),
  'state-3-52-disk_snapshot_revert_poweroff': (stage) =>
    twiceSnapped(stage).begun('alice', 'one.vm.disksnapshotrevert', 0, 0, 0),
  'state-3-54-disk_snapshot_suspended': (stage) =>
    suspended(stage).begun('bob', 'one.vm.disksnapshotcreate', 1, 0, 'sus1'),
  'state-3-57-disk_snapshot': (stage) => stage.small(35).begun('alice', 'one.vm.disksnapshotcreate', 35, 0, 'live1'),
  'state-3-63-disk_resize_poweroff': (stage) =>
    bobs(stage).done('bob', 'one.vm.action', 'poweroff', 1).begun('bob', 'one.vm.diskresize', 1, 0, '12288'),
  'state-3-66-hotplug_resize': (stage) => aged(stage).begun('alice', 'one.vm.resize', 0, 'MEMORY = "1536"', true),
  'state-3-68-hotplug_saveas_stopped': (stage) => {
    suspended(stage)
      .done('bob', 'one.vm.disksnapshotcreate', 1, 0, 'sus1')
      .done('bob', 'one.vm.disksnapshotcreate', 1, 0, 'sus2')
      .done('bob', 'one.vm.disksnapshotdelete', 1, 0, 0)
      .done('bob', 'one.vm.action', 'stop', 1)
      .begun('bob', 'one.vm.disksaveas', 1, 0, 'saved', '', -1);
  },
};

/** VM 0 at its oldest: off with a snapshot that was reverted, and running again. */
export const stageOfLife = (stage: Stage): Stage =>
  twiceSnapped(stage)
    .done('alice', 'one.vm.disksnapshotrevert', 0, 0, 0)
    .done('alice', 'one.vm.disksnapshotdelete', 0, 0, 1)
    .done('alice', 'one.vm.action', 'resume', 0);
