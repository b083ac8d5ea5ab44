import { LogLevelThreshold } from '@aws-lambda-powertools/logger';
import type { MiddlewareObj } from '@middy/core';
import type { NativeCallReport } from '../adapter.ts';
import type { Result } from '../http/result.ts';
import { logger } from '../log.ts';

/** What the main line notes of a request on its way, for the log and the metrics. */
export interface Trail {
  operation?: string;
  kind?: string;
  tenant?: string;
  /** Calls to the cloud so far, and how long they took together, in milliseconds. */
  nativeCalls?: number;
  nativeMilliseconds?: number;
}

const trails = new WeakMap<object, Trail>();

/** The trail of the request with this event. */
export function trailOf(event: object): Trail {
  let trail = trails.get(event);
  if (!trail) {
    trail = {};
    trails.set(event, trail);
  }
  return trail;
}

/** What is told of native calls: one line each, and their sum in the line of the request. */
export function nativeCallLog(requestId: string, trail: Trail): (report: NativeCallReport) => void {
  return ({ call, milliseconds, outcome }) => {
    trail.nativeCalls = (trail.nativeCalls ?? 0) + 1;
    trail.nativeMilliseconds = tenths((trail.nativeMilliseconds ?? 0) + milliseconds);
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

/** Middleware: one line per request, answered or failed, without anything that the client sent but method and path. */
export function requestLog(): MiddlewareObj<LoggedEvent, Result> {
  const started = new WeakMap<object, number>();
  // The level is read from the environment each time that it is asked for, so it is asked once.
  const silent = logger.level > LogLevelThreshold.INFO;
  const write: NonNullable<MiddlewareObj<LoggedEvent, Result>['after']> = ({ event, response }) => {
    if (silent) return;
    const { requestId, http } = event.requestContext ?? {};
    logger.info('request', {
      requestId,
      method: http?.method,
      path: http?.path?.slice(0, 200),
      status: response?.statusCode,
      milliseconds: tenths(performance.now() - (started.get(event) ?? performance.now())),
      ...trailOf(event),
    });
  };
  return {
    before: ({ event }) => {
      started.set(event, performance.now());
    },
    after: write,
    onError: write,
  };
}
