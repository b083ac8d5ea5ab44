import type { Scene, Stage } from './stage.ts';
import { manyNics, nicsChanged, off, threeDisks, web } from './vm.ts';

/** At work on a fresh VM; where it stopped is the last. */
const starting =
  (id: number, state: string): Scene =>
  (stage) => {
    stage.one.site.steps.hold();
    stage.one.site.vms.next = id;
    stage.call('alice', 'one.template.instantiate', 0, 'tr-1', false, '', false);
    stage.until(id, state);
  };

/** An action that its driver fails. */
const failing =
  (id: number, driver: Parameters<Stage['one']['site']['failNext']>[0], ...actions: string[]): Scene =>
  (stage) => {
    stage.small(id);
    for (const action of actions.slice(0, -1)) stage.done('alice', 'one.vm.action', action, id);
    stage.one.site.failNext(driver);
    stage.done('alice', 'one.vm.action', actions.at(-1)!, id);
  };

/** A state that only an administrator's migration leads to: put there, since nothing here migrates. */
const put =
  (id: number, state: string, message?: string): Scene =>
  (stage) =>
    stage.small(id).one.put(id, state, message);

const after =
  (...actions: string[]) =>
  (stage: Stage): Stage => {
    for (const action of actions) web(stage).done('alice', 'one.vm.action', action, 0);
    return stage;
  };

const undeployed = (stage: Stage): Stage => web(stage).monitored(0).done('alice', 'one.vm.action', 'undeploy', 0);

export const stateScenes: Readonly<Record<string, Scene>> = {
  'state-1-0-pending': (stage) => {
    stage.one.site.vms.next = 4;
    const nowhere = 'SCHED_REQUIREMENTS = "NAME = \\"nohost\\""';
    stage.done('alice', 'one.template.instantiate', 2, 'pending-1', false, nowhere, false);
  },
  'state-10-0-cloning': (stage) => {
    stage.one.site.vms.next = 36;
    stage.begun('alice', 'one.template.instantiate', 0, 'pers-1', true, '', true);
  },
  'state-2-0-hold': (stage) => stage.small(2, { template: 2, hold: true }),
  'state-3-1-prolog': starting(13, 'PROLOG'),
  'state-3-2-boot': starting(14, 'BOOT'),
  'state-3-3-running-web-1': web,
  'state-3-10-epilog_stop': (stage) => web(stage).acting(0, 'stop', 'EPILOG_STOP'),
  'state-3-11-epilog': (stage) => stage.small(14).acting(14, 'terminate', 'EPILOG'),
  'state-3-12-shutdown': (stage) => stage.small(13).acting(13, 'terminate', 'SHUTDOWN'),
  'state-3-16-unknown': put(29, 'UNKNOWN'),
  'state-3-17-hotplug': (stage) =>
    threeDisks(stage)
      .done('alice', 'one.vm.detach', 0, 3)
      .begun('alice', 'one.vm.attach', 0, 'DISK = [ IMAGE_ID = "1" ]'),
  'state-3-18-shutdown_poweroff': (stage) => web(stage).acting(0, 'poweroff', 'SHUTDOWN_POWEROFF'),
  'state-3-20-boot_poweroff': (stage) => after('poweroff')(stage).acting(0, 'resume', 'BOOT_POWEROFF'),
  'state-3-21-boot_suspended': (stage) => after('suspend')(stage).acting(0, 'resume', 'BOOT_SUSPENDED'),
  'state-3-22-boot_stopped': (stage) => after('stop')(stage).acting(0, 'resume', 'BOOT_STOPPED'),
  'state-3-24-hotplug_snapshot': (stage) =>
    nicsChanged(stage)
      .done('alice', 'one.vm.snapshotcreate', 0, 'one')
      .begun('alice', 'one.vm.snapshotcreate', 0, 'two'),
  'state-3-25-hotplug_nic': (stage) =>
    manyNics(stage).begun('alice', 'one.vm.attachnic', 0, 'NIC = [ NETWORK_ID = "0" ]'),
  'state-3-26-hotplug_saveas': (stage) =>
    nicsChanged(stage)
      .done('alice', 'one.vm.snapshotcreate', 0, 'before-upgrade')
      .begun('alice', 'one.vm.disksaveas', 0, 0, 'web-golden', '', -1),
  'state-3-27-hotplug_saveas_poweroff': (stage) => off(stage).begun('alice', 'one.vm.disksaveas', 0, 0, 'cold', '', -1),
  'state-3-29-shutdown_undeploy': (stage) => web(stage).monitored(0).acting(0, 'undeploy', 'SHUTDOWN_UNDEPLOY'),
  'state-3-33-hotplug_prolog_poweroff': (stage) =>
    off(stage).begun('alice', 'one.vm.attach', 0, 'DISK = [ IMAGE_ID = "2" ]'),
  'state-3-36-boot_failure': (stage) => {
    stage.small(18, { hold: true }).one.site.failNext('deploy', 'DEPLOY: dummy');
    stage.done('alice', 'one.vm.action', 'release', 18);
  },
  'state-3-37-boot_migrate_failure': put(27, 'BOOT_MIGRATE_FAILURE', 'Error executing image transfer script'),
  'state-3-40-epilog_failure': failing(20, 'epilog', 'terminate'),
  'state-3-42-epilog_undeploy_failure': failing(22, 'epilog', 'undeploy'),
  'state-3-43-prolog_migrate_poweroff': put(27, 'PROLOG_MIGRATE_POWEROFF'),
  'state-3-44-prolog_migrate_poweroff_failure': put(
    27,
    'PROLOG_MIGRATE_POWEROFF_FAILURE',
    'Error executing image transfer script',
  ),
  'state-3-48-boot_stopped_failure': failing(23, 'deploy', 'stop', 'resume'),
  'state-3-49-prolog_resume_failure': failing(25, 'prolog', 'stop', 'resume'),
  'state-3-5-save_stop': (stage) => web(stage).acting(0, 'stop', 'SAVE_STOP'),
  'state-3-6-save_suspend': (stage) => web(stage).acting(0, 'suspend', 'SAVE_SUSPEND'),
  'state-3-60-prolog_migrate_unknown': put(30, 'PROLOG_MIGRATE_UNKNOWN'),
  'state-3-7-save_migrate': put(27, 'SAVE_MIGRATE'),
  'state-3-8-prolog_migrate': put(27, 'PROLOG_MIGRATE'),
  'state-3-9-prolog_resume': (stage) => after('stop')(stage).acting(0, 'resume', 'PROLOG_RESUME'),
  'state-4-0-stopped': (stage) => after('stop')(stage),
  'state-5-0-suspended': (stage) => after('suspend')(stage),
  'state-6-0-done': (stage) => stage.small(13).done('alice', 'one.vm.action', 'terminate', 13),
  'state-8-0-poweroff': (stage) => after('poweroff')(stage),
  'state-9-0-undeployed': undeployed,
};

/** What `one.vm.action` was called on, by case; VM 0 is running where nothing else is said. */
export const actionScenes: Readonly<Record<string, Scene>> = {
  'hold-on-poweroff': (stage) => after('poweroff')(stage),
  'poweroff-hard-on-poweroff': (stage) => after('poweroff')(stage),
  'poweroff-on-poweroff': (stage) => after('poweroff')(stage),
  'reboot-on-poweroff': (stage) => after('poweroff')(stage),
  'release-on-poweroff': (stage) => after('poweroff')(stage),
  'stop-on-poweroff': (stage) => after('poweroff')(stage),
  'unresched-on-poweroff': (stage) => after('poweroff')(stage),
  'resume-from-poweroff': (stage) => after('poweroff')(stage),
  'resume-from-suspended': (stage) => after('suspend')(stage),
  'suspend-on-suspended': (stage) => after('suspend')(stage),
  'resume-from-stopped': (stage) => after('stop')(stage),
  'stop-on-stopped': (stage) => after('stop')(stage),
  'resume-from-undeployed': undeployed,
  'undeploy-on-undeployed': undeployed,
  'poweroff-on-undeployed': undeployed,
  'locked-poweroff': (stage) => web(stage).done('alice', 'one.vm.lock', 0, 4, false),
  'no-such-vm': () => {},
  'release-2': (stage) => stage.small(4, { hold: true }),
  'release-hold': (stage) => stage.small(2, { hold: true }),
  'resume-on-boot-failure': put(18, 'BOOT_FAILURE'),
  'resume-on-done': (stage) => stage.small(13).done('alice', 'one.vm.action', 'terminate', 13),
  'stop-on-unknown': put(29, 'UNKNOWN'),
  'suspend-on-unknown': put(29, 'UNKNOWN'),
  terminate: (stage) => stage.small(15),
  'terminate-on-hold': (stage) => stage.small(17, { hold: true }),
};
