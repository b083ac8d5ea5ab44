/** A create with an `Idempotency-Key` answered once, whatever happens to the first answer on its way. */
import { createHash, randomUUID } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { isRefusal, OcciError } from '../errors.ts';
import { firstHeader, type HttpRequest, type HttpResponse } from '../http/message.ts';
import { logger } from '../log.ts';
import type { IdempotencyRecords } from '../mapping/idempotency.ts';
import { HEADER_NAMES } from '../renderings/text/fields.ts';

const MAX_KEY_CHARS = 255;

/** The key in the header: a quoted string of structured fields (RFC 9651), or bare as most clients send it. */
function keyOf(request: HttpRequest): string | undefined {
  const raw = firstHeader(request, 'idempotency-key')?.trim();
  if (raw === undefined) return undefined;
  const key = /^"(.*)"$/.exec(raw)?.[1] ?? raw;
  if (!/^[\x21-\x7e]+$/.test(key) || key.length > MAX_KEY_CHARS) {
    throw new OcciError('invalid', `The Idempotency-Key must have 1 to ${MAX_KEY_CHARS} printable characters.`);
  }
  return key;
}

/** Headers that make two requests different ones: all that are read of a create. */
const TELLING = ['content-type', 'accept', 'if-match', 'if-none-match', ...HEADER_NAMES];

function fingerprintOf(request: HttpRequest): string {
  const headers = TELLING.map((name) => request.headers[name]);
  const parts = [request.method, request.path, request.query, headers, request.body];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** What a create is run with: the token of its native calls, and whether an earlier attempt may have made something. */
export type Run = (token: string, again: boolean) => Promise<HttpResponse>;

/**
 * Runs a create under its key, or gives its first answer again. Throws `keyReused` (422) and `conflict` (409) as the
 * draft says. A refusal is not kept: the client corrects its request and may use the key again.
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
    if (isRefusal(error)) await records.release(key, fingerprint, attempt);
    else await records.giveUp(key, fingerprint, attempt);
    throw error;
  }
  // What was made is made: an answer that cannot be kept is given all the same, and a retry finds its work by the
  // token.
  await records.finish(key, fingerprint, attempt, packed(response)).catch(async (error) => {
    logger.warn('an idempotent answer was not kept', { requestId: request.requestId, error });
    await records.giveUp(key, fingerprint, attempt).catch(() => {});
  });
  return response;
}

/** An answer in a row: compressed, since a row holds 400 KB and JSON answers of many entities are longer. */
const packed = (response: HttpResponse): string => gzipSync(JSON.stringify(response)).toString('base64');

/** The first answer, under the id of the request that asks for it now. */
function unpacked(answer: string, requestId: string): HttpResponse {
  const response = JSON.parse(gunzipSync(Buffer.from(answer, 'base64')).toString()) as HttpResponse;
  return { ...response, headers: { ...response.headers, 'X-Request-Id': requestId } };
}
