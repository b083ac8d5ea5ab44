import type { Backend, Target } from '../entities/backend.ts';
import type { Member } from '../entities/collect.ts';
import { withPreconditionsAt } from '../entities/conditional-change.ts';
import { doAll } from '../entities/each.ts';
import { isEmpty } from '../entities/filter.ts';
import { atPath, isTombstoned, notHere } from '../entities/locate.ts';
import { forget, mappingFor, unmake } from '../entities/make.ts';
import { NAMES, SELECTION } from '../entities/reads.ts';
import type { OcciRequest } from '../entities/request.ts';
import { namesIn, ownOf, requireSelection, selectedMembers } from '../entities/selected-members.ts';
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
    await unmake({ mapping }, backend);
    return false;
  } catch (error) {
    if (isFailure(error, 'notFound')) return true;
    throw error;
  }
}

/** The order of deletion: links before machines, machines before what they use, so that one request can delete all. */
const rank = ({ kind }: Pick<Member, 'kind'>) => (isLinkTerm(kind) ? 0 : kind === 'compute' ? 1 : 2);

async function removeMembers(members: readonly Member[], backend: Backend): Promise<void> {
  const failed: OcciError[] = [];
  for (const level of [0, 1, 2]) {
    await doAll(
      members.filter((member) => rank(member) === level),
      ({ location }) => location,
      async ({ kind, id }) => {
        const mapping = mappingFor(kind, id, backend);
        // A deleted machine takes its links along, so a missing entity is a success.
        if (await isGone(mapping, backend)) await forget([mapping], backend);
      },
      backend,
    ).catch((error) => {
      if (!(error instanceof OcciError)) throw error;
      failed.push(error);
    });
  }
  if (failed.length > 0) throw new OcciError('conflict', failed.map(({ message }) => message).join(' '));
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
