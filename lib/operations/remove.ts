import { isFailure, OcciError } from '../errors.ts';
import { isLinkTerm } from '../occi/kinds/index.ts';
import type { Member } from './collect.ts';
import { onConditionAt } from './conditional.ts';
import { located, notHere } from './locate.ts';
import { forget, mappingFor, unmake } from './make.ts';
import { checkSelects, membersMeant, ownOf } from './named.ts';
import type { Backend, Operation, Target } from './operation.ts';
import { NAMES, SELECTION } from './reads.ts';

/** DELETE on an entity (GFD.223 §10.4, D-9). What is gone already is 404, whoever took it. */
export const remove: Operation<Target & { is: 'entity' }> = {
  answers: 'done',
  reads: { query: [], filter: [], payload: ['itself'] },
  async run({ target, conditions }, backend) {
    const mapping = await located(target, backend);
    await onConditionAt(conditions, mapping, target.path, backend, async () => {
      try {
        await unmake({ mapping }, backend);
      } catch (error) {
        if (!isFailure(error, 'notFound')) throw error;
        await forget([mapping], backend);
        throw notHere(target.path);
      }
    });
    return { is: 'done' };
  },
};

/** Links go before machines, machines before what they use: so that a whole collection can go in one request. */
const rank = ({ kind }: Pick<Member, 'kind'>) => (isLinkTerm(kind) ? 0 : kind === 'compute' ? 1 : 2);

/** Time that the answer itself may need, in milliseconds. */
const FOR_THE_ANSWER = 1000;

/**
 * Runs `work` for all, two at a time, and goes on after failures; throws `conflict` that lists each (decision 8), and
 * says how far it came when the time of the request is over.
 */
export async function doAll<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  work: (item: T) => Promise<unknown>,
  { deadline }: Backend,
): Promise<void> {
  const failures: string[] = [];
  const queue = items.values();
  let late = 0;
  const worker = async () => {
    for (const item of queue) {
      if (Date.now() > deadline - FOR_THE_ANSWER) late++;
      else {
        await work(item).catch((error) => {
          if (!(error instanceof OcciError)) throw error;
          failures.push(`${nameOf(item)}: ${error.message}`);
        });
      }
    }
  };
  await Promise.all([worker(), worker()]);
  const undone = failures.length + late;
  if (undone === 0) return;
  const shown = failures.slice(0, 20);
  if (failures.length > shown.length) shown.push(`And ${failures.length - shown.length} more.`);
  if (late > 0) shown.push(`For ${late} the time of the request was over: send it again.`);
  throw new OcciError('conflict', `${items.length - undone} of ${items.length} done; not done: ${shown.join(' ')}`);
}

async function removeMembers(members: readonly Member[], backend: Backend): Promise<void> {
  const failed: OcciError[] = [];
  for (const level of [0, 1, 2]) {
    await doAll(
      members.filter((member) => rank(member) === level),
      ({ location }) => location,
      (member) =>
        unmake({ mapping: mappingFor(member.kind, member.id, backend) }, backend).catch((error) => {
          // A machine takes its links along; what is gone is what was asked for.
          if (!isFailure(error, 'notFound')) throw error;
        }),
      backend,
    ).catch((error) => {
      if (!(error instanceof OcciError)) throw error;
      failed.push(error);
    });
  }
  if (failed.length > 0) throw new OcciError('conflict', failed.map(({ message }) => message).join(' '));
}

/**
 * DELETE on the collection of a kind, of all resources or links, or on `/` (GFD.223 §11.4.1): what the payload names (D-17), else what the filter
 * selects, of what the caller owns.
 */
export const removeAll: Operation<Target & { is: 'kindCollection' | 'coreCollection' | 'unbound' }> = {
  answers: 'done',
  reads: { ...SELECTION, query: [...SELECTION.query, 'all'], payload: NAMES },
  async run(request, backend) {
    checkSelects(request, backend);
    const members = await membersMeant(request, true, backend);
    await removeMembers(ownOf(members, request.parsed), backend);
    return { is: 'done' };
  },
};
