import type { Method, Methods } from '../method.ts';
import { shown } from '../permissions.ts';
import type { Pool } from '../pool.ts';
import type { PoolObject } from '../pool-object.ts';
import { CODE, Refusal } from '../refusal.ts';
import type { Site, Vm } from '../site.ts';
import { vectorXml } from '../template.ts';
import { plain } from '../xml.ts';
import { EscapedText } from '../xml-rpc-answer.ts';

/** `&lt;VM_POOL&gt;…`: everything in it was escaped when it was rendered. */
export const poolAnswer = (element: string, written: readonly string[]): EscapedText =>
  new EscapedText(`&lt;${element}&gt;${written.join('')}&lt;/${element}&gt;`);

const refuseFilter = (filter: number): void => {
  if (filter < -4) throw new Refusal(CODE.api, 'Incorrect filter_flag');
};

const pool = <T extends PoolObject>(element: string, of: (site: Site) => Pool<T>): Method => ({
  takes: ['iii'],
  run: (call) => {
    const [filter, start, end] = [call.number(0), call.number(1), call.number(2)];
    refuseFilter(filter);
    const page = of(call.site).page(start, end, (object) => shown(call.who, filter, object));
    return poolAnswer(
      element,
      page.map((object) => object.poolXml()),
    );
  },
});

/** Without parameters: everything that the caller may use. */
const whole = <T extends PoolObject>(element: string, of: (site: Site) => Pool<T>): Method => ({
  takes: [''],
  run: ({ site, who }) => {
    const all = of(site).page(-1, -1, (object) => shown(who, -2, object));
    return poolAnswer(
      element,
      all.map((object) => object.poolXml()),
    );
  },
});

const vmPool = (form: (vm: Vm) => string): Method => ({
  takes: ['iiii', 's'],
  run: (call) => {
    const { site, who } = call;
    const [filter, start, end, state] = [call.number(0), call.number(1), call.number(2), call.number(3)];
    refuseFilter(filter);
    if (state < -2 || state > 11) throw new Refusal(CODE.api, 'Incorrect filter_flag, state');
    if (call.text(4) !== '') {
      throw new Refusal(CODE.internal, 'JSON query search is not supported by the SQL backend');
    }
    const wanted = (vm: Vm): boolean =>
      (state === -2 || (state === -1 ? vm.state !== 6 : vm.state === state)) && shown(who, filter, vm);
    return poolAnswer('VM_POOL', site.vms.page(start, end, wanted).map(form));
  },
});

const infoSet: Method = {
  takes: ['sb'],
  run: (call) => {
    const ids = new Set(call.text(0).split(',').filter(Boolean).map(Number));
    const vms = call.site.vms.page(-1, -1, (vm) => ids.has(vm.id) && shown(call.who, -2, vm));
    return poolAnswer(
      'VM_POOL',
      vms.map((vm) => (call.flag(1) ? vm.poolXml() : vm.shortForm())),
    );
  },
};

const monitoring: Method = {
  takes: ['i', 'i'],
  run: (call) => {
    refuseFilter(call.number(0));
    const seen = call.site.vms.page(-1, -1, (vm) => vm.monitoring !== undefined && shown(call.who, call.number(0), vm));
    const written = seen.map((vm) => vectorXml('MONITORING', vm.monitoring!));
    return plain('MONITORING_DATA', written.join(''));
  },
};

export const pools: Methods = {
  'one.vmpool.monitoring': monitoring,
  'one.vmpool.info': vmPool((vm) => vm.shortForm()),
  'one.vmpool.infoextended': vmPool((vm) => vm.poolXml()),
  'one.vmpool.infoset': infoSet,
  'one.templatepool.info': pool('VMTEMPLATE_POOL', ({ templates }) => templates),
  'one.imagepool.info': pool('IMAGE_POOL', ({ images }) => images),
  'one.vnpool.info': pool('VNET_POOL', ({ networks }) => networks),
  'one.secgrouppool.info': pool('SECURITY_GROUP_POOL', ({ securityGroups }) => securityGroups),
  'one.clusterpool.info': whole('CLUSTER_POOL', ({ clusters }) => clusters),
  'one.datastorepool.info': whole('DATASTORE_POOL', ({ datastores }) => datastores),
  'one.hostpool.info': whole('HOST_POOL', ({ hosts }) => hosts),
};
