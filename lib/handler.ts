/** The main line: one request, there and back. Every function is this, over the same total table. */
import middy from '@middy/core';
import type { Caller } from './adapter.ts';
import { authenticate } from './auth/index.ts';
import type { AuthScheme } from './auth/scheme.ts';
import { OcciError } from './errors.ts';
import { failures } from './failures.ts';
import { type EventSettings, toRequest } from './http/event.ts';
import type { HttpRequest, HttpResponse } from './http/message.ts';
import { pagingOf } from './http/paging.ts';
import { type Result, toResult } from './http/result.ts';
import { checkVersion, SERVER } from './http/version.ts';
import { once } from './idempotent.ts';
import type { IdempotencyRecords } from './mapping/idempotency.ts';
import { requestMetrics } from './metrics.ts';
import { typeId } from './occi/types.ts';
import { methodsOf, operationFor, type Verb } from './operations/index.ts';
import type { Backend, Filter, Operation, Target } from './operations/operation.ts';
import { toTarget } from './operations/target.ts';
import { ACCEPT, type Acceptable, negotiate } from './renderings/index.ts';
import { readFilter, readRequest } from './renderings/read.ts';
import { type Answer, NOTHING, type Parsed } from './renderings/rendering.ts';
import { requestLog, trailOf } from './request-log.ts';

/** What a container knows before any request. */
export interface Service {
  readonly events: EventSettings;
  readonly responseHeaderBytes: number;
  readonly schemes: readonly AuthScheme[];
  /** Everything behind the endpoint, for one caller; the caller is proved to the cloud first. */
  backendFor(caller: Caller, deadline: number): Promise<Backend & { readonly records: IdempotencyRecords }>;
}

/** The service, made when the first request comes: a failure to start is an answer too. */
export type ServiceOf = () => Promise<Service>;

interface Context {
  getRemainingTimeInMillis(): number;
}

/** Time kept back for the answer itself, in milliseconds. */
const RESERVE = 1000;

/** middy's own answer shortly before a time-out would know nothing of OCCI; native calls have a deadline of their own. */
const NO_EARLY_ANSWER = { timeoutEarlyInMillis: 0 };

/** A Lambda handler over a service. */
export const occiHandler = (serviceOf: ServiceOf) =>
  middy<object, Result, Error, never>(NO_EARLY_ANSWER)
    .use([requestLog(), ...requestMetrics(), failures()])
    .handler((event, context) => mainLine(serviceOf, event, context));

async function mainLine(serviceOf: ServiceOf, event: object, context: Context): Promise<Result> {
  const service = await serviceOf();
  const request = toRequest(event, service.events);
  checkVersion(request);
  const acceptable = negotiate(request.headers.accept ?? []);
  const caller = await authenticate(request, service.schemes);
  const backend = await service.backendFor(caller, Date.now() + context.getRemainingTimeInMillis() - RESERVE);
  const target = await toTarget(request.path, backend);
  const verb = verbOf(request);
  const trail = trailOf(event);
  trail.operation = `${target.is}.${verb ?? request.method}`;
  trail.tenant = backend.tenant;
  if ('kind' in target && target.kind) trail.kind = target.kind;
  if (request.method === 'OPTIONS') return toResult(options(target, request), request, service.responseHeaderBytes);
  const operation = verb && operationFor(target, verb);
  if (!operation) throw notAllowed(request.method, target);
  const writes = rendererFor(operation, acceptable);
  const { parsed, filter } = payloadOf(request, operation);
  const paging = pagingOf(request.query);
  if (paging && verb !== 'get') throw new OcciError('invalid', 'The query parameters page and number are for GET.');
  const run = async (token: string, again: boolean): Promise<HttpResponse> => {
    const answer = await operation.run(
      {
        target,
        parsed,
        filter,
        paging,
        wants: writes.rendering.collections,
        action: verb === 'act' ? actionOf(request) : undefined,
        token,
        again,
      },
      backend,
    );
    return respond(answer, writes, request);
  };
  const response =
    operation.answers === 'created' ? await once(request, backend.records, run) : await run(request.requestId, false);
  return toResult(response, request, service.responseHeaderBytes);
}

const actionOf = ({ query }: HttpRequest) => query.find(([name]) => name === 'action')?.[1];

const VERB_OF: Readonly<Record<string, Verb>> = { GET: 'get', HEAD: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' };

function verbOf(request: HttpRequest): Verb | undefined {
  if (request.method === 'POST' && actionOf(request) !== undefined) return 'act';
  return Object.hasOwn(VERB_OF, request.method) ? VERB_OF[request.method] : undefined;
}

const notAllowed = (method: string, target: Target) =>
  new OcciError('methodNotAllowed', `${method.slice(0, 20)} is not defined here.`, {
    headers: { Allow: methodsOf(target) },
  });

/** The best acceptable rendering that can show the operation's answer. Throws `invalid` when there is none (TXT-26, D-22). */
function rendererFor(operation: Operation, acceptable: readonly Acceptable[]): Acceptable {
  const best = acceptable.find(({ rendering }) => !rendering.cannot?.includes(operation.answers));
  if (best) return best;
  throw new OcciError(
    'invalid',
    `${acceptable[0]!.mediaType} can show locations only: ask for text/plain, text/occi or application/occi+json.`,
  );
}

const NO_FILTER: Filter = { categories: [], attributes: {} };

/** Payload and filter as the operation takes them. A payload that names nothing must never pass for no payload at all. */
function payloadOf(request: HttpRequest, { takes }: Operation): { parsed: Parsed; filter: Filter } {
  if (takes === 'payload') return { parsed: readRequest(request), filter: NO_FILTER };
  if (takes === 'filter') return { parsed: NOTHING, filter: filterOf(request) };
  if (takes === undefined) return { parsed: NOTHING, filter: NO_FILTER };
  if (request.body.trim() === '')
    return { parsed: { ...NOTHING, locations: readFilter(request).locations }, filter: filterOf(request) };
  const parsed = readRequest(request);
  const nameless = parsed.parts.filter(({ attributes }) => attributes['occi.core.id'] === undefined);
  if (nameless.length > 0 || parsed.parts.length + parsed.locations.length === 0) {
    throw new OcciError('invalid', 'The payload must name entities by location or id; filters stand in the headers.');
  }
  return { parsed, filter: NO_FILTER };
}

/** Filters stand in the headers, whatever rendering is accepted (HTTP-15). */
function filterOf(request: HttpRequest): Filter {
  const { parts }: Parsed = readFilter(request);
  if (parts.length === 0) return NO_FILTER;
  if (parts.some(({ links, actions }) => links.length + actions.length > 0)) {
    throw new OcciError('invalid', 'A Link is no filter: Category and X-OCCI-Attribute headers are.');
  }
  return {
    categories: parts.flatMap(({ categories }) => categories.map(typeId)),
    attributes: Object.assign({}, ...parts.map(({ attributes }) => attributes)),
  };
}

/** Headers that every answer carries (HTTP-7, HTTP-8, decision 14). */
export const commonHeaders = (requestId: string) => ({ Server: SERVER, Accept: ACCEPT, 'X-Request-Id': requestId });

function respond(answer: Answer, { rendering, mediaType }: Acceptable, request: HttpRequest): HttpResponse {
  const { origin, requestId } = request;
  const { headers, body } = rendering.render(answer, { origin, mediaType, requestId });
  const location = answer.is === 'created' && answer.locations[0];
  return {
    status: answer.is === 'created' ? 201 : 200,
    headers: { ...commonHeaders(requestId), ...headers, ...(location && { Location: origin + location }) },
    body,
  };
}

const options = (target: Target, { requestId }: HttpRequest): HttpResponse => ({
  status: 200,
  headers: { ...commonHeaders(requestId), Allow: methodsOf(target), 'Content-Type': 'text/plain; charset=utf-8' },
  body: 'OK',
});
