/** Calls at the same time that all end before the request is answered. */

/**
 * The values of all promises, once each of them has ended. So an id that never existed costs as many calls as one of another
 * tenant, and no call goes on behind the answer. Throws what the first of them throws.
 */
export async function allEnded<const T extends readonly Promise<unknown>[]>(
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises);
  return await Promise.all(promises);
}
