/** Creates with an `Idempotency-Key`: a retry gets the stored first answer. */
import { createHash, randomUUID } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { isRefusal, OcciError } from '../errors.ts';
import { firstHeader, type HttpRequest, type HttpResponse } from '../http/message.ts';
import { logger } from '../log.ts';
import type { IdempotencyRecords } from '../mapping/idempotency.ts';
import { HEADER_NAMES } from '../renderings/text/fields.ts';

const MAX_KEY_CHARS = 255;

/** The key in the header: a structured-field string (RFC 9651), or unquoted as most clients send it. */
function keyOf(request: HttpRequest): string | undefined {
  const raw = firstHeader(request, 'idempotency-key')?.trim();
  if (raw === undefined) return undefined;
  const key = /^"(.*)"$/.exec(raw)?.[1] ?? raw;
  if (!/^[\x21-\x7e]+$/.test(key) || key.length > MAX_KEY_CHARS) {
    throw new OcciError('invalid', `The Idempotency-Key must have 1 to ${MAX_KEY_CHARS} printable characters.`);
  }
  return key;
}

/** Headers that are part of the fingerprint: all that a create reads. */
const FINGERPRINT_HEADERS = ['content-type', 'accept', 'if-match', 'if-none-match', ...HEADER_NAMES];

function fingerprintOf(request: HttpRequest): string {
  const headers = FINGERPRINT_HEADERS.map((name) => request.headers[name]);
  const parts = [request.method, request.path, request.query, headers, request.body];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/**
 * Runs a create. `token` goes into its native calls; `again` is true if an earlier attempt may have created something.
 */
type Run = (token: string, again: boolean) => Promise<HttpResponse>;

/**
 * Runs a create under its key, or replays its first answer. Throws `keyReused` (422) and `conflict` (409) as the draft
 * says. The refusal of a first attempt is not stored: the client may correct its request and reuse the key.
 */
export async function runIdempotently(
  request: HttpRequest,
  records: IdempotencyRecords,
  run: Run,
): Promise<HttpResponse> {
  const key = keyOf(request);
  if (key === undefined) return await run(randomUUID(), false);
  const fingerprint = fingerprintOf(request);
  const attempt = await records.begin(key, fingerprint);
  if (attempt.is === 'answered') return unpacked(attempt.answer, request.requestId);
  let response: HttpResponse;
  try {
    response = await run(attempt.token, attempt.again);
  } catch (error) {
    // What is refused now says nothing of an earlier attempt, which may have made something with this token.
    if (isRefusal(error) && !attempt.again) await records.release(key, fingerprint, attempt);
    else await records.giveUp(key, fingerprint, attempt);
    throw error;
  }
  // The create has succeeded, so the client gets the answer even if it cannot be stored; a retry finds the entity by
  // the token.
  await records.finish(key, fingerprint, attempt, packed(response)).catch(async (error) => {
    logger.warn('an idempotent answer was not kept', { requestId: request.requestId, error });
    await records.giveUp(key, fingerprint, attempt).catch(() => {});
  });
  return response;
}

/** The answer compressed for its row: a row holds 400 KB, and JSON answers with many entities are larger. */
const packed = (response: HttpResponse): string => gzipSync(JSON.stringify(response)).toString('base64');

/** The stored answer with the request id of the current request. */
function unpacked(answer: string, requestId: string): HttpResponse {
  const response = JSON.parse(gunzipSync(Buffer.from(answer, 'base64')).toString()) as HttpResponse;
  return { ...response, headers: { ...response.headers, 'X-Request-Id': requestId } };
}
