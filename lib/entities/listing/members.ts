/** The members of any collection that match a filter. */

import type { Annotations } from '../../mapping/rows.ts';
import { kindTermOf } from '../../occi/identifiers.ts';
import { CORE_KINDS, isIn, KIND_TERMS, type KindTerm } from '../../occi/kinds/index.ts';
import type { Model } from '../../occi/model.ts';
import { typeId } from '../../occi/types.ts';
import type { Backend, Filter, Target } from '../backend.ts';
import { kindAdapter } from '../native-entity.ts';
import { allAnnotations } from '../show.ts';
import { checkFilter, isEmpty, passes } from './filter.ts';
import { entitiesOf, type Member, namesOf } from './of-kind.ts';

/** The kinds whose entities can be members, in the order of the tables. */
function kindsOf(target: Target, filter: Filter, annotations: Annotations, backend: Backend): readonly KindTerm[] {
  if (target.is === 'kindCollection') return [target.kind];
  const all = KIND_TERMS.filter((kind) => backend.adapter.kinds[kind]);
  const served = target.is === 'coreCollection' ? all.filter((kind) => isIn(kind, target.core)) : all;
  if (target.is === 'mixinCollection') {
    const { by, applies } = target.mixin;
    if (by !== 'user') return applies ? served.filter((kind) => applies.some((id) => kindTermOf(id) === kind)) : served;
    const id = typeId(target.mixin);
    const tagged = new Set([...annotations.values()].filter(({ tags }) => tags?.includes(id)).map(({ kind }) => kind));
    return served.filter((kind) => tagged.has(kind));
  }
  const named = filter.categories.flatMap((id) => kindTermOf(id) ?? []);
  const ofCore = filter.categories.some((id) => Object.values(CORE_KINDS).some((kind) => typeId(kind) === id));
  return named.length > 0 && !ofCore ? served.filter((kind) => named.includes(kind)) : served;
}

const prefixOf = (path: string): string => (path.endsWith('/') ? path : `${path}/`);

/** The mixins whose collections lie below an unbound path; undefined for the root, which contains everything. */
function mixinsBelow(target: Target, model: Model): readonly string[] | undefined {
  if (target.is === 'mixinCollection') return [typeId(target.mixin)];
  if (target.is !== 'unbound' || target.path === '/') return undefined;
  const prefix = prefixOf(target.path);
  return model.categories
    .filter(({ class: of, location }) => of === 'mixin' && location?.startsWith(prefix))
    .map(typeId);
}

/**
 * The members of a collection that match a filter. Entities are read if `whole` is set, for a filter, and for the
 * collection of a provider's mixin. Throws `invalid` for a filter with an unknown category or attribute.
 */
export async function membersOf(
  target: Target,
  filter: Filter,
  whole: boolean,
  backend: Backend,
): Promise<readonly Member[]> {
  if (target.is === 'kindCollection' && isEmpty(filter)) {
    const adapter = kindAdapter(target.kind, backend);
    const annotations = backend.store.annotations();
    return (whole ? entitiesOf : namesOf)(target.kind, adapter, await annotations, backend);
  }
  const [annotations, { model }] = await Promise.all([allAnnotations(backend), backend.model()]);
  const checked = checkFilter(filter, model, backend);
  const below = mixinsBelow(target, model);
  const byTag = target.is === 'mixinCollection' && target.mixin.by === 'user';
  const needEntities = whole || !isEmpty(checked) || (below !== undefined && !byTag);
  const kinds = kindsOf(target, checked, annotations, backend);
  const perKind = await Promise.all(
    kinds.map((kind) => (needEntities ? entitiesOf : namesOf)(kind, kindAdapter(kind, backend), annotations, backend)),
  );
  let members = perKind.flat();
  if (byTag) {
    const id = typeId(target.mixin);
    const tagged = (member: Member) =>
      annotations.get(backend.identities.of(member.kind, member.id).uuid)?.tags?.includes(id);
    members = members.filter(tagged);
  } else if (below !== undefined) {
    const path = target.is === 'unbound' ? prefixOf(target.path) : undefined;
    const isMember = ({ entity, location }: Member) =>
      (path !== undefined && location.startsWith(path)) ||
      entity!.mixins.some((mixin) => below.some((of) => model.isOrDependsOn(typeId(mixin), of)));
    members = members.filter(isMember);
  }
  return isEmpty(checked) ? members : members.filter(({ entity }) => passes(entity!, checked, model));
}
