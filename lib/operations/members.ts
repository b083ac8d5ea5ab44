import type { Backend, Target } from '../entities/backend.ts';
import { checkApplies } from '../entities/categories/sorted.ts';
import { apply } from '../entities/change/apply.ts';
import { changeOf } from '../entities/change/changes.ts';
import { doAll } from '../entities/each.ts';
import { membersOf } from '../entities/listing/members.ts';
import { requireSelection, selectedMembers } from '../entities/listing/selected-members.ts';
import { subjectAt } from '../entities/loaded-entity.ts';
import { namesIn, resolveNames } from '../entities/names.ts';
import { mappingFor } from '../entities/native-entity.ts';
import { NAMES, SELECTION } from '../entities/reads.ts';
import type { OcciRequest } from '../entities/request.ts';
import { OcciError } from '../errors.ts';
import type { Mapping } from '../mapping/rows.ts';
import type { CategoryDescription } from '../occi/category-description.ts';
import { typeId } from '../occi/types.ts';
import { NOTHING, type Parsed } from '../renderings/rendering.ts';
import { list } from './list.ts';
import type { Operation } from './operation.ts';

type MixinCollection = Target & { is: 'mixinCollection' };

async function named({ parsed }: Pick<OcciRequest, 'parsed'>, backend: Backend): Promise<readonly Mapping[]> {
  const names = namesIn(parsed);
  if (names.length > 0) return resolveNames(names, backend);
  throw new OcciError(
    'invalid',
    'The payload names no entity: give an X-OCCI-Location for each, or resources with their id.',
  );
}

const isEmptyList = (parsed: Parsed) => parsed !== NOTHING && parsed.parts.length + parsed.locations.length === 0;

const NO_CHANGE = { set: {}, unset: [], addMixins: [], removeMixins: [], addTags: [], tags: [] } as const;

/** Adds the mixin to an entity: a user's in the store, a provider's in the cloud. */
async function attach(mapping: Mapping, mixin: CategoryDescription, backend: Backend): Promise<void> {
  const subject = await subjectAt(mapping, mapping.uuid, backend);
  const category = { scheme: mixin.scheme, term: mixin.term, class: 'mixin' } as const;
  const part = { categories: [category], links: [], actions: [], attributes: {} };
  await apply(subject, await changeOf(part, subject.native, subject.shown, backend), [], backend);
}

async function detach(mapping: Mapping, mixin: CategoryDescription, backend: Backend): Promise<void> {
  const id = typeId(mixin);
  const subject = await subjectAt(mapping, mapping.uuid, backend);
  if (mixin.by === 'user') await apply(subject, NO_CHANGE, [id], backend);
  else if (subject.native.mixins.includes(id)) await apply(subject, { ...NO_CHANGE, removeMixins: [id] }, [], backend);
}

const pathOfMapping = ({ kind, nativeId }: Mapping, backend: Backend) => backend.identities.of(kind, nativeId).path;

const attachAll = (mappings: readonly Mapping[], mixin: CategoryDescription, backend: Backend): Promise<void> =>
  doAll(
    mappings,
    (mapping) => pathOfMapping(mapping, backend),
    (mapping) => attach(mapping, mixin, backend),
    backend,
  );

const detachAll = (mappings: readonly Mapping[], mixin: CategoryDescription, backend: Backend): Promise<void> =>
  doAll(
    mappings,
    (mapping) => pathOfMapping(mapping, backend),
    (mapping) => detach(mapping, mixin, backend),
    backend,
  );

function checkAll(mappings: readonly Mapping[], mixin: CategoryDescription): void {
  for (const { kind } of mappings) checkApplies([mixin.mixin!], kind);
}

/** POST on a mixin's collection: adds members (GFD.223 §11.3.2, CORE-18). */
export const tag: Operation<MixinCollection> = {
  answers: 'collection',
  needs: 'update',
  reads: { query: [], filter: [], payload: NAMES },
  async run(request, backend) {
    const { mixin } = request.target;
    const mappings = await named(request, backend);
    checkAll(mappings, mixin);
    await attachAll(mappings, mixin, backend);
    return await list.run(request, backend);
  },
};

/** PUT on a mixin's collection: the payload is the whole membership (GFD.223 §11.2). */
export const members: Operation<MixinCollection> = {
  answers: 'collection',
  needs: 'update',
  reads: { query: [], filter: [], payload: NAMES },
  async run(request, backend) {
    const { mixin } = request.target;
    // An explicit empty list (`{"resources":[]}`) clears the membership; a missing payload is an error.
    const mappings = isEmptyList(request.parsed) ? [] : await named(request, backend);
    checkAll(mappings, mixin);
    const now = await membersOf(request.target, request.filter, false, backend);
    const there = new Map(now.map(({ kind, id }) => [backend.identities.of(kind, id).uuid, { kind, id }]));
    const wanted = new Set(mappings.map(({ uuid }) => uuid));
    const leaving = [...there].filter(([uuid]) => !wanted.has(uuid));
    await detachAll(
      leaving.map(([, { kind, id }]) => mappingFor(kind, id, backend)),
      mixin,
      backend,
    );
    await attachAll(
      mappings.filter(({ uuid }) => !there.has(uuid)),
      mixin,
      backend,
    );
    return await list.run(request, backend);
  },
};

/**
 * DELETE on a mixin's collection: removes the mixin from the named entities, or from all. Never deletes an entity
 * (D-16).
 */
export const untag: Operation<MixinCollection> = {
  answers: 'done',
  needs: 'update',
  reads: { ...SELECTION, query: [...SELECTION.query, 'all'], payload: NAMES },
  async run(request, backend) {
    requireSelection(request, backend);
    const members = await selectedMembers(request, false, backend);
    await detachAll(
      members.map(({ kind, id }) => mappingFor(kind, id, backend)),
      request.target.mixin,
      backend,
    );
    return { is: 'done' };
  },
};
