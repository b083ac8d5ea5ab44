/** What the cloud can be shown without while one of its services is down. */
import { isFailure } from '../../../lib/errors.ts';

/** True for the failure of a service that is down, or does not answer in time: the others may go on. */
export const isDown = (error: unknown): boolean => isFailure(error, 'unavailable') || isFailure(error, 'timedOut');

/** What a service says, or `instead` while it is down. Throws for every other failure. */
export async function ifUp<T, I>(answer: Promise<T>, instead: I): Promise<T | I> {
  try {
    return await answer;
  } catch (error) {
    if (isDown(error)) return instead;
    throw error;
  }
}
