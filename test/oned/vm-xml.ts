import { historyXml, shortHistoryXml } from './history.ts';
import { scheduledIds } from './schedule.ts';
import { type Vector, vectorXml } from './template.ts';
import type { Vm } from './vm.ts';
import { cdata, ids, plain } from './xml.ts';

const backups = ({ backups: made }: Vm): string => {
  const config = made ? vectorXml('BACKUP_CONFIG', made.config) : '<BACKUP_CONFIG/>';
  return plain('BACKUPS', config + ids('BACKUP_IDS', made?.ids ?? []));
};

const lastPoll = (vm: Vm): string => plain('LAST_POLL', vm.monitoring?.get('TIMESTAMP') ?? 0);
const times = (vm: Vm): string =>
  plain('STIME', vm.submitted) + plain('ETIME', vm.ended) + plain('DEPLOY_ID', vm.deployId);

const list = (name: string, items: readonly string[]): string =>
  items.length === 0 ? `<${name}/>` : plain(name, items.join(''));

const diskSnapshots = (vm: Vm): string =>
  [...vm.diskSnapshots]
    .filter(([, { snapshots }]) => snapshots.length > 0)
    .map(([disk, { next, snapshots }]) => {
      const head = [
        cdata('ALLOW_ORPHANS', 'NO'),
        cdata('CURRENT_BASE', -1),
        cdata('DISK_ID', disk),
        cdata('NEXT_SNAPSHOT', next),
      ];
      return plain('SNAPSHOTS', head.join('') + snapshots.map((one) => vectorXml('SNAPSHOT', one)).join(''));
    })
    .join('');

/** `one.vmpool.infoextended`, and with `scheduled` in its template `one.vm.info`. */
export const extendedXml = (vm: Vm, head: string, permissions: string, lock: string, scheduled = ''): string => {
  const { state, lcm } = vm;
  const before = [
    plain('STATE', state),
    plain('LCM_STATE', lcm),
    plain('PREV_STATE', state),
    plain('PREV_LCM_STATE', lcm),
  ];
  const monitoring = vm.monitoring ? vectorXml('MONITORING', vm.monitoring) : plain('MONITORING', '');
  const written = [
    ...[head, permissions, lastPoll(vm), ...before, plain('RESCHED', vm.rescheduled), times(vm), lock, monitoring],
    ...[scheduledIds(vm.site, vm.id), vm.template.xml('TEMPLATE').replace(/(?=<\/TEMPLATE>$)/, () => scheduled)],
    vm.userTemplate.xml('USER_TEMPLATE'),
    ...[
      list(
        'HISTORY_RECORDS',
        vm.history.map((record) => historyXml(vm.id, record)),
      ),
      diskSnapshots(vm),
      backups(vm),
    ],
  ];
  return plain('VM', written.join(''));
};

const DISK_KEYS = [
  ...[
    'DISK_ID',
    'DATASTORE',
    'DATASTORE_ID',
    'IMAGE',
    'IMAGE_ID',
    'SIZE',
    'TYPE',
    'CLONE',
    'CLONE_TARGET',
    'LN_TARGET',
  ],
  'DISK_SNAPSHOT_TOTAL_SIZE',
];
const ADDRESS_KEYS = ['IP', 'IP6_ULA', 'IP6_LINK', 'IP6_GLOBAL', 'IP6'];
const NIC_KEYS = ['MAC', 'NETWORK', 'NETWORK_ID', 'NIC_ID', 'SECURITY_GROUPS'];

const shortDisk = (disk: Vector): string =>
  plain('DISK', DISK_KEYS.map((key) => cdata(key, disk.get(key) ?? '')).join(''));

const shortNic = (nic: Vector): string => {
  const addresses = ADDRESS_KEYS.filter((key) => nic.has(key));
  return plain('NIC', [...addresses, ...NIC_KEYS].map((key) => cdata(key, nic.get(key) ?? '')).join(''));
};

/** `one.vmpool.info`: aliases look like NICs, and of the user's own attributes only those of the scheduler are left. */
export const shortXml = (vm: Vm): string => {
  const { template, userTemplate } = vm;
  const sizes = ['CPU', 'MEMORY', 'VCPU'].map((name) => plain(name, template.text(name) ?? ''));
  const nics = vm.allNics().sort((one, other) => Number(one.get('NIC_ID')) - Number(other.get('NIC_ID')));
  const graphics = template.vectors('GRAPHICS').map((one) => vectorXml('GRAPHICS', one));
  const shown = userTemplate.copy();
  for (const name of shown.names())
    if (!/^(LABELS|ERROR|SCHED_.*)$/.test(name) || shown.text(name) === '') shown.remove(name);
  const last = vm.history.slice(-1).map((record) => shortHistoryXml(vm.id, record));
  const state = [plain('STATE', vm.state), plain('LCM_STATE', vm.lcm), plain('RESCHED', vm.rescheduled), times(vm)];
  const written = [
    ...[vm.headXml(), lastPoll(vm), ...state],
    plain('TEMPLATE', [...sizes, ...vm.disks().map(shortDisk), ...nics.map(shortNic), ...graphics].join('')),
    '<MONITORING/>',
    userTemplate.empty ? '<USER_TEMPLATE/>' : shown.xml('USER_TEMPLATE'),
    list('HISTORY_RECORDS', last),
  ];
  return plain('VM', written.join(''));
};
