/** Calls at the same time, of which none goes on when the others are answered. */

/**
 * The values of all promises once each of them has ended, so that what is nobody's costs as many calls as what is
 * another's, and nothing is still being called when the request is answered. Throws what the first of them throws.
 */
export async function allEnded<const T extends readonly Promise<unknown>[]>(
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises);
  return await Promise.all(promises);
}
