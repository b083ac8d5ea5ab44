/** Runs one task for each of many entities, within the deadline of the request. */
import { OcciError } from '../errors.ts';
import type { Backend } from './backend.ts';

/** Time reserved for writing the answer. */
const ANSWER_RESERVE_MS = 1000;

/**
 * Runs `work` for all, two at a time, and continues after failures. Throws a `conflict` that lists the failures (ADR-8)
 * and how many were left when the time of the request was over. It has the longest `Retry-After` if all of them have one.
 */
export async function doAll<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  work: (item: T) => Promise<unknown>,
  { deadline }: Backend,
): Promise<void> {
  const failures: string[] = [];
  const waits: number[] = [];
  const queue = items.values();
  let late = 0;
  const worker = async () => {
    for (const item of queue) {
      if (Date.now() > deadline - ANSWER_RESERVE_MS) late++;
      else {
        await work(item).catch((error) => {
          if (!(error instanceof OcciError)) throw error;
          failures.push(`${nameOf(item)}: ${error.message}`);
          waits.push(Number(error.headers['Retry-After'] ?? Number.NaN));
        });
      }
    }
  };
  await Promise.all([worker(), worker()]);
  const undone = failures.length + late;
  if (undone === 0) return;
  const shown = failures.slice(0, 20);
  if (failures.length > shown.length) shown.push(`And ${failures.length - shown.length} more.`);
  if (late > 0) shown.push(`For ${late} the time of the request was over: send it again.`);
  const wait = Math.max(...waits);
  throw new OcciError('conflict', `${items.length - undone} of ${items.length} done; not done: ${shown.join(' ')}`, {
    ...(Number.isFinite(wait) && { headers: { 'Retry-After': String(wait) } }),
  });
}
