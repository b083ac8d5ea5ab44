import { notAuthorized } from './refusal.ts';
import type { Site } from './site.ts';
import { type Template, vector, vectorXml } from './template.ts';
import type { Group, User } from './users.ts';
import type { Vm } from './vm.ts';
import { plain } from './xml.ts';

/** Limits by what they count; ids of networks, images and datastores are keys. Absent and −1: no limit. */
export interface Quotas {
  readonly VM: Readonly<Record<string, number>>;
  readonly NETWORK: Readonly<Record<number, Readonly<Record<string, number>>>>;
  readonly IMAGE: Readonly<Record<number, Readonly<Record<string, number>>>>;
  readonly DATASTORE: Readonly<Record<number, Readonly<Record<string, number>>>>;
}

export const EMPTY_QUOTAS: Quotas = { VM: {}, NETWORK: {}, IMAGE: {}, DATASTORE: {} };

/** What a call adds to the use of its owner. */
export type Use = Quotas;

const VM_COUNTS = ['CPU', 'MEMORY', 'RUNNING_CPU', 'RUNNING_MEMORY', 'RUNNING_VMS', 'SYSTEM_DISK_SIZE', 'VMS'] as const;
const COUNTS = { NETWORK: ['LEASES'], IMAGE: ['RVMS'], DATASTORE: ['IMAGES', 'SIZE'] } as const;

export const quotasFrom = (template: Template): Quotas => {
  const byId = (name: string): Record<number, Record<string, number>> =>
    Object.fromEntries(
      template.vectors(name).map((limits) => {
        const { ID, ...others } = Object.fromEntries(limits);
        return [Number(ID), Object.fromEntries(Object.entries(others).map(([key, value]) => [key, Number(value)]))];
      }),
    );
  const limits = Object.fromEntries([...(template.vectors('VM')[0] ?? [])].map(([key, value]) => [key, Number(value)]));
  return { VM: limits, NETWORK: byId('NETWORK'), IMAGE: byId('IMAGE'), DATASTORE: byId('DATASTORE') };
};

type Whose = 'user' | 'group';
/** Of administrators nothing is counted. */
const owns = (whose: Whose, id: number) => (object: { uid: number; gid: number }) =>
  id !== 0 && (whose === 'user' ? object.uid : object.gid) === id;

const add = (sums: Record<string, number>, key: string, amount: number): void => {
  sums[key] = Math.round(((sums[key] ?? 0) + amount) * 100) / 100;
};

const kept = new WeakMap<Site, { changes: number; readonly uses: Map<string, Use> }>();

/** The usage of an owner, recomputed only after a change. */
const used = (site: Site, whose: Whose, id: number): Use => {
  let known = kept.get(site);
  if (known?.changes !== site.changes) {
    known = { changes: site.changes, uses: new Map() };
    kept.set(site, known);
  }
  const key = `${whose} ${id}`;
  const use = known.uses.get(key) ?? counted(site, whose, id);
  known.uses.set(key, use);
  return use;
};

/** Counted from the objects themselves. */
const counted = (site: Site, whose: Whose, id: number): Use => {
  const use = { VM: {}, NETWORK: {}, IMAGE: {}, DATASTORE: {} } as Record<keyof Quotas, Record<string, never>>;
  const count = (what: Exclude<keyof Quotas, 'VM'>, key: string, name: string, amount: number): void => {
    const of = use[what] as Record<string, Record<string, number>>;
    of[key] ??= {};
    add(of[key], name, amount);
  };
  for (const vm of site.vms.ascending()) {
    if (vm.state === 6 || !owns(whose, id)(vm)) continue;
    for (const [name, amount] of Object.entries(vmUse(vm))) add(use.VM, name, amount);
    for (const nic of vm.allNics()) count('NETWORK', nic.get('NETWORK_ID')!, 'LEASES', 1);
    for (const disk of vm.disks()) if (disk.has('IMAGE_ID')) count('IMAGE', disk.get('IMAGE_ID')!, 'RVMS', 1);
  }
  for (const image of site.images.ascending().filter(owns(whose, id))) {
    count('DATASTORE', String(image.datastore), 'IMAGES', 1);
    count('DATASTORE', String(image.datastore), 'SIZE', image.size);
  }
  return use;
};

const vmUse = (vm: Vm): Record<string, number> => {
  const [cpu, memory] = [Number(vm.template.text('CPU')), Number(vm.template.text('MEMORY'))];
  const running = vm.state === 3 || vm.state <= 1 ? 1 : 0;
  return {
    ...{ CPU: cpu, MEMORY: memory, VMS: 1, SYSTEM_DISK_SIZE: 0 },
    ...{ RUNNING_CPU: cpu * running, RUNNING_MEMORY: memory * running, RUNNING_VMS: running },
  };
};

/** @throws {Refusal} 512: `user [3] limit of 3 reached for VMS quota in VM.` */
export const refuseOverQuota = (site: Site, owner: User, more: Partial<Use>): void => {
  const group = site.groups.get(owner.gid);
  const holders = [['user', owner, owner.quotas] as const, ...(group ? [['group', group, group.quotas] as const] : [])];
  for (const [whose, holder, quotas] of holders) {
    if (quotas === EMPTY_QUOTAS) continue;
    const use = used(site, whose, holder.id);
    const check = (
      what: string,
      limits: Readonly<Record<string, number>>,
      has: object,
      wants: object,
      where: string,
    ) => {
      for (const [name, wanted] of Object.entries(wants as Record<string, number>)) {
        const limit = limits[name] ?? -1;
        const has_ = (has as Record<string, number>)[name] ?? 0;
        if (limit < 0 || has_ + wanted <= limit) continue;
        const sentence = `${whose} [${holder.id}] limit of ${limit} reached for ${name} quota in ${what}${where}.`;
        throw notAuthorized(owner.id, sentence);
      }
    };
    check('VM', quotas.VM, use.VM, more.VM ?? {}, '');
    for (const what of ['NETWORK', 'IMAGE', 'DATASTORE'] as const) {
      for (const [id, wants] of Object.entries(more[what] ?? {})) {
        check(what, quotas[what][Number(id)] ?? {}, use[what][Number(id)] ?? {}, wants, ` with ID: ${id}`);
      }
    }
  }
};

/** Limits beside what is used: shown for what has been used or limited, as oned keeps it. */
export const quotasXml = (site: Site, whose: Whose, holder: User | Group): string => {
  const use = used(site, whose, holder.id);
  const shown = (
    limits: Readonly<Record<string, number>>,
    has: Readonly<Record<string, number>>,
    names: readonly string[],
  ) =>
    Object.fromEntries(
      names.flatMap((name) => [[name, limits[name] ?? -1] as const, [`${name}_USED`, has[name] ?? 0] as const]),
    );
  const vm = Object.keys({ ...holder.quotas.VM, ...use.VM }).length > 0;
  const listed = (what: 'DATASTORE' | 'NETWORK' | 'IMAGE'): string =>
    Object.keys({ ...holder.quotas[what], ...use[what] })
      .map((id) => {
        const counts = shown(holder.quotas[what][Number(id)] ?? {}, use[what][Number(id)] ?? {}, COUNTS[what]);
        return vectorXml(what, vector({ ID: id, ...counts }));
      })
      .join('');
  return [
    plain('DATASTORE_QUOTA', listed('DATASTORE')),
    plain('NETWORK_QUOTA', listed('NETWORK')),
    plain('VM_QUOTA', vm ? vectorXml('VM', vector(shown(holder.quotas.VM, use.VM, VM_COUNTS))) : ''),
    plain('IMAGE_QUOTA', listed('IMAGE')),
  ].join('');
};
