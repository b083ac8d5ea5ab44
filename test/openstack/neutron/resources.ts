/** Requests about the resources of one kind: listing, creation, and one by its id. */
import { isAdmin, isMember, type ServiceAnswer, type ServiceRequest, type TokenOwner } from '../service.ts';
import { changesIn, wantedIn } from './body.ts';
import type { Kind, Values } from './kind.ts';
import { listed, viewerOf, viewOf } from './listing.ts';
import { denied, methodNotAllowed, notFound, refused } from './refusals.ts';
import type { Row } from './rows.ts';
import type { State } from './state.ts';

/** `rule:create_port`, with the attributes that policies of their own guard: nested as Neutron writes it. */
function ruleOf<R extends Row>({ attributes, one }: Kind<R>, how: string, values: Values): string {
  const rule = (name: string): string => `rule:${how}_${one}:${name}`;
  const terms = Object.keys(values)
    .filter((name) => attributes[name]?.isPoliced)
    .map((name) => {
      const parts = attributes[name]!.parts?.(values[name]) ?? [];
      if (parts.length === 0) return rule(name);
      return `(${rule(name)} and (${parts.map((part) => rule(`${name}:${part}`)).join(' and ')}))`;
    });
  return terms.reduce((before, term) => `(${before} and ${term})`, `rule:${how}_${one}`);
}

function refuseUnsaid<R extends Row>(
  kind: Kind<R>,
  how: 'create' | 'update',
  { values, owner, row }: { readonly values: Values; readonly owner: TokenOwner; readonly row: R | undefined },
): void {
  if (isAdmin(owner)) return;
  const isRefused = Object.keys(values).some((name) => kind.maySay?.(name, values, owner, row) === false);
  if (isRefused) throw denied(ruleOf(kind, how, values));
}

/** Throws `Refused` when a project would have more than its quota. */
export function holdQuota<R extends Row>(
  state: State,
  kind: Pick<Kind<R>, 'quota' | 'rows'>,
  projectId: string,
  more: number,
): void {
  const limit = kind.quota === undefined ? -1 : state.quota(projectId, kind.quota);
  if (limit < 0) return;
  let used = 0;
  for (const row of kind.rows.values()) if (row.projectId === projectId) used += 1;
  if (used + more > limit) throw refused(409, 'OverQuota', `Quota exceeded for resources: ['${kind.quota}'].`);
}

/** The row with this id, if its owner may see it. */
export function seen<R extends Row>(kind: Kind<R>, id: string, owner: TokenOwner): R {
  const row = kind.rows.get(id);
  if (row && (isAdmin(owner) || kind.isVisible(row, owner))) return row;
  if (row && kind.isHiddenPlainly) throw notFound('HTTPNotFound', 'The resource could not be found.');
  throw notFound(`${kind.type}NotFound`, kind.missing(id));
}

/** The row with this id, if it may be changed. */
export function changeable<R extends Row>(
  kind: Kind<R>,
  {
    id,
    owner,
    how,
    rule,
  }: { readonly id: string; readonly owner: TokenOwner; readonly how: 'update' | 'delete'; readonly rule?: string },
): R {
  const row = seen(kind, id, owner);
  if (!isAdmin(owner) && !(isMember(owner) && kind.mayChange(row, owner, how)))
    throw denied(rule ?? `rule:${how}_${kind.one}`);
  return row;
}

/** `If-Match: revision_number=4`; anything else in that field is ignored. */
function holdRevision(row: Row, request: ServiceRequest): void {
  const wanted = /^revision_number=(\d+)$/.exec(request.headers['if-match'] ?? '')?.[1];
  if (wanted !== undefined && Number(wanted) !== row.revision)
    throw refused(
      412,
      'RevisionNumberConstraintFailed',
      `Constrained to ${wanted}, but current revision is ${row.revision}`,
    );
}

function created<R extends Row>(
  state: State,
  kind: Kind<R>,
  request: ServiceRequest,
  owner: TokenOwner,
): ServiceAnswer {
  const { wanted, isBulk } = wantedIn(kind, request.text, owner);
  for (const { values } of wanted) {
    if (!kind.mayCreate(values, owner)) throw denied(ruleOf(kind, 'create', values));
    refuseUnsaid(kind, 'create', { values, owner, row: undefined });
  }
  const { projectId } = wanted[0]!;
  holdQuota(state, kind, projectId, wanted.length);
  const all = wanted.map(({ values }) => values);
  const rows = kind.createAll?.(all, projectId) ?? wanted.map((one) => kind.create(one.values, one.projectId));
  const views = rows.map((row) => viewOf(kind, row, viewerOf(owner, true)));
  return { status: 201, body: isBulk ? { [kind.many]: views } : { [kind.one]: views[0] } };
}

function updated<R extends Row>(
  state: State,
  kind: Kind<R>,
  { request, owner, id }: { readonly request: ServiceRequest; readonly owner: TokenOwner; readonly id: string },
): ServiceAnswer {
  if (!kind.update) throw methodNotAllowed();
  const values = changesIn(kind, request.text);
  const row = changeable(kind, { id, owner, how: 'update' });
  refuseUnsaid(kind, 'update', { values, owner, row });
  holdRevision(row, request);
  kind.update(row, values);
  state.touch(row);
  return { status: 200, body: { [kind.one]: viewOf(kind, row, viewerOf(owner)) } };
}

/** @param id of one, or undefined for the collection */
export function answerFor<R extends Row>(
  state: State,
  kind: Kind<R>,
  {
    request,
    owner,
    id,
  }: { readonly request: ServiceRequest; readonly owner: TokenOwner; readonly id: string | undefined },
): ServiceAnswer {
  const { method, query } = request;
  if (id === undefined) {
    if (method === 'GET') return { status: 200, body: listed(kind, request, owner) };
    if (method === 'POST') return created(state, kind, request, owner);
    throw methodNotAllowed();
  }
  if (method === 'GET') {
    const view = viewOf(kind, seen(kind, id, owner), viewerOf(owner), query.getAll('fields'));
    return { status: 200, body: { [kind.one]: view } };
  }
  if (method === 'PUT') return updated(state, kind, { request, owner, id });
  if (method !== 'DELETE') throw methodNotAllowed();
  const row = changeable(kind, { id, owner, how: 'delete' });
  holdRevision(row, request);
  kind.remove(row);
  return { status: 204 };
}
