import { LogLevelThreshold } from '@aws-lambda-powertools/logger';
import type { MiddlewareObj } from '@middy/core';
import type { NativeCallReport } from '../adapter/contract.ts';
import type { Principal } from '../auth/principal.ts';
import type { Result } from '../http/result.ts';
import { logger } from '../log.ts';
import type { ErrorForm } from './error-form.ts';
import { withoutTokens } from './token-in-path.ts';

/** What the log line of a request holds besides method, path, status and duration. */
export interface RequestRecord {
  operation?: string;
  kind?: string;
  tenant?: string;
  adapter?: string;
  /** This was the first request of a container that was started for it. */
  coldStart?: true;
  /** Calls to the cloud, and how long they took together, in milliseconds. */
  nativeCalls?: number;
  nativeMilliseconds?: number;
  /** Of these, the calls that the cloud throttled, and the calls that failed through its fault. */
  throttles?: number;
  nativeErrors?: number;
  /** Entities that existed in the cloud and were given a mapping by this request. */
  adoptions?: number;
  /** The limit of the tenant that refused the request. */
  limit?: string;
}

/** What a request leaves behind for the log, the metrics and the answer to a failure. */
export interface Trail {
  /** The event this trail belongs to. */
  readonly event: object;
  readonly record: RequestRecord;
  /** When the request arrived, by the clock of `performance`. */
  readonly began: number;
  /** How long each native call took, in milliseconds. */
  readonly nativeTimes: number[];
  /** Who asked, once it is known. */
  caller?: Principal;
  /** The name in `?action=`, and the paths of what a create has made, for the audit. */
  action?: string;
  made?: readonly string[];
  /** The settings let the page change something that the request comes from. */
  mayChange?: true;
  /** True for a request that changes something though its method is safe. */
  changes?: true;
  /** The cloud has accepted the caller's own credentials. */
  accepted?: true;
  /** Settings of the service, once they are known. */
  local?: boolean;
  trustProxy?: boolean;
  /** Headers that its answer must have, also when the request fails. */
  answerHeaders?: Readonly<Record<string, string>>;
  /** How a failure is answered, where that is in none of OCCI's renderings. */
  errorForm?: () => Promise<ErrorForm>;
}

/** The property of an event that holds its trail. A WeakMap entry per request costs the garbage collector more. */
const TRAIL = Symbol('trail');

/** True until the first request of this container. A container with provisioned concurrency is never cold. */
let cold = process.env.AWS_LAMBDA_INITIALIZATION_TYPE !== 'provisioned-concurrency';

/** Trails of events that cannot be extended. */
const apart = new WeakMap<object, Trail>();

/** The trail of the request with this event: the first call creates it. A copy of an event is another request. */
export function trailOf(event: object & { [TRAIL]?: Trail }): Trail {
  const known = event[TRAIL] ?? apart.get(event);
  if (known?.event === event) return known;
  const trail: Trail = { event, record: firstRecord(), began: performance.now(), nativeTimes: [] };
  if (Object.isExtensible(event)) event[TRAIL] = trail;
  else apart.set(event, trail);
  return trail;
}

function firstRecord(): RequestRecord {
  const record: RequestRecord = cold ? { coldStart: true } : {};
  cold = false;
  return record;
}

/** Logs one line for each native call and adds the totals to the record of the request. */
export function nativeCallLog(requestId: string, { record, nativeTimes }: Trail): (report: NativeCallReport) => void {
  return ({ call, milliseconds, outcome, failed }) => {
    record.nativeCalls = (record.nativeCalls ?? 0) + 1;
    record.nativeMilliseconds = tenths((record.nativeMilliseconds ?? 0) + milliseconds);
    if (failed === 'throttled') record.throttles = (record.throttles ?? 0) + 1;
    else if (failed) record.nativeErrors = (record.nativeErrors ?? 0) + 1;
    nativeTimes.push(milliseconds);
    logger.info('native call', { requestId, call, milliseconds: tenths(milliseconds), outcome });
  };
}

const tenths = (milliseconds: number): number => Math.round(milliseconds * 10) / 10;

interface LoggedEvent {
  readonly requestContext?: {
    readonly requestId?: string;
    readonly http?: { readonly method?: string; readonly path?: string };
  };
}

/**
 * Middleware: writes one line per request, answered or failed. Of what the client sent it holds method and path only.
 * Writes nothing if the log level is above INFO.
 */
export function requestLog(): MiddlewareObj<LoggedEvent, Result>[] {
  if (logger.level > LogLevelThreshold.INFO) return [];
  const write: NonNullable<MiddlewareObj<LoggedEvent, Result>['after']> = ({ event, response }) => {
    const { requestId, http } = event.requestContext ?? {};
    const { record, began } = trailOf(event);
    logger.info('request', {
      requestId,
      method: http?.method,
      path: http?.path === undefined ? undefined : withoutTokens(http.path).slice(0, 200),
      status: response?.statusCode,
      milliseconds: tenths(performance.now() - began),
      ...record,
    });
  };
  return [{ after: write, onError: write }];
}
