/** The performance goals of the adapter, and whether it meets them. */
import type { Verdict } from '../goals.ts';
import { figure } from '../text-table.ts';
import type { Comparison, Round } from './compare.ts';
import type { Way } from './lister.ts';
import { medianOf, PROOF, type Row } from './measure.ts';

export interface Judged {
  readonly goal: string;
  readonly found: string;
  readonly verdict: Verdict;
}

/** Relative to the time that plain objects take: the adapter alone, and the whole endpoint in JSON. */
const MAX_RATIO = 1.5;
const MAX_JSON_RATIO = 0.5;
/** Resident memory. */
const MAX_MEMORY_MIB = 256;
/** 180 MB are 171.7 MiB. */
const MAX_JSON_MEMORY_MB = 180;
const MB_PER_MIB = 1.048576;

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

const ofWork = ({ label, mostWorkMs, adapter, raw }: Row): Judged[] => {
  if (mostWorkMs === undefined) return [];
  const added = adapter.work - raw.work;
  return [
    {
      goal: `${label} with at most ${mostWorkMs} ms of processor time added`,
      found: `${figure(Math.max(0, added))} ms (medians)`,
      verdict: verdict(added <= mostWorkMs),
    },
  ];
};

/** The goals of rows. */
export const judgeRows = (rows: readonly Row[]): readonly Judged[] => [
  ...rows.flatMap(ofCalls),
  ...rows.flatMap(ofWork),
];

/** The medians of what a way of listing took, relative to plain objects. */
const ratiosOf = (way: Way, rounds: readonly Round[]) => {
  const ours = medianOf(rounds.map((round) => round[way]));
  const plain = medianOf(rounds.map((round) => round.plain));
  return { time: ours.time / plain.time, work: ours.work / plain.work };
};

const ofListing = (way: Way, name: string, max: number, { rounds }: Comparison): Judged => {
  const { time, work } = ratiosOf(way, rounds);
  return {
    goal: `${name} in at most ${max} times the time that fetch and fast-xml-parser need`,
    found: `${figure(time)} times, ${figure(work)} in processor time (medians)`,
    verdict: verdict(time <= max),
  };
};

export const judge = (rows: readonly Row[], comparison: Comparison): readonly Judged[] => {
  const { first, rounds } = comparison;
  const last = rounds.at(-1)!;
  const jsonPeak = last.json.peak * MB_PER_MIB;
  return [
    ...judgeRows(rows),
    ofListing('adapter', 'list of 10,000', MAX_RATIO, comparison),
    {
      goal: `under ${MAX_MEMORY_MIB} MiB resident at most while 10,000 are listed`,
      found: `${figure(first.adapter.peak)} MiB by the end of the first listing, ${figure(last.adapter.peak)} MiB after ${rounds.length + 1}`,
      verdict: verdict(last.adapter.peak < MAX_MEMORY_MIB),
    },
    ofListing('json', 'GET of 10,000 in JSON through the endpoint', MAX_JSON_RATIO, comparison),
    {
      goal: `at most ${MAX_JSON_MEMORY_MB} MB resident while 10,000 are listed in JSON`,
      found: `${figure(first.json.peak * MB_PER_MIB)} MB by the end of the first listing, ${figure(jsonPeak)} MB after ${rounds.length + 1}`,
      verdict: verdict(jsonPeak <= MAX_JSON_MEMORY_MB),
    },
  ];
};
