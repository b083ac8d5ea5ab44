import { IMAGE } from '../image.ts';
import { NETWORK } from '../network.ts';
import { Image } from '../site.ts';
import { scoped } from './people.ts';
import { vms, withDone } from './pool-vms.ts';
import type { Scene, Stage } from './stage.ts';

const allocated = (stage: Stage, user: string, id: number, template: string): Stage => {
  stage.one.site.images.next = id;
  return stage.done(user, 'one.image.allocate', template, 100, false);
};

/** A backup of VM 32, put there, since nothing here makes them. */
const backup = (stage: Stage, id: number): void => {
  const image = stage.one.site.make(stage.one.site.images, Image, `32 backup ${id}`, id);
  Object.assign(image, {
    uid: 2,
    gid: 1,
    type: 6,
    persistent: true,
    source: 'dummy-backup-id',
    format: 'raw',
    backupDisks: [0],
  });
  image.vms.add(32);
  image.goTo(IMAGE.ready);
};

const images: Scene = (stage) => {
  backup(stage, 3);
  vms(stage);
  for (const id of [5, 6, 7]) {
    stage.one.site.images.next = id;
    stage.done('alice', 'one.vm.disksaveas', 0, 0, `saved-${id}`, '', -1);
  }
  allocated(stage, 'alice', 13, 'NAME = "alice-os"\nTYPE = "OS"\nPATH = "/a.qcow2"\nDESCRIPTION = "OS image"');
  stage.done('alice', 'one.image.update', 13, 'OCCI_TITLE = "Image \\"A\\""', 1);
  const data = 'NAME = "bob-data"\nTYPE = "DATABLOCK"\nSIZE = "256"\nNOTE = "x"\nFS = "ext4"';
  allocated(stage, 'bob', 14, data);
  allocated(stage, 'alice', 15, 'NAME = "alice-vol"\nTYPE = "DATABLOCK"\nSIZE = "100"\nPERSISTENT = "YES"');
  allocated(stage, 'alice', 17, 'NAME = "slow-r"\nTYPE = "OS"\nPATH = "/var/tmp/s.img"');
  allocated(stage, 'alice', 21, 'NAME = "lockused"\nTYPE = "OS"\nPATH = "/var/tmp/z"');
};

const groups: Scene = (stage) => {
  stage.small();
  const rule = 'RULE = [ PROTOCOL = "TCP", RULE_TYPE = "inbound", RANGE = "443" ]';
  stage.done('alice', 'one.secgroup.allocate', `NAME = "sg-nic"\n${rule}`);
  stage.done('alice', 'one.secgroup.allocate', 'NAME = "empty-sg"');
};

const range = (ip: string): string => `AR = [ TYPE = "IP4", IP = "${ip}", SIZE = "10" ]`;

/** Network 2 with a lease held; 3 on its way out, with what an update left; 4 and 6 that failed. */
const networks =
  (...ids: number[]): Scene =>
  (stage) => {
    vms(stage);
    const made = (id: number, template: string): void => {
      stage.one.site.networks.next = id;
      stage.done('oneadmin', 'one.vn.allocate', `NAME = "net-${id}"\nVN_MAD = "dummy"\nBRIDGE = "br9"\n${template}`, 0);
    };
    made(2, range('172.20.0.2'));
    stage.done('oneadmin', 'one.vn.hold', 2, 'LEASES = [ IP = "172.20.0.4" ]');
    stage.done('oneadmin', 'one.vn.update', 2, 'DNS = "9.9.9.9"\nOCCI_TITLE = "Net A"', 1);
    if (ids.includes(3)) {
      made(3, '');
      stage.done('oneadmin', 'one.vn.update', 3, 'NOTE = "n"', 0);
      stage.one.site.networks.must(3).goTo(NETWORK.deleting);
    }
    made(4, range('nowhere'));
    stage.one.site.failNext('createNetwork', 'dummy vnm_vnet_create told to fail');
    made(6, '');
    if (ids.includes(8)) stage.done('bob', 'one.vn.reserve', 1, 'SIZE = "3"\nNAME = "bob-net"');
  };

const of = (names: readonly string[], scene: Scene): Record<string, Scene> =>
  Object.fromEntries(names.map((name) => [name, scene]));

export const poolScenes: Readonly<Record<string, Scene>> = {
  ...of(
    [
      'admin-all',
      'all-notdone',
      'group',
      'mine-and-groups',
      'page-0-2',
      'range-from-5',
      'state-hold',
      'with-query-empty',
    ].map((name) => `one.vmpool.info--${name}`),
    vms,
  ),
  ...of(
    ['all-notdone', 'group', 'page-0-2', 'state-hold', 'with-query-empty'].map(
      (name) => `one.vmpool.infoextended--${name}`,
    ),
    vms,
  ),
  'one.vmpool.infoset--set': vms,
  'one.vmpool.monitoring--monitoring': (stage) => stage.small(0).monitored(0),
  ...of(['one.vmpool.info--all-anystate', 'one.vmpool.info--state-done'], withDone),
  ...of(
    ['all', 'group', 'mine', 'page-0-2', 'page-2-2'].map((name) => `one.imagepool.info--${name}`),
    images,
  ),
  ...of(['one.secgrouppool.info--all', 'one.secgrouppool.info--group'], groups),
  'one.vnpool.info--admin-all': networks(8),
  'one.vnpool.info--all': networks(3),
  'one.vnpool.info--page-0-1': networks(),
  'one.vnpool.info--page-1-2': networks(),
  'one.vnpool.info--with-scoped-token': scoped,
};
