/** What the bench of the adapter prints. */
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Verdict } from '../goals.ts';
import { count, figure, textTable } from '../text-table.ts';
import { type Comparison, MANY, type Round } from './compare.ts';
import { judge } from './goals.ts';
import { PROOF, type Row } from './measure.ts';

export const printHead = (quick: boolean): void => {
  console.log(`serverless-occi, adapter opennebula, ${new Date().toISOString()}
${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}
Load average before the run: ${loadavg()[0]!.toFixed(2)}; with anything but 0 the figures are those of a shared machine.
The cloud is the stand-in for OpenNebula 6.10 in a process of its own, with 11,501 running machines, each with one disk, one
network interface and a context. Pages of 500.`);
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

export const printComparison = ({ pages, megabytes, first, rounds }: Comparison): void => {
  console.log(`
A listing of ${count(MANY)} machines as entities, through the adapter, beside fetch and fast-xml-parser turning the same
${pages} pages (${figure(megabytes)} MB) into plain objects, envelope and document, unchecked; a process each, in turn. "cut" is
the same with the envelope cut off by hand, which is a harder measure than the goal's.
`);
  const numbered = [first, ...rounds].map((round, index) => ({
    ...round,
    name: index === 0 ? 'first' : String(index),
  }));
  console.log(
    textTable<Round & { name: string }>(
      [
        { name: 'round', of: ({ name }) => name, align: 'left' },
        { name: 'adapter ms', of: ({ adapter }) => figure(adapter.time) },
        { name: 'plain ms', of: ({ plain }) => figure(plain.time) },
        { name: 'cut ms', of: ({ cut }) => figure(cut.time) },
        { name: 'ratio', of: ({ adapter, plain }) => figure(adapter.time / plain.time) },
        { name: 'to cut', of: ({ adapter, cut }) => figure(adapter.time / cut.time) },
        { name: 'adapter CPU', of: ({ adapter }) => figure(adapter.work) },
        { name: 'CPU ratio', of: ({ adapter, plain }) => figure(adapter.work / plain.work) },
        { name: 'CPU to cut', of: ({ adapter, cut }) => figure(adapter.work / cut.work) },
        { name: 'peak MiB', of: ({ adapter }) => figure(adapter.peak) },
        { name: 'plain MiB', of: ({ plain }) => figure(plain.peak) },
      ],
      numbered,
    ),
  );
};

export const printVerdicts = (rows: readonly Row[], comparison: Comparison): void => {
  const judged = judge(rows, comparison);
  console.log('');
  for (const { goal, found, verdict } of judged) console.log(`goal ${verdict}: ${goal}: ${found}`);
  const those = (wanted: Verdict) => judged.filter(({ verdict }) => verdict === wanted).length;
  console.log(`\n${those('met')} goals met, ${those('missed')} missed`);
};
