import type { Method, Methods } from '../method.ts';
import { authorize } from '../permissions.ts';
import type { Pool } from '../pool.ts';
import { CODE, Refusal } from '../refusal.ts';
import { refuseRestricted, refuseRestrictedMerge, refuseRestrictedUpdate } from '../restricted.ts';
import type { Site, Vm } from '../site.ts';
import { vectorXml } from '../template.ts';
import { parseTemplate } from '../template-parser.ts';
import { act } from '../vm-actions.ts';
import { addContext } from '../vm-context.ts';
import { createVm } from '../vm-create.ts';
import { resize } from '../vm-resize.ts';
import { dispatchTo, done, walk } from '../vm-walk.ts';
import { plain } from '../xml.ts';
import { chmod, chown, info, lock, merged, object, rename, unlock, update } from './objects.ts';

const vms = ({ vms: pool }: Site): Pool<Vm> => pool;
const ADMIN_ACTIONS = new Set(['delete', 'delete-recreate', 'resched', 'unresched']);
/** What `one.vm.updateconf` takes; the rest is dropped without a word. */
const CONFIGURABLE = ['OS', 'FEATURES', 'INPUT', 'GRAPHICS', 'VIDEO', 'RAW', 'CPU_MODEL', 'BACKUP_CONFIG'];
const UNCONFIGURABLE = ['INIT', 'DONE', 'SUSPENDED', 'STOPPED'];

const allocate: Method = {
  takes: ['s', 'b'],
  run: (call) => {
    const template = parseTemplate(call.text(0), CODE.internal);
    refuseRestricted(call.who, template, 'VM');
    const wanted = { template, hold: call.flag(1), unnamed: 'one', code: CODE.internal, prefix: '' };
    return createVm(call.site, call.who, wanted).id;
  },
};

const action: Method = {
  takes: ['si'],
  run: (call) => {
    const name = call.text(0);
    const vm = call.site.vms.must(call.number(1));
    authorize(call.who, ADMIN_ACTIONS.has(name) ? 'ADMIN' : 'MANAGE', vm);
    act(vm, call.who, name);
    return vm.id;
  },
};

const updateConf: Method = {
  takes: ['is', 'i'],
  run: (call) => {
    const vm = object(call, vms, 'MANAGE');
    const template = parseTemplate(call.text(1), CODE.internal);
    refuseRestrictedMerge(call.who, template, 'Template');
    const state = vm.stateName;
    if (UNCONFIGURABLE.includes(state) || /^(HOTPLUG|BOOT|SAVE|MIGRATE)/.test(state)) {
      throw new Refusal(CODE.internal, `configuration cannot be updated in state ${state}`);
    }
    const append = call.number(2, 0) === 1;
    for (const name of CONFIGURABLE) {
      const given = template.vectors(name);
      const [old] = vm.template.vectors(name);
      if (!append) vm.template.remove(name);
      if (given.length === 0) continue;
      const before = append && old ? [...old] : [];
      vm.template.replaceVectors(
        name,
        given.map((one) => new Map([...before, ...one])),
      );
    }
    for (const [index, boot] of (vm.template.vectors('OS')[0]?.get('BOOT') ?? '').split(',').entries()) {
      const disk = boot.startsWith('disk') ? vm.disk(Number(boot.slice(4))) : undefined;
      disk?.set('ORDER', String(index + 1));
    }
    const [given] = template.vectors('CONTEXT');
    const [old] = vm.template.vectors('CONTEXT');
    if (given && old) {
      const place = { disk: old.get('DISK_ID')!, target: old.get('TARGET')! };
      const kept = append ? [...old].filter(([key]) => !/^ETH\d+_/.test(key)) : [];
      addContext(vm, new Map([...kept, ...given]), CODE.internal, place);
    } else if (given) {
      throw new Refusal(CODE.internal, 'Virtual machine does not have context, cannot add a new one.');
    }
    vm.touch();
    if (state === 'RUNNING') walk(vm, ['HOTPLUG', 'RUNNING']);
    return vm.id;
  },
};

const monitoring: Method = {
  takes: ['i'],
  run: (call) => {
    const vm = object(call, vms, 'USE');
    return plain('MONITORING_DATA', vm.monitoring ? vectorXml('MONITORING', vm.monitoring) : '');
  },
};

const deployOn: Method = {
  takes: ['ii', 'b', 'i', 's'],
  run: (call) => {
    const vm = object(call, vms, 'ADMIN');
    const chosen = call.site.hosts.must(call.number(1));
    if (!['PENDING', 'HOLD', 'STOPPED', 'UNDEPLOYED'].includes(vm.stateName)) {
      throw new Refusal(CODE.action, `Deploy action is not available for state ${vm.stateName}`);
    }
    call.site.steps.stop(vm);
    if (vm.stateName === 'STOPPED' || vm.stateName === 'UNDEPLOYED') vm.resumesFrom = vm.stateName;
    dispatchTo(vm, chosen);
    return vm.id;
  },
};

const recover: Method = {
  takes: ['ii'],
  run: (call) => {
    const vm = object(call, vms, 'ADMIN');
    if (call.number(1) !== 3) throw new Refusal(CODE.action, 'Wrong recovery operation code');
    call.site.steps.stop(vm);
    if (vm.stateName !== 'DONE') done(vm);
    return vm.id;
  },
};

/** Administrators only; nothing here needs what they do. */
const administered = (takes: string[]): Method => ({ takes, run: (call) => object(call, vms, 'ADMIN').id });

/** Names of ScheduledAction::VM_ACTIONS that are also those of one.vm.action. */
const SCHEDULABLE =
  /^(terminate|undeploy|reboot|poweroff)(-hard)?$|^(hold|release|stop|suspend|resume)$|snapshot|^backup$/;

const schedAdd: Method = {
  takes: ['is'],
  run: (call) => {
    const vm = object(call, vms, 'MANAGE');
    if (vm.stateName === 'DONE') {
      const sentence = `Unable to create Scheduled Action for Virtual Machine ${vm.id}, it's in DONE state`;
      throw new Refusal(CODE.internal, sentence);
    }
    const [wanted] = parseTemplate(call.text(1), CODE.internal).vectors('SCHED_ACTION');
    if (!wanted) throw new Refusal(CODE.action, 'No SCHED_ACTION attribute in template');
    const [name = '', time = ''] = [wanted.get('ACTION'), wanted.get('TIME')];
    if (!SCHEDULABLE.test(name)) throw new Refusal(CODE.action, `${name} is not supported.`);
    if (!/^\+?\d+$/.test(time)) {
      throw new Refusal(CODE.action, `Unable to parse the time value or value is empty: ${time}`);
    }
    const id = call.site.schedule.add(vm.id, name, Number(time) + (time.startsWith('+') ? vm.submitted : 0));
    vm.touch();
    return id;
  },
};

export const vmMethods: Methods = {
  'one.vm.allocate': allocate,
  'one.vm.info': info(vms, (vm) => vm.wholeXml()),
  'one.vm.action': action,
  'one.vm.rename': rename(vms, false),
  'one.vm.schedadd': schedAdd,
  'one.vm.update': update(vms, (vm, template, mode, call) => {
    refuseRestrictedUpdate(call.who, template, 'vm');
    vm.userTemplate = merged(vm.userTemplate, template, mode);
  }),
  'one.vm.updateconf': updateConf,
  'one.vm.resize': {
    takes: ['is', 'b'],
    run: (call) => resize(object(call, vms, 'MANAGE'), call.who, parseTemplate(call.text(1), CODE.internal)),
  },
  'one.vm.monitoring': monitoring,
  'one.vm.chmod': chmod(vms),
  'one.vm.chown': chown(vms),
  'one.vm.lock': lock(vms),
  'one.vm.unlock': unlock(vms),
  'one.vm.deploy': deployOn,
  'one.vm.migrate': administered(['iib', 'b', 'i', 'i']),
  'one.vm.backup': administered(['iib']),
  'one.vm.recover': recover,
};
