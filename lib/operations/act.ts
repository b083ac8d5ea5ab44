import type { Backend, Target } from '../entities/backend.ts';
import { withPreconditionsAt } from '../entities/change/conditional.ts';
import { acting } from '../entities/change/within-limits.ts';
import { doAll } from '../entities/each.ts';
import { NO_FILTER } from '../entities/listing/filter.ts';
import { membersOf } from '../entities/listing/members.ts';
import type { Member } from '../entities/listing/of-kind.ts';
import { ownOf, selectedMembers } from '../entities/listing/selected-members.ts';
import { located } from '../entities/locate.ts';
import { isName } from '../entities/names.ts';
import { kindAdapter, nativeAt, notImplemented } from '../entities/native-entity.ts';
import { onceVisible } from '../entities/not-visible-yet.ts';
import { saysWhenToRetry } from '../entities/passing-state.ts';
import { NAMES, SELECTION } from '../entities/reads.ts';
import type { OcciRequest } from '../entities/request.ts';
import { showOne } from '../entities/show.ts';
import { OcciError } from '../errors.ts';
import { KIND_TERMS, KINDS, type KindTerm } from '../occi/kinds/index.ts';
import { type Attributes, actionScheme, type Kind, type Mixin, typeId } from '../occi/types.ts';
import { unknownAction, unknownCategory } from '../occi/unknown.ts';
import { checkedAttributes, checkRequired } from '../occi/validate.ts';
import type { Operation } from './operation.ts';

interface Invocation {
  readonly term: string;
  readonly scheme: string;
  readonly attributes: Attributes;
}

/** The invocation in a payload: exactly one action category (TXT-13), the same as in the query (HTTP-29). */
function invocationOf({ parsed, action }: Pick<OcciRequest, 'parsed' | 'action'>): Invocation {
  const [part, more] = parsed.parts.filter((part) => !isName(part));
  const [category, another] = part?.categories ?? [];
  if (!category || another || more) {
    throw new OcciError('invalid', 'An action needs exactly one Category, that of the action (class="action").');
  }
  if (category.class !== undefined && category.class !== 'action') {
    throw new OcciError('invalid', `The Category of an action has the class action, not ${category.class}.`);
  }
  if (action === '')
    throw new OcciError('invalid', `The query parameter action is empty: send ?action=${category.term.slice(0, 64)}.`);
  if (category.term !== action) {
    throw new OcciError(
      'invalid',
      `The query names the action ${String(action).slice(0, 64)}, the Category ${category.term.slice(0, 64)}.`,
    );
  }
  return { term: category.term, scheme: category.scheme, attributes: part!.attributes };
}

/** The parameters of an action of a kind, checked. Throws `invalid` for an action that the kind does not have. */
function parametersFor(kind: KindTerm, { term, scheme, attributes }: Invocation): Attributes {
  const { actions }: Kind = KINDS[kind];
  const action =
    actions && Object.hasOwn(actions, term) && scheme === actionScheme(KINDS[kind]) ? actions[term] : undefined;
  if (!action) throw unknownAction(scheme + term, kind);
  const definitions = action.attributes ?? {};
  const checked = checkedAttributes(attributes, definitions, `the action ${term} of ${kind}`);
  checkRequired(checked, definitions, `the action ${term}`);
  return checked;
}

/** Throws `notImplemented` for an action of a kind that the cloud can never carry out. */
function requireOffered({ scheme, term }: Invocation, { adapter: { kinds } }: Backend): void {
  const kind = KIND_TERMS.find((one) => scheme === actionScheme(KINDS[one]));
  const reasons: Readonly<Record<string, string>> = (kind && kinds[kind]?.cannotAct) ?? {};
  if (Object.hasOwn(reasons, term)) throw new OcciError('notImplemented', reasons[term]!);
}

async function invoke(
  kind: KindTerm,
  nativeId: string,
  invocation: Invocation,
  backend: Backend,
): Promise<Mixin | undefined> {
  const adapter = kindAdapter(kind, backend);
  const parameters = parametersFor(kind, invocation);
  if (!adapter.act) throw notImplemented('act', kind);
  const act = () =>
    saysWhenToRetry({ kind, id: nativeId }, backend, () =>
      adapter.act!(nativeId, invocation.term as never, parameters),
    );
  try {
    const { mixin } = await acting({ kind, id: nativeId }, invocation.term, parameters, backend, act);
    if (mixin) await backend.models.dropCatalogue();
    return mixin;
  } catch (error) {
    if (!(error instanceof OcciError && error.unknownOutcome)) throw error;
    // What was saved all the same is to be found in the catalogue.
    if (invocation.term === 'save') await backend.models.dropCatalogue().catch(() => {});
    const { failureOfLost } = await import('../entities/change/lost-copies.ts');
    throw failureOfLost(error, kind, invocation.term);
  }
}

/**
 * POST ?action= on an entity (GFD.223 §10.3.2). 200 as soon as the cloud has accepted it (D-10); `save` shows its
 * template (INF-4).
 */
export const act: Operation<Target & { is: 'entity' }> = {
  answers: 'entity',
  needs: 'act',
  reads: { query: ['action'], filter: [], payload: ['categories', 'attributes', 'itself'] },
  async run(request, backend) {
    const invocation = invocationOf(request);
    requireOffered(invocation, backend);
    const mapping = await located(request.target, backend);
    const mixin = await withPreconditionsAt(request.conditions, mapping, request.target.path, backend, () =>
      onceVisible(mapping, backend, () => invoke(mapping.kind, mapping.nativeId, invocation, backend)),
    );
    if (mixin) {
      // Without the catalogue, which would be read again before the template is in it.
      const description = backend.base.with([mixin], []).find(typeId(mixin))!;
      return { is: 'categories', categories: [description] };
    }
    return { is: 'entity', entity: await showOne(await nativeAt(mapping, request.target.path, backend), backend) };
  },
};

/** Reads the same members again without the filter: the action may have changed what it matches. */
async function afterwards(
  members: readonly Member[],
  { target }: Pick<OcciRequest, 'target'>,
  backend: Backend,
): Promise<readonly Member[]> {
  const locations = new Set(members.map(({ location }) => location));
  const now = await membersOf(target, NO_FILTER, true, backend);
  return now.filter(({ location }) => locations.has(location));
}

/**
 * POST ?action= on a collection (GFD.223 §11.3.3): on the members that are named or match the filter, else on all. Each
 * of them must have the action (CORE-15).
 */
export const actAll: Operation<Target & { is: 'kindCollection' | 'coreCollection' | 'mixinCollection' }> = {
  answers: 'collection',
  needs: 'act',
  reads: { ...SELECTION, query: [...SELECTION.query, 'action'], payload: ['categories', 'attributes', ...NAMES] },
  async run(request, backend) {
    const invocation = invocationOf(request);
    requireOffered(invocation, backend);
    const { target, parsed, wants } = request;
    if (target.is === 'kindCollection') parametersFor(target.kind, invocation);
    const id = invocation.scheme + invocation.term;
    if (backend.base.find(id)?.class !== 'action') throw unknownCategory(id, backend.base, ['action']);
    const members = await selectedMembers(request, true, backend);
    for (const { kind } of members) parametersFor(kind, invocation);
    const own = ownOf(members, parsed);
    await doAll(
      own,
      ({ location }) => location,
      ({ kind, id }) => invoke(kind, id, invocation, backend),
      backend,
    );
    const after = wants === 'entities' ? await afterwards(members, request, backend) : members;
    return {
      is: 'collection',
      locations: after.map(({ location }) => location),
      ...(wants === 'entities' && { entities: after.map(({ entity }) => entity!) }),
    };
  },
};
