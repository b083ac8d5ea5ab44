import { LogLevelThreshold } from '@aws-lambda-powertools/logger';
import type { MiddlewareObj } from '@middy/core';
import type { Result } from '../http/result.ts';
import { logger } from '../log.ts';

/** What the main line notes of a request on its way, for the log and the metrics. */
export interface Trail {
  operation?: string;
  kind?: string;
  tenant?: string;
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
      milliseconds: Math.round((performance.now() - (started.get(event) ?? performance.now())) * 10) / 10,
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
