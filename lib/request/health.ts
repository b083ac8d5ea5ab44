/**
 * `GET /.well-known/health`: whether the cloud can be reached. The request needs no credentials, so the answer says
 * nothing else, and each process probes the cloud at most once in ten seconds.
 */
import type { Result } from '../http/result.ts';
import { logger } from '../log.ts';

/** The part of a service that the health check uses. */
export interface Probed {
  /** Resolves when the cloud has given any answer. Absent for a cloud that cannot be probed without credentials. */
  readonly probe?: ((deadline: number) => Promise<void>) | undefined;
}

const ANSWER_TTL_MS = 10_000;
const PROBE_TIMEOUT_MS = 3000;

const known = new WeakMap<object, { readonly well: Promise<boolean>; readonly until: number }>();

/** Waits for `asked`. Throws if it takes longer than the timeout. */
async function inTime(asked: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PROBE_TIMEOUT_MS} ms`)), PROBE_TIMEOUT_MS);
  });
  try {
    await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function ask(serviceOf: () => Promise<Probed>): Promise<boolean> {
  const deadline = Date.now() + PROBE_TIMEOUT_MS;
  try {
    await inTime(serviceOf().then(({ probe }) => probe?.(deadline)));
    return true;
  } catch (error) {
    logger.warn('health', { reason: error instanceof Error ? error.message : 'unknown', error: error as Error });
    return false;
  }
}

function isWell(serviceOf: () => Promise<Probed>): Promise<boolean> {
  const last = known.get(serviceOf);
  if (last && last.until > Date.now()) return last.well;
  const well = ask(serviceOf);
  known.set(serviceOf, { well, until: Date.now() + ANSWER_TTL_MS });
  return well;
}

const answer = (statusCode: number, headers: Record<string, string>, body: string): Result => ({
  statusCode,
  headers,
  body,
  isBase64Encoded: false,
});

/** The answer to a request for the health of a service. */
export async function health(method: string | undefined, serviceOf: () => Promise<Probed>): Promise<Result> {
  if (method !== 'GET' && method !== 'HEAD') return answer(405, { Allow: 'GET, HEAD' }, '');
  const well = await isWell(serviceOf);
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'max-age=10' };
  const body = JSON.stringify({ status: well ? 'ok' : 'unavailable' });
  return answer(well ? 200 : 503, headers, method === 'HEAD' ? '' : body);
}
