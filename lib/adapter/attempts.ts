/** Attempts at a native call, within the time of its request. */
import { setTimeout as pause } from 'node:timers/promises';

/** Time that is left for the answer to the client when a native call has run out of its own, in milliseconds. */
export const ANSWER_MARGIN_MS = 300;

const MAX_RETRIES = 2;

/** Longest pause before the first retry, in milliseconds; before the second it may be twice as long. */
const MAX_BACKOFF_MS = 200;

interface Retries {
  /** Whether the call may be sent again after this error. */
  readonly mayRepeat: (error: unknown) => boolean;
  /** When the last attempt must have ended, in milliseconds since the epoch; asked after each attempt. */
  readonly end: () => number;
}

/** Runs a call, and again after an error that permits it, twice at most. Throws the last error. */
export async function attempts<T>(attempt: () => Promise<T>, { mayRepeat, end }: Retries): Promise<T> {
  for (let retries = 0; ; retries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const waitMs = Math.random() * MAX_BACKOFF_MS * (retries + 1);
      if (retries >= MAX_RETRIES || !mayRepeat(error) || Date.now() + waitMs >= end()) throw error;
      await pause(waitMs);
    }
  }
}
