/** What the bench of cold starts prints. */
import { cpus, loadavg } from 'node:os';
import { type Column, figure, textTable } from '../text-table.ts';
import type { Build } from './builds.ts';
import type { First } from './containers.ts';

export interface Row {
  readonly cloud: string;
  readonly operation: string;
  /** Of the function, in MB (serverless.yml). */
  readonly memory: number;
  /** All requests to the build of before, and to this one. */
  readonly runs: readonly [readonly First[], readonly First[]];
}

/** The share of the build of before that this one may take. */
const GOAL = 0.5;

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((one, other) => one - other);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
};

const of = (which: 0 | 1, value: (first: First) => number) => (row: Row) => median(row.runs[which].map(value));
const cpu = (first: First) => first.answered.cpu;
const wall = (first: First) => first.answered.wall;
const imported = (first: First) => first.imported.cpu;
/** Memory with which a function has a whole CPU once it is initialised, in MB (AWS Lambda, "Configure function memory"). */
const MEMORY_OF_A_CPU = 1769;
/** Milliseconds of Lambda's clock that the CPU time takes, without any waiting for clouds. */
const inLambda =
  ({ memory }: Row) =>
  ({ imported, answered }: First) =>
    imported.cpu + ((answered.cpu - imported.cpu) * MEMORY_OF_A_CPU) / memory;
const share = (value: (first: First) => number) => (row: Row) => of(1, value)(row) / of(0, value)(row);

const COLUMNS: readonly Column<Row>[] = [
  { name: 'cloud', of: ({ cloud }) => cloud, align: 'left' },
  { name: 'first request', of: ({ operation }) => operation, align: 'left' },
  { name: 'import before', of: (row) => figure(of(0, imported)(row)) },
  { name: 'now', of: (row) => figure(of(1, imported)(row)) },
  { name: 'CPU before', of: (row) => figure(of(0, cpu)(row)) },
  { name: 'now', of: (row) => figure(of(1, cpu)(row)) },
  { name: 'share', of: (row) => share(cpu)(row).toFixed(2) },
  { name: 'Lambda before', of: (row) => figure(of(0, inLambda(row))(row)) },
  { name: 'now', of: (row) => figure(of(1, inLambda(row))(row)) },
  { name: 'share', of: (row) => share(inLambda(row))(row).toFixed(2) },
  { name: 'wall before', of: (row) => figure(of(0, wall)(row)) },
  { name: 'now', of: (row) => figure(of(1, wall)(row)) },
  { name: 'share', of: (row) => share(wall)(row).toFixed(2) },
];

/** @returns whether every row has reached the goal in CPU time */
export const printCold = (rows: readonly Row[], [before, now]: readonly Build[], node: string): boolean => {
  console.log(`serverless-occi, cold starts, ${new Date().toISOString()}
${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), functions on Node ${node}, load average ${loadavg()[0]!.toFixed(2)}
Before: ${before?.name}; now: ${now?.name}. Medians of ${rows[0]?.runs[0].length} fresh processes each, interleaved, in
milliseconds until the answer; "import" is the CPU time until the function is imported. Node's own start does not count.
"Lambda" is how long the CPU time takes there: the import has a whole CPU, the request what the function's memory gives.

${textTable(COLUMNS, rows)}`);
  const over = rows.filter((row) => share(cpu)(row) > GOAL);
  console.log(`\n${rows.length - over.length} of ${rows.length} take at most ${GOAL} times the CPU time of before.`);
  return over.length === 0;
};
