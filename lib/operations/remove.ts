import type { Backend, Target } from '../entities/backend.ts';
import { withPreconditionsAt } from '../entities/change/conditional.ts';
import { deleteEntity, forget } from '../entities/delete.ts';
import { doAll } from '../entities/each.ts';
import { isEmpty } from '../entities/listing/filter.ts';
import type { Member } from '../entities/listing/of-kind.ts';
import { ownOf, requireSelection, selectedMembers } from '../entities/listing/selected-members.ts';
import { atPath, isTombstoned, notHere } from '../entities/locate.ts';
import { namesIn } from '../entities/names.ts';
import { mappingFor } from '../entities/native-entity.ts';
import { NAMES, SELECTION } from '../entities/reads.ts';
import type { OcciRequest } from '../entities/request.ts';
import { isFailure, OcciError } from '../errors.ts';
import type { Mapping } from '../mapping/rows.ts';
import { isLinkTerm } from '../occi/kinds/index.ts';
import type { Operation } from './operation.ts';

/** DELETE on an entity (GFD.223 §10.4, D-9). An entity that has been deleted already is 404. */
export const remove: Operation<Target & { is: 'entity' }> = {
  answers: 'done',
  needs: 'remove',
  reads: { query: [], filter: [], payload: ['itself'] },
  async run({ target, conditions }, backend) {
    const mapping = await atPath(target, backend);
    if (!mapping) throw notHere(target.path);
    await withPreconditionsAt(conditions, mapping, target.path, backend, async () => {
      if (!(await isTombstoned(mapping, backend)) && !(await isGone(mapping, backend))) return;
      // An earlier delete may have crashed before it removed all rows.
      await forget([mapping], backend, target.path);
      throw notHere(target.path);
    });
    return { is: 'done' };
  },
};

/** Removes an entity; true if it was deleted already. */
async function isGone(mapping: Mapping, backend: Backend): Promise<boolean> {
  try {
    await deleteEntity(mapping, backend);
    return false;
  } catch (error) {
    if (isFailure(error, 'notFound')) return true;
    throw error;
  }
}

const isLink = ({ kind }: Pick<Member, 'kind'>): boolean => isLinkTerm(kind);
const isMachine = ({ kind }: Pick<Member, 'kind'>): boolean => kind === 'compute';

/**
 * Links before machines, machines before what they use, so that one request can delete all. A deleted machine takes its
 * links along: one that was refused, because the machine boots or cannot do without it, is tried again behind the machines.
 */
async function removeMembers(members: readonly Member[], backend: Backend): Promise<void> {
  const failed: OcciError[] = [];
  const refused: Member[] = [];
  const removeOne = async ({ kind, id }: Member) => {
    const mapping = mappingFor(kind, id, backend);
    if (await isGone(mapping, backend)) await forget([mapping], backend);
  };
  const removeLater = (member: Member) =>
    removeOne(member).catch((error) => {
      if (!isFailure(error, 'conflict')) throw error;
      refused.push(member);
    });
  const removeEach = (some: readonly Member[], work: (member: Member) => Promise<void>) =>
    doAll(some, ({ location }) => location, work, backend).catch((error) => {
      if (!(error instanceof OcciError)) throw error;
      failed.push(error);
    });
  const machines = members.filter(isMachine);
  await removeEach(members.filter(isLink), machines.length > 0 ? removeLater : removeOne);
  await removeEach(machines, removeOne);
  await removeEach(refused, async (member) => {
    if (!(await isTombstoned(mappingFor(member.kind, member.id, backend), backend))) await removeOne(member);
  });
  await removeEach(
    members.filter((member) => !isLink(member) && !isMachine(member)),
    removeOne,
  );
  if (failed.length === 0) return;
  const waits = failed.map(({ headers }) => Number(headers['Retry-After'] ?? Number.NaN));
  throw new OcciError('conflict', failed.map(({ message }) => message).join(' '), {
    ...(waits.every(Number.isFinite) && { headers: { 'Retry-After': String(Math.max(...waits)) } }),
  });
}

/**
 * DELETE on the collection of a kind, of all resources or links, or on `/` (GFD.223 §11.4.1): of the caller's own
 * members those that the payload names (D-17), else those that match the filter.
 */
export const removeAll: Operation<Target & { is: 'kindCollection' | 'coreCollection' | 'unbound' }> = {
  answers: 'done',
  needs: 'remove',
  reads: { ...SELECTION, query: [...SELECTION.query, 'all'], payload: NAMES },
  async run(request, backend) {
    requireSelection(request, backend);
    const members = await selectedMembers(request, true, backend);
    const left = isWhole(request) ? await unlisted(request.target, members, backend) : [];
    await removeMembers([...ownOf(members, request.parsed), ...left], backend);
    return { is: 'done' };
  },
};

/** True for a delete of everything: it has neither names nor a filter. */
const isWhole = ({ parsed, filter }: Pick<OcciRequest, 'parsed' | 'filter'>): boolean =>
  namesIn(parsed).length === 0 && isEmpty(filter);

/** Entities left by crashed deletes: the store has them and the cloud does not list them. */
async function unlisted(target: Target, members: readonly Member[], backend: Backend): Promise<readonly Member[]> {
  if (target.is !== 'kindCollection' && !(target.is === 'unbound' && target.path === '/')) return [];
  const listed = new Set(members.map(({ kind, id }) => backend.identities.of(kind, id).uuid));
  const annotations = [...(await backend.store.annotations()).values()];
  return annotations
    .filter(({ uuid, kind, deleted }) => !deleted && !listed.has(uuid) && (!('kind' in target) || target.kind === kind))
    .map(({ kind, nativeId, alias = '' }) => ({ kind, id: nativeId, location: alias, published: false }));
}
