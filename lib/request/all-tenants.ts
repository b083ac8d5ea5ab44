/**
 * Reads of a caller that sees all tenants of the site (the role `admin`). A collection is that of every tenant, one after
 * another; an entity is looked for in the records of the tenants first. `?tenant=NAME` names tenants.
 */
import { requireMayName } from '../auth/permissions.ts';
import type { Grant, Principal } from '../auth/principal.ts';
import type { Backend, Target } from '../entities/backend.ts';
import { entityPath, notHere } from '../entities/locate.ts';
import { isFailure, OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import { asConditioned, preconditionsOf } from '../http/preconditions.ts';
import { answerLimits, type Result, toResult } from '../http/result.ts';
import { logger } from '../log.ts';
import type { KnownTenant, KnownTenants } from '../mapping/known-tenants.ts';
import type { AnyEntity } from '../occi/entity.ts';
import { offsetOf, type Paging, pageAfter } from '../occi/page.ts';
import { list } from '../operations/list.ts';
import { QUERY_INTERFACE, toTarget } from '../operations/target.ts';
import type { Answer } from '../renderings/rendering.ts';
import { commonHeaders, writingFor } from './answering.ts';
import { openDiscovery } from './open-discovery.ts';
import { askedOf } from './reading.ts';
import type { Trail } from './request-log.ts';
import { resultOfRead } from './result-of-read.ts';
import type { Service } from './service.ts';

/** The most tenants that one request asks the cloud for. */
export const MAX_TENANTS = 50;
/** So many of them at the same time. */
const AT_ONCE = 5;

type Served = Awaited<ReturnType<Service['backendFor']>>;

export interface AcrossTenants {
  readonly request: HttpRequest;
  readonly service: Service;
  readonly trail: Trail;
  readonly caller: Principal;
  readonly isOurs: (authority: string) => boolean;
  backendOf(grant: Grant): Promise<Served>;
  /** Answers a request in the name of one tenant. */
  serve(request: HttpRequest, backend: Served): Promise<Result>;
}

/** Answers a GET, HEAD or OPTIONS; the role allows no other method. */
export async function acrossTenants(context: AcrossTenants): Promise<Result> {
  const { service } = context;
  const { tenants } = service;
  if (!tenants) throw new OcciError('forbidden', 'This endpoint keeps no list of tenants that an admin could read.');
  const names = context.request.query.filter(([name]) => name === 'tenant').map(([, value]) => value);
  const request = { ...context.request, query: context.request.query.filter(([name]) => name !== 'tenant') };
  const asked = { ...context, request };
  if (request.method === 'OPTIONS') return optionsFor(asked);
  const among = names.length > 0 ? await named(names, tenants) : await tenants.all();
  if (QUERY_INTERFACE.test(request.path)) return await discovery(asked, names.length > 0 ? among : []);
  const category = request.path === '/' || (await service.baseModel()).at(request.path) !== undefined;
  if (category) return await listing(asked, bounded(among));
  const at = entityPath(request.path);
  const bare = request.path.endsWith('/') ? request.path.slice(0, -1) : request.path;
  const having = await tenants.having(at.uuid === undefined ? { path: bare } : { uuid: at.uuid }, among);
  // Of several that know one id, each has the same thing: the provider published it.
  if (at.uuid !== undefined) return await firstOf(asked, having.length > 0 ? having : bounded(among));
  if (having.length > 1) {
    const all = having.map(({ name }) => name).join(', ');
    throw new OcciError('invalid', `Several tenants have something here: name one of ${all} with ?tenant=.`);
  }
  return having[0] ? await as(asked, having[0]) : await listing(asked, bounded(among));
}

function optionsFor({ request, service }: AcrossTenants): Result {
  const headers = {
    ...commonHeaders(request),
    Allow: 'GET, HEAD, OPTIONS',
    'Content-Type': 'text/plain; charset=utf-8',
  };
  return toResult({ status: 200, headers, body: 'OK\n' }, request, service.settings.limits.responseHeaderBytes);
}

/** The tenants with these names. Throws `notFound` for one that does not exist. */
async function named(names: readonly string[], tenants: KnownTenants): Promise<readonly KnownTenant[]> {
  if (names.length > MAX_TENANTS) throw tooMany(`The request names ${names.length} tenants`);
  const found: KnownTenant[] = [];
  for (const name of new Set(names)) {
    const one = await tenants.find(name);
    if (!one) throw new OcciError('notFound', `No tenant here is called ${name.slice(0, 200)}.`);
    found.push(one);
  }
  return found;
}

const tooMany = (what: string): OcciError =>
  new OcciError(
    'invalid',
    `${what}, and a request asks for at most ${MAX_TENANTS}: name some with ?tenant=NAME; /.well-known/tenants lists them.`,
  );

/** Throws `invalid` for more tenants than one request may ask for. */
function bounded(tenants: readonly KnownTenant[]): readonly KnownTenant[] {
  if (tenants.length > MAX_TENANTS) throw tooMany(`This site has ${tenants.length} tenants`);
  return tenants;
}

const grantIn = ({ name }: KnownTenant): Grant => ({ tenant: name, role: 'admin' });

async function as(context: AcrossTenants, tenant: KnownTenant): Promise<Result> {
  return await context.serve(context.request, await context.backendOf(grantIn(tenant)));
}

/** What every tenant sees of the query interface, or all that one of them sees. */
async function discovery(context: AcrossTenants, among: readonly KnownTenant[]): Promise<Result> {
  const [one, another] = among;
  if (another) throw new OcciError('invalid', 'The query interface is that of one tenant: name one with ?tenant=.');
  if (one) return await as(context, one);
  context.trail.record.operation = 'queryInterface.get';
  return await openDiscovery(context.request, context.service, context.isOurs);
}

/** True for a tenant that the cloud does not know: its user was deleted, or the settings name one that never came. */
function isGone(error: unknown, { name }: KnownTenant, requestId: string): boolean {
  if (!isFailure(error, 'unauthenticated')) return false;
  logger.info('tenant', { requestId, tenant: name, reason: 'the cloud does not know it' });
  return true;
}

/** The answer of the first tenant that has the entity at the path. */
async function firstOf(context: AcrossTenants, tenants: readonly KnownTenant[]): Promise<Result> {
  const { request } = context;
  for (const tenant of tenants) {
    try {
      return await as(context, tenant);
    } catch (error) {
      if (!isFailure(error, 'notFound') && !isGone(error, tenant, request.requestId)) throw error;
    }
  }
  throw notHere(request.path);
}

/** What is at the path for one tenant; undefined for one that has no collection there. */
interface Part {
  readonly target: Target;
  readonly answer: Answer & { readonly is: 'collection' };
  readonly paging: Paging | undefined;
}

async function partOf(
  context: AcrossTenants,
  backend: Backend,
  wants: 'locations' | 'entities',
): Promise<Part | undefined> {
  const { request, caller } = context;
  const target = await toTarget(request.path, backend);
  if (target.is === 'entity' || target.is === 'queryInterface') return undefined;
  requireMayName(caller, target, request.method);
  const { paging, ...asked } = await askedOf(request, list, target, 'get', backend);
  const given = {
    target,
    ...asked,
    paging: undefined,
    wants,
    conditions: undefined,
    token: request.requestId,
    again: false,
  };
  return { target, answer: (await list.run(given, backend)) as Part['answer'], paging };
}

/** Does something for each, a few at the same time, and keeps the order. */
async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE)
    done.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  return done;
}

/** The tenants that the cloud knows, each once: several names may be one tenant to it. */
async function backendsOf(context: AcrossTenants, tenants: readonly KnownTenant[]): Promise<readonly Backend[]> {
  const backends = await eachOf(tenants, async (tenant) => {
    try {
      return await context.backendOf(grantIn(tenant));
    } catch (error) {
      if (isGone(error, tenant, context.request.requestId)) return undefined;
      throw error;
    }
  });
  const byTenant = new Map<string, Backend>();
  for (const backend of backends) if (backend) byTenant.set(backend.tenant, backend);
  return [...byTenant.values()];
}

/** The members of every tenant's collection. What the provider published is in each of them, and shown once. */
function merged(parts: readonly Part[]): Answer & { readonly is: 'collection' } {
  const locations = new Set(parts.flatMap(({ answer }) => answer.locations));
  const entities = new Map<string, AnyEntity>();
  for (const { answer } of parts) for (const one of answer.entities ?? []) entities.set(one.id, one);
  const [first] = parts;
  const paging = first?.paging;
  const page = <T>(all: readonly T[]): readonly T[] =>
    paging ? all.slice(offsetOf(paging), offsetOf(pageAfter(paging))) : all;
  const whole = first?.answer.entities && {
    entities: page([...entities.values()]),
    links: first.answer.links ?? false,
  };
  const members = Math.max(locations.size, entities.size);
  const next = paging && members > offsetOf(pageAfter(paging)) && { ...paging, ...pageAfter(paging) };
  return { is: 'collection', locations: page([...locations]), ...whole, ...(next && { next }) };
}

async function listing(context: AcrossTenants, tenants: readonly KnownTenant[]): Promise<Result> {
  const { request, service, trail } = context;
  const writes = await writingFor(list, request);
  if (writes instanceof OcciError) throw writes;
  const conditions = preconditionsOf(request);
  const refusals: unknown[] = [];
  const parts = await eachOf(await backendsOf(context, tenants), async (backend) => {
    try {
      return await partOf(context, backend, writes.rendering.collections);
    } catch (error) {
      // A filter may name what one tenant has and another has not.
      if (!isFailure(error, 'invalid')) throw error;
      refusals.push(error);
      return undefined;
    }
  });
  const answers = parts.filter((part) => part !== undefined);
  if (answers.length === 0 && refusals.length > 0) throw refusals[0];
  const [first] = answers;
  if (!first && request.path !== '/' && !(await service.baseModel()).at(request.path)) throw notHere(request.path);
  if (first) trail.record.operation = `${first.target.is}.get`;
  if (first && 'kind' in first.target && first.target.kind) trail.record.kind = first.target.kind;
  const result = await resultOfRead(merged(answers), writes, request, first?.paging, answerLimits(service.settings));
  return conditions ? asConditioned(result, conditions) : result;
}
