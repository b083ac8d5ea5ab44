/** The life of a request, from event to response. Every Lambda function runs this handler over the same table of operations. */

import middy from '@middy/core';
import type { OwnCredentials } from '../adapter/cloud-login.ts';
import { authenticate, callerIn, invited } from '../auth/index.ts';
import { requireKind, requireMay, requireMayInCloud, requireMayName } from '../auth/permissions.ts';
import { type Grant, isProvedByCloud, type Principal } from '../auth/principal.ts';
import { checkThere } from '../entities/native-entity.ts';
import { OcciError } from '../errors.ts';
import { refuseCrossSite } from '../http/cross-site.ts';
import { toRequest } from '../http/event.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { asConditioned, preconditionsOf } from '../http/preconditions.ts';
import { answerLimits, type Result, toResult } from '../http/result.ts';
import { isSafe } from '../http/safe.ts';
import { checkVersion } from '../http/version.ts';
import type { KindTerm } from '../occi/kinds/index.ts';
import { UnknownCategory } from '../occi/unknown.ts';
import { operationFor } from '../operations/index.ts';
import { notOffered } from '../operations/offered.ts';
import { toTarget } from '../operations/target.ts';
import type { Answer } from '../renderings/rendering.ts';
import { notAllowed, options, respondToChange, writingFor } from './answering.ts';
import { audit } from './audit.ts';
import { requirePreconditions } from './collection-preconditions.ts';
import { failures } from './failures.ts';
import { runIdempotently } from './idempotency-key.ts';
import { requestMetrics } from './metrics.ts';
import { isOpen, openDiscovery } from './open-discovery.ts';
import { errorsAt, pageOf } from './pages.ts';
import { askedOf, verbOf } from './reading.ts';
import { nativeCallLog, requestLog, type Trail, trailOf } from './request-log.ts';
import { resultOfRead } from './result-of-read.ts';
import type { Service } from './service.ts';

/** Creates the service on the first request, so that a failure to start is answered like any other failure. */
type ServiceOf = () => Promise<Service>;

interface Context {
  getRemainingTimeInMillis(): number;
}

/** Time reserved for writing the answer. */
const ANSWER_RESERVE_MS = 1000;

/** Turns off middy's own answer shortly before a timeout: it is not OCCI, and native calls have their own deadline. */
const NO_EARLY_ANSWER = { timeoutEarlyInMillis: 0 };

const HEALTH = '/.well-known/health';

/** The few event fields that are needed before the event is validated. */
interface Asked {
  readonly rawPath?: unknown;
  readonly requestContext?: { readonly http?: { readonly method?: string } };
}

/** A Lambda handler over a service. */
export const occiHandler = (serviceOf: ServiceOf) =>
  middy<object & Asked, Result, Error, never>(NO_EARLY_ANSWER)
    .use([...requestLog(), ...audit(), ...requestMetrics(), failures()])
    .handler((event, context) => handleEvent(serviceOf, event, context));

async function handleEvent(serviceOf: ServiceOf, event: object & Asked, context: Context): Promise<Result> {
  const trail = trailOf(event);
  const { record } = trail;
  if (event.rawPath === HEALTH) {
    record.operation = 'health';
    const { health } = await import('./health.ts');
    return health(event.requestContext?.http?.method, serviceOf);
  }
  const service = await serviceOf();
  record.adapter = service.adapter;
  trail.local = service.settings.local;
  trail.trustProxy = service.settings.trustProxy;
  const errors = errorsAt(event.rawPath, service);
  if (errors) trail.errorForm = errors;
  const crossing = service.crossOrigin?.(event);
  if (crossing?.preflight) return crossing.preflight;
  if (crossing) trail.answerHeaders = crossing.headers;
  const request = toRequest(event, service.events, crossing?.headers);
  if (crossing?.mayChange) trail.mayChange = true;
  else refuseCrossSite(request);
  checkVersion(request);
  const deadline = Date.now() + context.getRemainingTimeInMillis() - ANSWER_RESERVE_MS;
  const onLimit = (limit: string) => {
    record.limit = limit;
  };
  const backendOf = ({ tenant }: Grant, { credentials, token, beside }: OwnCredentials = {}) =>
    service
      .backendFor(
        { name: tenant, credentials, token, beside },
        {
          deadline,
          isOurs: (authority) => isAuthorityOf(request, authority),
          onNativeCall: nativeCallLog(request.requestId, trail),
          onAdoption: () => {
            record.adoptions = (record.adoptions ?? 0) + 1;
          },
          onLimit,
        },
      )
      .then(
        (backend) => {
          if (!isProvedByCloud({ credentials, token })) return backend;
          trail.accepted = true;
          const name = backend.adapter.callerName?.();
          if (trail.caller && name !== undefined) trail.caller = { ...trail.caller, name };
          return backend;
        },
        (error: unknown) => Promise.reject(invited(error, service.schemes, request.origin)),
      );
  const admit = async ({ grants: [{ tenant }] }: Principal) => service.admitByName?.(tenant, onLimit);
  const page = await pageOf(request, service);
  if (page) {
    record.operation = page.operation;
    const response = await page.respond({ request, service, trail, backendOf, admit });
    return toResult(response, request, service.settings.limits.responseHeaderBytes);
  }
  const caller = await (isOpen(request, service) ? callerIn : authenticate)(request, service.schemes);
  if (!caller) {
    record.operation = 'queryInterface.get';
    return await openDiscovery(request, service, (authority) => isAuthorityOf(request, authority));
  }
  trail.caller = caller;
  const [grant] = caller.grants;
  requireMay(caller, grant, request.method);
  const serveAs = (asked: HttpRequest, backend: Served) => serve(asked, { service, trail, caller, backend });
  if (grant.role === 'admin') {
    await admit(caller);
    const { acrossTenants } = await import('./all-tenants.ts');
    const isOurs = (authority: string) => isAuthorityOf(request, authority);
    return await acrossTenants({ request, service, trail, caller, isOurs, backendOf, serve: serveAs });
  }
  const backend = await backendOf(grant, caller);
  // Counted once the cloud has proved the caller, so that nobody uses up the requests of somebody else.
  record.tenant = backend.tenant;
  await backend.quota?.admit();
  requireMayInCloud(backend.adapter.mayOnlyRead?.() === true, request.method);
  if (service.tenants && !isSafe(request.method)) await service.tenants.remember(grant.tenant, backend.tenant);
  // The cloud may refuse in mid-request what it has accepted before.
  return await serveAs(request, backend).catch((error: unknown) =>
    Promise.reject(invited(error, service.schemes, request.origin)),
  );
}

type Served = Awaited<ReturnType<Service['backendFor']>>;

interface Serving {
  readonly service: Service;
  readonly trail: Trail;
  readonly caller: Principal;
  readonly backend: Served;
}

/** Answers a request of OCCI in the name of one tenant. */
async function serve(request: HttpRequest, { service, trail, caller, backend: given }: Serving): Promise<Result> {
  const { record } = trail;
  const kinds = caller.scope?.kinds;
  const backend = kinds ? { ...given, requireKind: (kind: KindTerm) => requireKind(kinds, kind) } : given;
  record.tenant = backend.tenant;
  const target = await toTarget(request.path, backend);
  const verb = verbOf(request);
  record.operation = `${target.is}.${verb ?? request.method}`;
  if ('kind' in target && target.kind) record.kind = target.kind;
  requireMayName(caller, target, request.method);
  if (request.method === 'OPTIONS')
    return toResult(options(target, request, backend.adapter), request, service.settings.limits.responseHeaderBytes);
  const operation = verb && operationFor(target, verb);
  if (!operation) throw notAllowed(request.method, target, verb, backend.adapter);
  const writes = await writingFor(operation, request);
  if (writes instanceof OcciError) {
    // Refuse a change whose answer cannot be rendered. A missing target is still 404, except for a PUT, which creates
    // it.
    if (verb !== 'put') await checkThere(target, backend);
    throw writes;
  }
  const absent = notOffered(operation, target, backend.adapter);
  if (absent) {
    await checkThere(target, backend);
    throw absent;
  }
  const conditions = preconditionsOf(request);
  const limits = answerLimits(service.settings);
  const asked = await knowingNewest(backend, () => askedOf(request, operation, target, verb, backend));
  if (asked.action !== undefined) trail.action = asked.action;
  const { rendering } = writes;
  const answered = async (token: string, again: boolean): Promise<Answer> => {
    const inPages = verb === 'get' && rendering.renderPages !== undefined;
    const given = { target, ...asked, wants: rendering.collections, inPages, conditions, token, again };
    // What an earlier attempt of this request created met the conditions then; it is not a change by another client.
    const isHeld = conditions && verb !== 'get' && target.is !== 'entity';
    if (isHeld && !(again && (await operation.hasMade?.(given, backend)))) {
      await requirePreconditions(conditions, given, backend, request);
    }
    const answer = await operation.run(given, backend);
    if (answer.is === 'created') trail.made = answer.locations;
    return answer;
  };
  const answerTo = (token: string, again: boolean) => knowingNewest(backend, () => answered(token, again));
  if (verb === 'get') {
    const result = await resultOfRead(await answerTo(request.requestId, false), writes, request, asked.paging, limits);
    return conditions ? asConditioned(result, conditions) : result;
  }
  const run = async (token: string, again: boolean): Promise<HttpResponse> =>
    respondToChange(await answerTo(token, again), writes, request, limits);
  const response = operation.reads.key
    ? await runIdempotently(request, backend.records, run)
    : await run(request.requestId, false);
  return toResult(response, request, limits.responseHeaderBytes, limits.responseBytes);
}

/** Repeats a step that found a category unknown which the cloud may offer by now: nothing is changed before that. */
const knowingNewest = <T>(backend: Served, step: () => Promise<T>): Promise<T> =>
  step().catch(async (error: unknown) => {
    if (!(error instanceof UnknownCategory)) throw error;
    const { readNewest } = await import('../entities/categories/newest.ts');
    await readNewest(error, backend);
    return await step();
  });

/** True if the authority is this endpoint's: that of its own URLs, or that of the request's Host header. */
function isAuthorityOf({ origin, headers }: HttpRequest, authority: string): boolean {
  const names = [origin.slice(origin.indexOf('//') + 2), ...(headers.host ?? [])];
  return names.some((name) => name.toLowerCase() === authority.toLowerCase());
}
