import { Refusal } from './refusal.ts';
import { actingAs } from './session.ts';
import type { Site } from './site.ts';
import { type Vector, vector, vectorXml } from './template.ts';
import { act } from './vm-actions.ts';
import { dated } from './vm-walk.ts';
import { ids } from './xml.ts';

/** What oned is to do with a VM later. Times in epoch seconds, -1 for not yet. */
export interface Scheduled {
  readonly id: number;
  readonly vm: number;
  readonly action: string;
  readonly time: number;
  done: number;
  message: string;
}

/** Scheduled actions, and when the manager looks at them next (MANAGER_TIMER; ScheduledActionManager.cc of 7.4). */
export class Schedule {
  /** Milliseconds between two looks; `Infinity` where nothing looks. */
  every = 15_000;
  readonly actions: Scheduled[] = [];
  next = 0;
  due = Number.NaN;

  of(vm: number): readonly Scheduled[] {
    return this.actions.filter((one) => one.vm === vm);
  }

  add(vm: number, action: string, time: number): number {
    this.actions.push({ id: this.next, vm, action, time, done: -1, message: '' });
    if (Number.isNaN(this.due)) this.due = performance.now() + this.every;
    return this.next++;
  }

  drop(vm: number): void {
    for (const one of this.of(vm)) this.actions.splice(this.actions.indexOf(one), 1);
  }
}

/** Everything that is due, the earliest of each VM. What is refused is tried again at the next look. */
export const runScheduled = (site: Site): void => {
  const { schedule } = site;
  const seen = new Set<number>();
  const due = schedule.actions.filter(({ time, done }) => time < site.now() && time > done);
  for (const one of due.sort((left, right) => left.time - right.time)) {
    if (seen.has(one.vm)) continue;
    seen.add(one.vm);
    const vm = site.vms.must(one.vm);
    try {
      act(vm, actingAs(site.users.must(0)), one.action);
      one.done = site.now();
      one.message = '';
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      one.message = `${dated()} : ${cause.sentence}`;
    }
    vm.touch();
  }
};

/** Looks if it is time to. */
export const passTimer = (site: Site): void => {
  const { schedule } = site;
  while (schedule.due <= performance.now()) {
    schedule.due += schedule.every;
    runScheduled(site);
  }
};

const asVector = ({ id, vm, action, time, done, message }: Scheduled): Vector =>
  vector({
    ...{ ID: id, PARENT_ID: vm, TYPE: 'VM', ACTION: action, ARGS: '', TIME: time, REPEAT: -1, DAYS: '' },
    ...{ END_TYPE: -1, END_VALUE: -1, DONE: done, MESSAGE: message, WARNING: 0 },
  });

/** As one.vm.info has them, within TEMPLATE. */
export const scheduledXml = (site: Site, vm: number): string =>
  site.schedule
    .of(vm)
    .map((one) => vectorXml('SCHED_ACTION', asVector(one)))
    .join('');

/** As pools have them. */
export const scheduledIds = (site: Site, vm: number): string =>
  ids(
    'SCHED_ACTIONS',
    site.schedule.of(vm).map(({ id }) => id),
  );
