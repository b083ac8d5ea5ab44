/** Several changes in one connection, followed by a read of the changed object. */

import type { KindTerm } from '../../../lib/occi/kinds/index.ts';
import type { Cloud } from '../cloud.ts';
import type { Call } from './client.ts';
import { translateErrors } from './errors.ts';
import { OneRefusal } from './xml-rpc.ts';

/**
 * Makes the calls in order and answers with what `read` gives after them. Throws what the first refusal means for the
 * kind.
 */
export const changeAndRead = <T>(
  { client }: Cloud,
  kind: KindTerm,
  calls: readonly Call<number>[],
  read: Call<T>,
): Promise<T> =>
  translateErrors(kind, async () => {
    const results = await client.multicall([...calls, read]);
    const refusal = results.find((result) => result instanceof OneRefusal);
    if (refusal) throw refusal;
    return results.at(-1) as T;
  });
