/** What an earlier attempt of a request, whose answer was lost, has created: found by the tokens of its creates. */

import type { KindAdapter, Native } from '../../adapter/contract.ts';
import { OcciError } from '../../errors.ts';
import type { KindTerm } from '../../occi/kinds/index.ts';
import type { Backend } from '../backend.ts';
import { kindAdapter } from '../native-entity.ts';
import type { Plan } from './plan.ts';

/**
 * The entity that a lost attempt created. If the cloud cannot be asked, it is not created again: throws `conflict`
 * naming what to look for (ADR-4).
 */
function earlier(adapter: KindAdapter, token: string, kind: KindTerm): Promise<Native | undefined> {
  if (adapter.findByToken) return adapter.findByToken(token);
  throw new OcciError(
    'conflict',
    `An earlier attempt of this request ended without an answer and may have made a ${kind}: look for it in the collection.`,
    { unknownOutcome: true },
  );
}

/** The token of one of the entities in a request. */
export const tokenAt = (index: number, { length }: readonly Plan[], token: string): string =>
  length === 1 ? token : `${token}-${index}`;

/** Searches at a time: each may wait for a cloud that shows new things late, and all must fit into the request. */
const AT_ONCE = 8;

/** What a lost attempt has created for each of the plans; throws as `earlier`. */
export async function madeEarlier(
  plans: readonly Plan[],
  token: string,
  backend: Backend,
): Promise<readonly (Native | undefined)[]> {
  const found: (Native | undefined)[] = plans.map(() => undefined);
  const queue = plans.entries();
  const worker = async () => {
    for (const [index, { kind }] of queue) {
      const adapter = kindAdapter(kind, backend);
      found[index] = await earlier(adapter, tokenAt(index, plans, token), kind);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}

/** True if an earlier attempt has created any of these, or if the cloud cannot be asked. */
export async function hasMadeAny(plans: readonly Plan[], token: string, backend: Backend): Promise<boolean> {
  if (plans.some(({ kind }) => !kindAdapter(kind, backend).findByToken)) return true;
  return (await madeEarlier(plans, token, backend)).some((one) => one !== undefined);
}
