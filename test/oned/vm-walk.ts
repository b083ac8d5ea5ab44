import type { DriverAction } from './site.ts';
import type { Vm } from './vm.ts';
import { placeVolatile, releaseImage } from './vm-disks.ts';
import { releaseLease } from './vm-nics.ts';
import { numbersOf } from './vm-states.ts';

/** A state to be in after a step, or something that happens then. */
export type Way = string | (() => void);

/** The first at once, each other one step later. */
export const walk = (vm: Vm, [first, ...others]: readonly Way[]): void => {
  const take = (way: Way) => (): void => (typeof way === 'string' ? vm.goTo(numbersOf(way)) : way());
  if (first !== undefined) take(first)();
  vm.site.steps.start(vm, others.map(take));
};

/** Ends the walk in a failure if this driver is set up to fail; the driver's text goes where oned puts it. */
export const unless =
  (vm: Vm, action: DriverAction, failure: string | (() => void), reported = true): (() => void) =>
  () => {
    const text = vm.site.fails(action);
    if (text === undefined) return;
    vm.site.steps.stop(vm);
    if (reported) vm.userTemplate.set('ERROR', `${dated()}: ${text}`);
    if (typeof failure === 'string') vm.goTo(numbersOf(failure));
    else failure();
  };

/** `Sat Nov 21 18:53:37 2026`. */
export const dated = (): string => {
  const [day, month, date, year, time] = new Date().toString().split(' ');
  return `${day} ${month} ${date} ${time} ${year}`;
};

/** Undefined when no host fits what SCHED_REQUIREMENTS asks for: id, name or cluster. */
const host = (vm: Vm): { id: number; name: string } | undefined => {
  const required = vm.userTemplate.text('SCHED_REQUIREMENTS') ?? '';
  const asked = [...required.matchAll(/\b(ID|NAME|CLUSTER_ID|CLUSTER)\s*=\s*"?([^")&|]+?)"?\s*(?=[)&|]|$)/g)];
  const fits = vm.site.hosts.ascending().filter((one) =>
    asked.every(([, name, value]) => {
      const cluster = vm.site.clusters.get(one.clusters[0] ?? -1);
      return (
        { ID: String(one.id), NAME: one.name, CLUSTER_ID: String(cluster?.id), CLUSTER: cluster?.name }[name!] ===
        value!.trim()
      );
    }),
  );
  return fits[vm.id % Math.max(1, fits.length)];
};

/** For any host: 8 CPUs and 16 GiB each. */
const tooLarge = (vm: Vm): boolean =>
  Number(vm.template.text('CPU')) > 8 || Number(vm.template.text('MEMORY')) > 16_384;

const FROM = {
  PENDING: { prolog: 'PROLOG', boot: 'BOOT', prologFailure: 'PROLOG_FAILURE', bootFailure: 'BOOT_FAILURE' },
  STOPPED: {
    ...{ prolog: 'PROLOG_RESUME', boot: 'BOOT_STOPPED' },
    ...{ prologFailure: 'PROLOG_RESUME_FAILURE', bootFailure: 'BOOT_STOPPED_FAILURE' },
  },
  UNDEPLOYED: {
    ...{ prolog: 'PROLOG_UNDEPLOY', boot: 'BOOT_UNDEPLOY' },
    ...{ prologFailure: 'PROLOG_UNDEPLOY_FAILURE', bootFailure: 'BOOT_UNDEPLOY_FAILURE' },
  },
} as const;

/** What the scheduler does with a pending VM; it stays pending, with a message, where no host fits. */
export const deploy = (vm: Vm): void => {
  const dispatch = (): void => {
    const chosen = host(vm);
    if (chosen && !tooLarge(vm)) {
      clearMessage(vm);
      dispatchTo(vm, chosen);
      return;
    }
    if (tooLarge(vm)) {
      vm.userTemplate.set(
        'SCHED_MESSAGE',
        `${dated()}: Cannot dispatch VM: No host with enough capacity to deploy the VM`,
      );
      vm.touch();
      return;
    }
    const needs = `${vm.template.text('AUTOMATIC_REQUIREMENTS')} & ( ${vm.userTemplate.text('SCHED_REQUIREMENTS')} )`;
    const sentence = `Cannot dispatch VM: No host meets capacity and SCHED_REQUIREMENTS: ${needs}`;
    vm.userTemplate.set('SCHED_MESSAGE', `${dated()}: ${sentence}`);
    vm.touch();
  };
  vm.site.steps.start(vm, [dispatch]);
};

/** Why it waited no longer counts: 7.x takes the message away (PlanManager.cc), mm_sched before it empties it. */
const clearMessage = ({ userTemplate, site }: Vm): void => {
  if (!userTemplate.text('SCHED_MESSAGE')) return;
  if (Number.parseInt(site.version, 10) >= 7) userTemplate.remove('SCHED_MESSAGE');
  else userTemplate.set('SCHED_MESSAGE', '');
};

/** Onto this host, whatever the scheduler would think. */
export const dispatchTo = (vm: Vm, chosen: { id: number; name: string }): void => {
  const from = vm.resumesFrom ?? 'PENDING';
  const { prolog, boot, prologFailure, bootFailure } = FROM[from];
  arrive(vm, chosen);
  // A restore that fails says nothing in the VM's own template.
  const deployed = unless(vm, 'deploy', bootFailure, from !== 'STOPPED');
  walk(vm, [prolog, unless(vm, 'prolog', prologFailure), booting(vm, boot), deployed, running(vm)]);
};

const arrive = (vm: Vm, chosen: { id: number; name: string }): void => {
  vm.resumesFrom = undefined;
  vm.arriveOn(chosen, true);
  vm.template.set('TM_MAD_SYSTEM', 'dummy');
  for (const graphics of vm.template.vectors('GRAPHICS')) graphics.set('PORT', String(5900 + (vm.id % 59000)));
  for (const disk of vm.disks()) placeVolatile(disk);
};

const booting = (vm: Vm, boot: string) => (): void => {
  const record = vm.history.at(-1)!;
  record.prolog = [record.prolog[0], vm.site.now()];
  record.running = [vm.site.now(), 0];
  vm.goTo(numbersOf(boot));
};

const running = (vm: Vm) => (): void => {
  vm.deployId = `${vm.history.at(-1)!.host.name}:${vm.name}:dummy`.split(' ')[0]!;
  vm.goTo(numbersOf('RUNNING'));
};

/** Gives back what it had; the VM itself stays readable. */
export const done = (vm: Vm): void => {
  for (const nic of vm.allNics()) releaseLease(vm, nic);
  vm.goTo(numbersOf('DONE'));
  vm.site.schedule.drop(vm.id);
  vm.ended = vm.site.now();
  for (const graphics of vm.template.vectors('GRAPHICS')) graphics.delete('PORT');
  for (const disk of vm.disks()) {
    const image = vm.site.images.get(Number(disk.get('IMAGE_ID') ?? -1));
    if (image) releaseImage(vm, new Map(disk));
    image?.vms.delete(vm.id);
    image?.rest();
  }
  vm.touch();
};
