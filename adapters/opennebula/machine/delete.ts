/**
 * Deletes machines. oned refuses that while a machine is on its way from one state to another (PROLOG, BOOT, HOTPLUG:
 * `state-tables.ts`). The wish is then kept in OpenNebula itself, where it outlasts our table and our processes:
 *
 * - As a scheduled action of the machine (one.vm.schedadd, 6.2 and later), which oned carries out and, when it is
 *   refused, tries again every MANAGER_TIMER seconds (ScheduledActionManager.cc; mm_sched before 6.8). Nobody has to wait
 *   or to look. It ends with the machine.
 * - As a label, which the short form of pools has as well. A machine with the label is gone for OCCI, like one that is
 *   DONE. Every look at one that oned would delete now deletes it: sooner than oned's timer, and where there is none.
 */
import * as z from 'zod';
import { deleteActions, isUnknownAction } from '../actions.ts';
import { OneRefusal } from '../api/xml-rpc.ts';
import { type Cloud, isOwn } from '../cloud.ts';
import type { LabelledVm, Vm } from '../native/index.ts';
import { deletesIn } from '../states.ts';
import { UPDATE } from '../template/descriptions.ts';
import { encodeTemplate } from '../template/write.ts';

/** The label of a machine that is to be deleted; it has the id, since machines inherit labels from VM templates. */
const labelOf = (id: number): string => `occi-deleted-${id}`;

/** Labels are separated by commas. Sunstone may write them with other capitals. */
const labelsIn = (labels: string | undefined): readonly string[] =>
  (labels ?? '').split(',').flatMap((label) => label.trim() || []);

/** What shows whether a machine is to be deleted. */
type Labelled = Pick<Vm, 'ID'> & { readonly USER_TEMPLATE: { readonly LABELS?: string | undefined } };

/** True for a machine whose deletion was accepted and not carried out yet: gone for OCCI. */
export const isDoomed = ({ ID, USER_TEMPLATE: { LABELS } }: Labelled): boolean =>
  LABELS !== undefined && labelsIn(LABELS).some((label) => label.toLowerCase() === labelOf(ID));

/** Before every other scheduled action of the machine: oned carries out the earliest, one at a time. */
const FIRST = 1;
const ACTION = 'terminate-hard';

const isScheduled = ({ TEMPLATE: { SCHED_ACTION } }: Vm): boolean =>
  SCHED_ACTION.some(({ ACTION: name, TIME }) => name === ACTION && TIME === FIRST);

/** Schedules the deletion; false where oned cannot, or does not let the owner. Throws what is no refusal. */
async function schedule({ client }: Cloud, machine: Vm): Promise<boolean> {
  if (isScheduled(machine)) return true;
  try {
    const template = encodeTemplate({ SCHED_ACTION: { ACTION, TIME: FIRST } });
    await client.call('one.vm.schedadd', [machine.ID, template], z.unknown());
    return true;
  } catch (error) {
    if (error instanceof OneRefusal) return false;
    throw error;
  }
}

/** Keeps the wish: 2 calls. Throws the refusal if oned keeps neither the scheduled action nor the label. */
async function keepWish(cloud: Cloud, machine: Vm): Promise<void> {
  const scheduled = await schedule(cloud, machine);
  const LABELS = [...labelsIn(machine.USER_TEMPLATE.LABELS), labelOf(machine.ID)].join(',');
  try {
    await cloud.client.call('one.vm.update', [machine.ID, encodeTemplate({ LABELS }), UPDATE.append], z.unknown());
  } catch (error) {
    if (!(scheduled && error instanceof OneRefusal)) throw error;
  }
}

/** Deletes a machine by the name that the release has for it. */
async function terminate({ client }: Cloud, { ID, STATE }: Pick<Vm, 'ID' | 'STATE'>): Promise<void> {
  const names = deleteActions(undefined, STATE === 3);
  for (const [index, name] of names.entries()) {
    try {
      await client.call('one.vm.action', [name, ID], z.unknown());
      return;
    } catch (error) {
      if (index === names.length - 1 || !isUnknownAction(error)) throw error;
    }
  }
}

const isWrongState = (error: unknown): boolean =>
  error instanceof OneRefusal && error.code === 2048 && /wrong state/i.test(error.sentence);

/**
 * Deletes a machine now, or as soon as its state allows it: 1 call, or 2 in a state in which oned refuses. Success means
 * accepted. Throws the refusal of a machine that the caller may not delete.
 */
export async function deleteMachine(cloud: Cloud, machine: Vm): Promise<void> {
  if (deletesIn(machine) !== 'later') {
    try {
      return await terminate(cloud, machine);
    } catch (error) {
      // The state is another by now, or it is being deleted: if that fails, the wish remains.
      if (!isWrongState(error)) throw error;
    }
  }
  await keepWish(cloud, machine);
}

/** How many deletions one look carries out: each is a call, and the request is about something else. */
const MAX_PER_LOOK = 3;

/** Carries out deletions whose time has come, of machines that were just read. A failure is left to the next look. */
export async function carryOut(cloud: Cloud, seen: readonly LabelledVm[]): Promise<void> {
  const due = seen.filter((machine) => deletesIn(machine) === 'now');
  if (due.length === 0) return;
  const verdict = await cloud.verdict();
  const own = due.filter((machine) => isOwn(cloud.settings, verdict, machine)).slice(0, MAX_PER_LOOK);
  await Promise.all(own.map((machine) => terminate(cloud, machine).catch(() => {})));
}
