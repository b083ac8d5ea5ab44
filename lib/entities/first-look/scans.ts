/** The scans that a process keeps, by those who see the same entities of a kind. */
import type { NativeId } from '../../adapter/contract.ts';
import type { Identities } from '../../mapping/identity.ts';
import { memoByObject } from '../../memo-by-object.ts';
import { isLinkTerm, KIND_TERMS } from '../../occi/kinds/index.ts';
import type { Backend } from '../backend.ts';
import { highestSeen } from './highest.ts';
import { servedKind, viewOf } from './look.ts';

/** A listing of the native ids of a kind, as far as it has come. */
export interface Scan {
  /** Native ids by OCCI id. */
  readonly natives: Map<string, NativeId>;
  /** Ids that were asked for while it was fresh: it is the answer for them, whenever it ends. */
  readonly wanted: Set<string>;
  /** In milliseconds since the epoch. */
  readonly began: number;
  /** It answers for any id that a request began to look for until then, in milliseconds since the epoch. */
  freshUntil: number;
  usedAt: number;
  cursor?: string | undefined;
  /** Counted among the scans of the minute: from the second page on, since one page costs no more than any request. */
  isAdmitted: boolean;
  isWhole: boolean;
  /** The page that is being read. */
  reading?: Promise<void> | undefined;
  /** How long the slowest page took. */
  slowestMs: number;
}

export const scansOf = memoByObject((_: Identities) => new Map<string, Scan>());

/**
 * Called with an answer that shows ids, of all kinds or of the links of a resource and their ends: some may be newer than
 * a scan or the highest number, which then are no answer for whoever asks from now on.
 */
export function noteShown(backend: Backend, which: 'all' | 'links'): void {
  const scans = scansOf(backend.identities);
  for (const kind of KIND_TERMS) {
    if (servedKind(kind, backend)?.finding?.by === 'number')
      highestSeen(backend.identities).delete(viewOf(kind, backend));
    if (scans.size === 0 || (which === 'links' && !isLinkTerm(kind))) continue;
    const scan = scans.get(viewOf(kind, backend));
    if (!scan) continue;
    scan.freshUntil = Math.min(scan.freshUntil, Date.now() - 1);
    // One under way is kept for those who wait for it, or it would never end.
    if (scan.isWhole) scan.wanted.clear();
  }
}
