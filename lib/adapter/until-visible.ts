/** Waits for something new that an eventually consistent cloud does not show yet. */

/** The longest wait: clouds show new things within seconds, and a client must not wait for the rare exception. */
const LONGEST_WAIT_MS = 6000;
/** Time of the request that is kept for the work after the wait and for the answer. */
const RESERVE_MS = 2000;

/** Pauses between two attempts: each doubles, up to the longest. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 800;

interface Wait {
  /** True for a failure that only means that the cloud does not show it yet. */
  readonly isUnseen: (error: unknown) => boolean;
  /** The deadline of the request, in milliseconds since the epoch. */
  readonly deadline?: number | undefined;
  /** A bound of its own, in milliseconds; the deadline of the request may end the wait sooner. */
  readonly longestMs?: number;
}

/**
 * Repeats `work` on the same new thing until the cloud shows it. `work` must have had no effect when it fails as
 * unseen. Throws the last such failure when the time is over, and any other failure at once.
 */
export async function untilVisible<T>(
  work: () => Promise<T>,
  { isUnseen, deadline = Number.POSITIVE_INFINITY, longestMs = LONGEST_WAIT_MS }: Wait,
): Promise<T> {
  const last = Math.min(Date.now() + longestMs, deadline - RESERVE_MS);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isUnseen(error) || Date.now() + pause > last) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
