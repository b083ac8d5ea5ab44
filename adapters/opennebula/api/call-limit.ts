/**
 * Limits the number of concurrent calls: oned drops connections beyond its fifteen, and each drop costs a second
 * (measured on 6.10).
 */
import { OcciError } from '../../../lib/errors.ts';

export interface Gate {
  /**
   * Waits, first come first served, for a free slot; the returned function releases it.
   * Throws `unavailable` when no slot is free before `end` (milliseconds since the epoch).
   */
  enter(end: number): Promise<() => void>;
}

/** Allows at most `limit` concurrent calls. */
export function gate(limit: number): Gate {
  const waiting = new Set<() => void>();
  let inside = 0;

  const leave = (): void => {
    const next = waiting.values().next();
    if (next.done) {
      inside -= 1;
      return;
    }
    waiting.delete(next.value);
    next.value();
  };

  /** Releasing a slot twice must not admit two callers. */
  const pass = (): (() => void) => {
    let gone = false;
    return () => {
      if (gone) return;
      gone = true;
      leave();
    };
  };

  return {
    enter(end) {
      if (inside < limit) {
        inside += 1;
        return Promise.resolve(pass());
      }
      return new Promise((resolve, reject) => {
        const admit = (): void => {
          clearTimeout(timer);
          resolve(pass());
        };
        const timer = setTimeout(
          () => {
            waiting.delete(admit);
            const busy = 'The cloud is busy with other requests; try again later.';
            reject(new OcciError('unavailable', busy, { headers: { 'Retry-After': '2' } }));
          },
          Math.max(0, end - Date.now()),
        );
        waiting.add(admit);
      });
    },
  };
}
