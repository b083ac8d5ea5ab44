/** What the bench prints: the machine, then one table for each question. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, type } from 'node:os';
import { type BareServer, median } from './bare-server.ts';
import { wrkVersion } from './generator/wrk.ts';
import { goalOf, isTooLongForHeaders, type Verdict, verdictOf } from './goals.ts';
import type { GeneratorKind, Options } from './options.ts';
import { peerShare } from './peers.ts';
import { ROOT } from './processes.ts';
import { type Result, SLICES } from './requests.ts';
import { count, figure, percent, textTable } from './text-table.ts';
import { CONNECTIONS, type Connections } from './workload.ts';

const versionOf = (generator: GeneratorKind): string | undefined =>
  generator === 'wrk'
    ? wrkVersion()
    : JSON.parse(readFileSync(`${ROOT}node_modules/autocannon/package.json`, 'utf8')).version;

/** Seconds; in less a server is not even compiled. */
const LONG_ENOUGH = 1;

export const printHead = ({ pace, generator }: Options): void => {
  console.log(`serverless-occi, ${new Date().toISOString()}
${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), ${type()} ${release()}, Node ${process.version}
Load average before the run: ${loadavg()[0]!.toFixed(2)}; with anything but 0 the figures are those of a shared machine.
${generator} ${versionOf(generator)} in a process of its own, keep-alive connections, one request at a time on each (no pipelining).
Servers: node local/start.mjs --table memory | embedded (on disk, in a temporary DATA_DIR), log level WARN, so no line
per request. At least ${pace.seconds} s for each row after ${pace.warmUp.toFixed(1)} s of warm-up (wrk: whole seconds), in ${SLICES} slices with
the bare server before and after each; the figures of a row are those of its middle slice by share of hello. Every
answer has to be 2xx.`);
  if (pace.seconds < LONG_ENOUGH)
    console.log('That is too short for figures: it shows that every row can be measured.');
};

export const printBareServer = (bare: BareServer): void => {
  const middle = (connections: Connections) => median(bare.runs(connections));
  console.log(`
A bare node:http server, measured before and after each slice below, and now and then with one connection. It sends each
answer at once; ours lets those that are ready in one turn of the event loop leave together (local/response-batching.ts).
`);
  console.log(
    textTable<Connections>(
      [
        { name: 'connections', of: (connections) => String(connections) },
        { name: 'runs', of: (connections) => count(bare.runs(connections).length) },
        { name: 'requests/s', of: (connections) => figure(middle(connections).perSecond) },
        { name: 'p50 ms', of: (connections) => figure(middle(connections).p50) },
        { name: 'p99 ms', of: (connections) => figure(middle(connections).p99) },
        { name: 'CPU µs', of: (connections) => figure(middle(connections).work) },
        { name: 'server busy', of: (connections) => percent(middle(connections).busy) },
        { name: 'slowest', of: (connections) => figure(bare.runs(connections).at(0)?.perSecond) },
        { name: 'fastest', of: (connections) => figure(bare.runs(connections).at(-1)?.perSecond) },
      ],
      CONNECTIONS,
    ),
  );
  const spread = bare.runs(16).at(-1)!.perSecond / bare.runs(16).at(0)!.perSecond;
  if (spread < STEADY) return;
  console.log(`
The bare server itself was up to ${figure(spread)} times as fast at one time as at another: other work ran on this machine,
which is why each share below is of the two runs next to its slice, and the middle one of ${SLICES}.`);
};

/** Up to this factor between runs of the same thing a machine counts as quiet. */
const STEADY = 1.3;

export const printRequests = (results: readonly Result[]): void => {
  console.log(`
Over the bridge. "of hello" is the share of what the bare server reached with 16 connections right before and after,
whatever the row's own, since the peers' shares are of one with 20; with one connection the time of the generator itself
is in every answer. "CPU µs" is processor time of the server for one answer; "n" is how many computes there are. With
the embedded table, a create waits until the disk has its rows, and creates at the same time share one sync, so they gain
by 16 connections. A create adds computes, so its row says from where to where in a slice; before it others were made and
deleted again, since a server that has just started has not compiled yet what makes them.
`);
  console.log(
    textTable<Result>(
      [
        { name: 'table', of: ({ row }) => row.table, align: 'left' },
        { name: 'request', of: ({ row }) => row.request, align: 'left' },
        { name: 'n', of: computesOf },
        { name: 'Accept', of: ({ row }) => row.accept, align: 'left' },
        { name: 'conns', of: ({ row }) => String(row.connections) },
        { name: 'requests/s', of: ({ measured }) => figure(measured?.perSecond) },
        { name: 'p50 ms', of: ({ measured }) => figure(measured?.p50) },
        { name: 'p99 ms', of: ({ measured }) => figure(measured?.p99) },
        { name: 'CPU µs', of: ({ measured }) => figure(measured?.work) },
        { name: 'of hello', of: ({ measured }) => percent(measured?.share) },
        { name: 'pySSF', of: ({ row }) => percent(peerShare('pySSF', row)) },
        { name: 'rOCCI-server', of: ({ row }) => percent(peerShare('rOCCI-server', row)) },
        { name: 'goal', of: goal, align: 'left' },
      ],
      results,
    ),
  );
};

const computesOf = ({ row, measured }: Result): string => {
  if (row.request === 'GET /-/') return '';
  return measured?.grownTo === undefined ? count(row.computes) : `${row.computes} → ${count(measured.grownTo)}`;
};

const goal = (result: Result): string => {
  const { row, measured, refused } = result;
  if (isTooLongForHeaders(result)) return `not measured: longer than headers may be, answered ${refused?.slice(0, 3)}`;
  const why = refused ?? measured?.wrong ?? '';
  const verdict = verdictOf(result);
  const least = goalOf(row);
  const judged = verdict === 'none' || least === undefined ? '' : `goal ${verdict} (${percent(least)})`;
  return [judged, why && `FAILED: ${why}`].filter(Boolean).join(' ');
};

export const printSummary = (verdicts: readonly Verdict[], results: readonly Result[]): void => {
  const those = (wanted: Verdict) => verdicts.filter((verdict) => verdict === wanted).length;
  const failed = results.filter((result) => !isTooLongForHeaders(result) && (result.refused || result.measured?.wrong));
  if (failed.length > 0) console.log(`\n${failed.length} rows failed: not every answer was 2xx`);
  console.log(`\n${those('met')} goals met, ${those('missed')} missed`);
  if (failed.length > 0) process.exitCode = 1;
};
