/** `npm run bench -- opennebula`: native calls and added time of the adapter, against the stand-in; prints all it finds. `--listing`: the listing of 10,000 only; `--first-look`: the first looks only. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare } from './opennebula/compare.ts';
import { judge, judgeRows } from './opennebula/goals.ts';
import type { Pace, Row } from './opennebula/measure.ts';
import { printComparison, printHead, printJudged, printRows } from './opennebula/print.ts';
import { announcedUrl, endAll, endOnSignals, launch, listenTo } from './processes.ts';
import { QUIET } from './servers.ts';

const FULL: Pace = { least: 3, most: 41, time: 1500 };
const QUICK: Pace = { least: 1, most: 1, time: 0 };
/** Number of listing pairs after the first. */
const ROUNDS = { full: 5, quick: 1 };

/** How long the stand-in may take to make its machines. */
const FILL_TIMEOUT_MS = 300_000;

/** The machines of the other rows, or a large pool of minimal ones for first looks. */
type Cloud = 'ordinary' | 'large';

/** The rows, as the process that measures them sends them. */
const measureRows = async (endpoint: string, cloud: Cloud, { least, most, time }: Pace): Promise<Row[]> => {
  const file = fileURLToPath(new URL('opennebula/calls.mjs', import.meta.url));
  const env = { ...process.env, ...QUIET, POWERTOOLS_METRICS_DISABLED: 'true' };
  const child = fork(file, [endpoint, cloud, least, most, time].map(String), { env });
  const rows: Row[] = [];
  child.on('message', (row: Row) => {
    rows.push(row);
    console.error(`${row.label}: ${row.adapter.time.toFixed(1)} ms, without the adapter ${row.raw.time.toFixed(1)} ms`);
  });
  const status = await new Promise((resolve) => child.once('close', resolve));
  if (status !== 0) throw new Error(`the rows could not be measured: the process ended with ${status}`);
  return rows;
};

/** The stand-in with its machines; what comes back is its endpoint. It ends with this process. */
const startCloud = async (cloud: Cloud): Promise<string> => {
  const standIn = launch(process.execPath, [fileURLToPath(new URL('opennebula/stand-in.mjs', import.meta.url)), cloud]);
  const { complaints } = listenTo(standIn);
  return `${await announcedUrl(standIn, complaints, FILL_TIMEOUT_MS)}/RPC2`;
};

const bench = async (): Promise<void> => {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { quick: { type: 'boolean' }, listing: { type: 'boolean' }, 'first-look': { type: 'boolean' } },
  });
  const { quick = false, listing = false, 'first-look': looks = false } = values;
  const pace = quick ? QUICK : FULL;
  endOnSignals();
  printHead(quick);
  const firstLooks = listing ? [] : await measureRows(await startCloud('large'), 'large', pace);
  if (looks) {
    printRows(firstLooks);
    printJudged(judgeRows(firstLooks));
    return;
  }
  const endpoint = await startCloud('ordinary');
  const rows = listing ? [] : [...(await measureRows(endpoint, 'ordinary', pace)), ...firstLooks];
  if (!listing) printRows(rows);
  const comparison = await compare(endpoint, quick ? ROUNDS.quick : ROUNDS.full);
  printComparison(comparison);
  printJudged(judge(rows, comparison));
};

bench()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(endAll);
