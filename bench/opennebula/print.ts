/** What the bench of the adapter prints. */
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Verdict } from '../goals.ts';
import { count, figure, textTable } from '../text-table.ts';
import { type Comparison, MANY, type Round } from './compare.ts';
import type { Judged } from './goals.ts';
import { WAYS, type Way } from './lister.ts';
import { PROOF, type Row } from './measure.ts';

export const printHead = (quick: boolean): void => {
  console.log(`serverless-occi, adapter opennebula, ${new Date().toISOString()}
${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}
Load average before the run: ${loadavg()[0]!.toFixed(2)}; with anything but 0 the figures are those of a shared machine.
The cloud is the stand-in for OpenNebula 6.10 in a process of its own, with 11,501 running machines, each with one disk, one
network interface and a context. Pages of 500. First looks are at another one, with 120,000 minimal machines.`);
  if (quick) console.log('One round each: that shows that every row can be measured.');
};

/** `a, b × 20`, the proof of the caller left out. */
const named = (calls: readonly string[]): string => {
  const times = new Map<string, number>();
  for (const call of calls) times.set(call, (times.get(call) ?? 0) + 1);
  times.delete(PROOF);
  return [...times].map(([call, n]) => call.replace(/^one\./, '') + (n > 1 ? ` × ${n}` : '')).join(', ');
};

export const printRows = (rows: readonly Row[]): void => {
  console.log(`
Native calls of a request: of the first in a container, which proves the caller (one.user.info, once per process, caller
and minute) and knows nothing, and of one after it. Times in ms, medians: "raw" is the same HTTP requests sent by fetch, the
answers read and dropped; "added" is what the adapter takes beyond that, "CPU added" the same in processor time, which other
work on the machine hardly changes; under 0, fetch takes longer than the adapter. rOCCI-server 2 needs about 15 calls to show
one machine, and 11 and one per link to list them.
`);
  console.log(
    textTable<Row>(
      [
        { name: 'request', of: ({ label }) => label, align: 'left' },
        { name: 'calls, first', of: ({ first }) => count(first.length) },
        { name: 'calls, then', of: ({ later }) => count(later.length) },
        { name: 'kB', of: ({ bytes }) => figure(bytes / 1000) },
        { name: 'ms', of: ({ adapter }) => figure(adapter.time) },
        { name: 'raw', of: ({ raw }) => figure(raw.time) },
        { name: 'added', of: ({ adapter, raw }) => signed(adapter.time - raw.time) },
        { name: 'CPU added', of: ({ adapter, raw }) => signed(adapter.work - raw.work) },
        { name: 'n', of: ({ rounds }) => count(rounds) },
        { name: 'calls', of: ({ cold, first, later }) => named(cold ? first : later), align: 'left' },
      ],
      rows,
    ),
  );
};

/** Digits after the point as for the size; differences of medians may be under 0. */
const signed = (value: number): string => (value < 0 ? `-${figure(-value)}` : figure(value));

/** What each process took, and how that compares with plain objects. */
const WAY_NAMES: Readonly<Record<Way, string>> = {
  json: 'endpoint, JSON',
  text: 'endpoint, text/plain',
  adapter: 'adapter',
  plain: 'plain',
  cut: 'cut',
};

/** Least, median and most of the rounds. */
const range = (rounds: readonly Round[], of: (round: Round) => number): string => {
  const values = rounds.map(of).toSorted((one, other) => one - other);
  const median = values[Math.floor(values.length / 2)]!;
  return `${figure(median)} (${figure(values[0]!)}–${figure(values.at(-1)!)})`;
};

export const printComparison = ({ pages, megabytes, first, rounds }: Comparison): void => {
  console.log(`
A listing of ${count(MANY)} machines, whole in JSON and as locations in text/plain, through the endpoint's handler as deployed
(event in, compressed body out); and through the adapter alone. "plain" is fetch and fast-xml-parser turning the same ${pages} pages
(${figure(megabytes)} MB) into plain objects, envelope and document, unchecked; "cut" is the same with the envelope cut off by hand, a
harder measure than the goal's. A process each with the heap of a function of 1,024 MB, ${rounds.length} rounds in turn after a first one: medians, with the least and the most.
`);
  console.log(
    textTable<Way>(
      [
        { name: 'listing', of: (way) => WAY_NAMES[way], align: 'left' },
        { name: 'first ms', of: (way) => figure(first[way].time) },
        { name: 'ms', of: (way) => range(rounds, (round) => round[way].time) },
        { name: 'to plain', of: (way) => range(rounds, (round) => round[way].time / round.plain.time) },
        { name: 'CPU ms', of: (way) => range(rounds, (round) => round[way].work) },
        { name: 'CPU to plain', of: (way) => range(rounds, (round) => round[way].work / round.plain.work) },
        { name: 'CPU to cut', of: (way) => range(rounds, (round) => round[way].work / round.cut.work) },
        { name: 'peak MiB, first', of: (way) => figure(first[way].peak) },
        { name: 'peak MiB', of: (way) => figure(rounds.at(-1)![way].peak) },
      ],
      WAYS,
    ),
  );
};

export const printJudged = (judged: readonly Judged[]): void => {
  console.log('');
  for (const { goal, found, verdict } of judged) console.log(`goal ${verdict}: ${goal}: ${found}`);
  const those = (wanted: Verdict) => judged.filter(({ verdict }) => verdict === wanted).length;
  console.log(`\n${those('met')} goals met, ${those('missed')} missed`);
};
