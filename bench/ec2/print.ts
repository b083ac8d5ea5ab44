/** What the bench of the adapter prints. */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { count, figure, textTable } from '../text-table.ts';
import type { Row } from './measure.ts';

export const printHead = (): void => {
  console.log(`serverless-occi, adapter ec2, ${new Date().toISOString()}
${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}
Load average before the run: ${loadavg()[0]!.toFixed(2)}; with anything but 0 the figures are those of a shared machine.
The cloud is moto behind the proxy of the tests, in processes of their own; real EC2 takes longer and counts calls.`);
};

/** `a, b × 2`. */
const named = (calls: readonly string[]): string => {
  const times = new Map<string, number>();
  for (const call of calls) times.set(call, (times.get(call) ?? 0) + 1);
  return [...times].map(([call, n]) => call + (n > 1 ? ` × ${n}` : '')).join(', ');
};

const signed = (value: number): string => (value < 0 ? `-${figure(-value)}` : figure(value));

export const printRows = (rows: readonly Row[]): void => {
  console.log(`
EC2 calls of a request: of the first in a container, and of one after it. Times in ms, medians: "bare" is the same commands
sent by a client of the SDK that does nothing else; "added" is what the adapter takes beyond that, "CPU added" the same in
processor time, which other work on the machine hardly changes.
`);
  console.log(
    textTable<Row>(
      [
        { name: 'request', of: ({ label }) => label, align: 'left' },
        { name: 'calls, first', of: ({ first }) => count(first.length) },
        { name: 'calls, then', of: ({ later }) => count(later.length) },
        { name: 'ms', of: ({ adapter }) => figure(adapter.time) },
        { name: 'bare', of: ({ bare }) => figure(bare.time) },
        { name: 'added', of: ({ adapter, bare }) => signed(adapter.time - bare.time) },
        { name: 'CPU added', of: ({ adapter, bare }) => signed(adapter.work - bare.work) },
        { name: 'n', of: ({ rounds }) => count(rounds) },
        { name: 'calls', of: ({ first }) => named(first), align: 'left' },
      ],
      rows,
    ),
  );
};

/** Prints what was promised and what was found; how many goals are missed. */
export const printVerdicts = (rows: readonly Row[]): number => {
  console.log('');
  let missed = 0;
  const promised = rows.filter(({ most }) => most !== undefined);
  for (const { label, later, most } of promised) {
    const met = later.length <= most!;
    if (!met) missed += 1;
    console.log(`goal ${met ? 'met' : 'missed'}: ${label} in at most ${most} EC2 calls: ${later.length}`);
  }
  console.log(`\n${promised.length - missed} goals met, ${missed} missed`);
  return missed;
};
