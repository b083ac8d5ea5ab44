/** Refusals because of a state that passes by itself, on every cloud: they say when to try again. */

import type { KindAdapter, NativeEnd } from '../adapter/contract.ts';
import { isFailure, OcciError } from '../errors.ts';
import { KINDS, type KindTerm } from '../occi/kinds/index.ts';
import type { Kind } from '../occi/types.ts';
import type { Backend } from './backend.ts';

/** A cloud that knows better says so itself. */
const RETRY_AFTER_SECONDS = '5';

/** True while an entity, or the resource that a link starts at, is `waiting`. One native read each. */
async function isWaiting({ kind, id }: NativeEnd, backend: Backend): Promise<boolean> {
  const adapter = backend.adapter.kinds[kind] as KindAdapter | undefined;
  const native = await adapter?.get(id).catch(() => undefined);
  const { life }: Kind = KINDS[kind as KindTerm];
  if (native && life && native.attributes[life.attribute] === 'waiting') return true;
  return native?.source !== undefined && isWaiting(native.source, backend);
}

/**
 * Runs a change of an entity, or of a link at it, that depends on its state. A `conflict` while it is `waiting` gets
 * `Retry-After`, unless the cloud has set it. Costs nothing while the cloud refuses nothing.
 */
export async function saysWhenToRetry<T>(
  end: NativeEnd | undefined,
  backend: Backend,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!end || !isFailure(error, 'conflict') || error.headers['Retry-After'] !== undefined) throw error;
    if (!(await isWaiting(end, backend))) throw error;
    throw new OcciError('conflict', error.message, {
      cause: error.cause,
      unknownOutcome: error.unknownOutcome,
      headers: { ...error.headers, 'Retry-After': RETRY_AFTER_SECONDS },
    });
  }
}
