/** The performance goals of the adapter, and whether it meets them. */
import type { Verdict } from '../goals.ts';
import { figure } from '../text-table.ts';
import type { Comparison } from './compare.ts';
import { medianOf, PROOF, type Row } from './measure.ts';

export interface Judged {
  readonly goal: string;
  readonly found: string;
  readonly verdict: Verdict;
}

/** Relative to the time that plain objects take. */
const MAX_RATIO = 1.5;
/** Resident memory. */
const MAX_MEMORY_MIB = 256;

const verdict = (met: boolean): Verdict => (met ? 'met' : 'missed');

/** The calls of a row that the goals cover, which exclude the call that authenticates the caller. */
const counted = ({ cold, first, later }: Row): number => (cold ? first : later).filter((call) => call !== PROOF).length;

const ofCalls = (row: Row): Judged[] => {
  if (row.most === undefined) return [];
  const found = counted(row);
  const proofs = row.first.filter((call) => call === PROOF).length;
  return [
    {
      goal: `${row.label} in at most ${row.most} native calls, 1 more to prove the caller`,
      found: `${found}, ${proofs} to prove`,
      verdict: verdict(found <= row.most && proofs <= 1),
    },
  ];
};

export const judge = (rows: readonly Row[], { first, rounds }: Comparison): readonly Judged[] => {
  const adapter = medianOf(rounds.map((round) => round.adapter));
  const plain = medianOf(rounds.map((round) => round.plain));
  const ratio = adapter.time / plain.time;
  const peak = rounds.at(-1)!.adapter.peak;
  return [
    ...rows.flatMap(ofCalls),
    {
      goal: `list of 10,000 in at most ${MAX_RATIO} times the time that fetch and fast-xml-parser need`,
      found: `${figure(ratio)} times, ${figure(adapter.work / plain.work)} in processor time (medians)`,
      verdict: verdict(ratio <= MAX_RATIO),
    },
    {
      goal: `under ${MAX_MEMORY_MIB} MiB resident at most while 10,000 are listed`,
      found: `${figure(first.adapter.peak)} MiB by the end of the first listing, ${figure(peak)} MiB after ${rounds.length + 1}`,
      verdict: verdict(peak < MAX_MEMORY_MIB),
    },
  ];
};
