/** The one place where a failure becomes an answer: in the negotiated rendering, with a request id (ADR-14). */
import type { MiddlewareObj } from '@middy/core';
import { OcciError } from '../errors.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { type Result, toResult } from '../http/result.ts';
import { logger } from '../log.ts';
import { type Acceptable, negotiate, textPlain } from '../renderings/index.ts';
import { commonHeaders } from './answering.ts';
import { trailOf } from './request-log.ts';

const PLAIN: Acceptable = { rendering: textPlain, mediaType: 'text/plain', quality: 1 };

/** What the client accepts. An error is the same in both forms of JSON. The event may be malformed, so this never throws. */
function acceptableTo(event: unknown): Acceptable {
  try {
    const { headers } = event as { headers?: Record<string, string> };
    return negotiate(headers?.accept === undefined ? [] : [headers.accept], false)[0] ?? PLAIN;
  } catch {
    return PLAIN;
  }
}

const INTERNAL = 'Internal error. Quote the request id when you report it.';

/** The failure as the client sees it. Details that are not for clients go to the log only. */
function toClientError(error: unknown, requestId: string): OcciError {
  if (!(error instanceof OcciError)) {
    logger.error('internal', { requestId, error: error as Error });
    return new OcciError('internal', INTERNAL, { cause: error });
  }
  // The provider has to fix what its cloud forbids, so the reason is logged; it may hold more than the client may see.
  const isForOperators = error.status >= 500 || (error.failure === 'forbidden' && error.cause !== undefined);
  if (isForOperators && error.failure !== 'notImplemented' && !error.logged) {
    logger.warn('failure', { requestId, failure: error.failure, reason: error.message, error: error.cause as Error });
  }
  return error;
}

/** What is known of a request that has failed. */
type Failed = Pick<HttpRequest, 'method' | 'headers' | 'requestId' | 'answerHeaders'>;

const written = (response: HttpResponse, request: Failed): Result =>
  toResult(response, { ...request, path: '', query: [], body: '', origin: '' }, 10_240);

function answer(error: OcciError, { rendering, mediaType }: Acceptable, request: Failed): Result {
  const { requestId } = request;
  const { headers, body } = rendering.renderError(
    { status: error.status, message: error.message },
    { origin: '', mediaType, requestId },
  );
  const all = { ...commonHeaders(request), ...headers, ...error.headers };
  return written({ status: error.status, headers: all, body }, request);
}

/** Middleware: answers every failure; even an event that does not parse gets an answer. */
export function failures(): MiddlewareObj<object, Result> {
  return {
    // The response is set, not returned: middlewares after this one still have to log and count it.
    onError: async (request) => {
      const { event, error } = request;
      const { requestContext, headers } = (event ?? {}) as {
        headers?: Record<string, string>;
        requestContext?: { requestId?: string; http?: { method?: string } };
      };
      const asked = {
        method: requestContext?.http?.method ?? 'GET',
        headers: { 'user-agent': [String(headers?.['user-agent'] ?? '')] },
        requestId: requestContext?.requestId ?? 'unknown',
        answerHeaders: event && trailOf(event).answerHeaders,
      };
      const failure = toClientError(error, asked.requestId);
      const form = event && (await trailOf(event).errorForm?.());
      if (form) {
        request.response = written(form(failure, asked), asked);
        return;
      }
      const acceptable = acceptableTo(event);
      try {
        request.response = answer(failure, acceptable, asked);
      } catch {
        request.response = answer(failure, PLAIN, asked);
      }
    },
  };
}
