/**
 * The first look at an id where the cloud numbers its entities: the number is computed, and one native call with the
 * caller's credentials tells whether he sees it. At most one more asks for the highest number, when the index lacks the id.
 *
 * Whether a number belongs to somebody else or to nobody makes no difference to the calls. An id that is no number's makes
 * as many: in place of its entity one is asked for that cannot be there.
 */
import type { KindAdapter, Native, NativeId } from '../../adapter/contract.ts';
import type { ByNumber } from '../../adapter/finding.ts';
import type { Identities } from '../../mapping/identity.ts';
import { MAX_NUMBERS, NumberIndex } from '../../mapping/number-index.ts';
import { memoByObject } from '../../memo-by-object.ts';
import type { KindTerm } from '../../occi/kinds/index.ts';
import type { Backend } from '../backend.ts';
import { highestSeen } from './highest.ts';
import { looksOf, MAX_SINGLE, unlessMissing, viewOf } from './look.ts';
import { scannedFor } from './scan.ts';

/** As many numbers above the highest are indexed too. oned makes about 100 machines a second (measured on 6.10). */
const AHEAD = 4096;

const indexesOf = memoByObject((_: Identities) => new Map<KindTerm, NumberIndex>());

function indexOf(kind: KindTerm, { identities }: Backend): NumberIndex {
  const indexes = indexesOf(identities);
  const index = indexes.get(kind) ?? new NumberIndex(identities.nameBefore(kind));
  indexes.set(kind, index);
  return index;
}

/** True if the id is that of a number in the index: whether anybody has it is not known. Only for a kind with numbers. */
export const isNumber = (uuid: string, kind: KindTerm, backend: Backend): boolean =>
  indexOf(kind, backend).find(uuid) !== undefined;

/** The native id of the entity with this id, if the caller sees it. */
export async function numbered(
  uuid: string,
  kind: KindTerm,
  { adapter, finding }: { readonly adapter: KindAdapter; readonly finding: ByNumber<Native> },
  backend: Backend,
): Promise<NativeId | undefined> {
  const looks = looksOf(backend);
  if (looks.asked >= MAX_SINGLE) return await scannedFor(uuid, kind, backend);
  const index = indexOf(kind, backend);
  let number = index.find(uuid);
  if (number === undefined) {
    const { isNew, highest } = await highestOf(kind, finding, backend);
    if (highest === undefined || highest >= MAX_NUMBERS) return await scannedFor(uuid, kind, backend);
    await index.growTo(highest + 1 + AHEAD);
    number = index.find(uuid);
    if (number === undefined && isNew) return undefined;
  }
  looks.asked += 1;
  const native = await unlessMissing(() => {
    const id = String(number ?? index.size);
    return finding.listed?.(id) ?? adapter.get(id);
  });
  if (number === undefined || !native) return undefined;
  looks.read = native;
  return native.id;
}

/** The highest number that the caller sees, and whether it was asked for now. */
async function highestOf(
  kind: KindTerm,
  finding: ByNumber<Native>,
  backend: Backend,
): Promise<{ readonly highest: number | undefined; readonly isNew: boolean }> {
  const highest = highestSeen(backend.identities);
  const view = viewOf(kind, backend);
  const present = highest.get(view);
  try {
    if (present) return { highest: await present, isNew: false };
  } catch {
    // Another request asked and failed, perhaps by its own deadline.
  }
  const asked = highest.set(view, finding.highest());
  try {
    return { highest: await asked, isNew: true };
  } catch (error) {
    if (highest.get(view) === asked) highest.delete(view);
    throw error;
  }
}
