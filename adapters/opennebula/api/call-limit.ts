/**
 * So many at once and no more: oned drops connections beyond its fifteen, and each drop costs a second (measured on
 * 6.10).
 */
import { OcciError } from '../../../lib/errors.ts';

export interface Gate {
  /**
   * Waits, in the order of asking, until there is room; what comes back lets the next one in.
   * Throws `unavailable` when there was none until `end` (milliseconds since the epoch).
   */
  enter(end: number): Promise<() => void>;
}

/** Lets at most `limit` in at the same time. */
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

  /** A call that is left twice must not let two in. */
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
