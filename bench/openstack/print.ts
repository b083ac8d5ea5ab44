/** What the bench of the adapter prints, and whether its goals are met. */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { count, figure, textTable } from '../text-table.ts';
import type { Listed } from './lister.ts';
import type { Row } from './operations.ts';

/** One round of the listing. */
export interface Round {
  readonly client: number;
  readonly first: Listed;
  /** The readings of `first` by fetch. */
  readonly bareFirst: Listed;
  readonly then: Listed;
  /** The readings of `then` by fetch. */
  readonly bareThen: Listed;
}

/** The rounds of a population. */
export interface Listing {
  readonly name: string;
  /** What the goal of `then` compares with. */
  readonly heldAgainst: 'client' | 'bare';
  readonly rounds: readonly Round[];
}

/** The first listing takes at most so many times what bare readings of the same pages take. */
const MAX_FIRST = 1.1;
/** A listing after another takes at most this share of what the client takes, or so many times what bare readings take. */
const MAX_THEN = { client: 1 / 20, bare: 1.3 };

export const printHead = (machines: number): void => {
  console.log(`serverless-occi, adapter openstack, ${new Date().toISOString()}
${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}
Load average before the run: ${loadavg()[0]!.toFixed(2)}; with anything but 0 the figures are those of a shared machine.
The cloud is OpenStack 2026.2 with Nova's fake driver on this machine: two projects with ${count(machines)} machines each.
In one of them each machine has a port; in the other one has, and Nova alone knows the addresses of the rest.`);
};

const named = (calls: readonly string[]): string => {
  const times = new Map<string, number>();
  for (const call of calls) times.set(call, (times.get(call) ?? 0) + 1);
  return [...times].map(([call, n]) => call + (n > 1 ? ` × ${n}` : '')).join(', ');
};

export const printRows = (rows: readonly Row[]): void => {
  console.log(`
Calls of a request in a container that knows the caller. ms and CPU ms are those of this process, medians; "bare" is the
same readings by fetch, the answers read and dropped, and "CPU added" what the adapter takes beyond that.
`);
  console.log(
    textTable<Row>(
      [
        { name: 'request', of: ({ label }) => label, align: 'left' },
        { name: 'calls', of: ({ calls }) => count(calls.length) },
        { name: 'ms', of: ({ adapter }) => figure(adapter.time) },
        { name: 'bare ms', of: ({ bare }) => figure(bare?.time) },
        { name: 'CPU ms', of: ({ adapter }) => figure(adapter.work) },
        { name: 'CPU added', of: ({ adapter, bare }) => figure(bare && Math.max(0, adapter.work - bare.work)) },
        { name: 'asked', of: ({ calls }) => named(calls), align: 'left' },
      ],
      rows,
    ),
  );
};

export const printListings = (listings: readonly Listing[]): void => {
  console.log(`
A listing of all machines, whole in JSON, through the endpoint as deployed (event in, compressed body out), in seconds.
"client" is \`openstack server list --long\`; "first" a container that has listed nothing yet; "then" the same container after
that; "bare" the readings of each by fetch.`);
  for (const { name, rounds } of listings) {
    console.log(`\nMachines, ${name}:\n`);
    console.log(
      textTable<Round>(
        [
          { name: 'client s', of: ({ client }) => figure(client / 1000) },
          { name: 'first s', of: ({ first }) => figure(first.time / 1000) },
          { name: 'bare s', of: ({ bareFirst }) => figure(bareFirst.time / 1000) },
          { name: 'then s', of: ({ then }) => figure(then.time / 1000) },
          { name: 'bare s', of: ({ bareThen }) => figure(bareThen.time / 1000) },
          { name: 'first to bare', of: ({ first, bareFirst }) => figure(first.time / bareFirst.time) },
          { name: 'then to bare', of: ({ then, bareThen }) => figure(then.time / bareThen.time) },
          { name: 'then to client', of: ({ then, client }) => (then.time / client).toFixed(3) },
        ],
        rounds,
      ),
    );
    const [round] = rounds;
    console.log(`\nfirst: ${named(round!.first.calls)}\nthen: ${named(round!.then.calls)}`);
  }
};

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;

/** Prints each goal with what was found; how many are missed. */
export const printVerdicts = (rows: readonly Row[], listings: readonly Listing[]): number => {
  const goals = [
    ...rows.flatMap(({ label, most, calls }) =>
      most === undefined
        ? []
        : [{ goal: `${label} in at most ${most} calls`, found: String(calls.length), isMet: calls.length <= most }],
    ),
    ...listings.flatMap(({ name, heldAgainst, rounds }) => {
      const first = median(rounds.map((round) => round.first.time / round.bareFirst.time));
      const base = (round: Round): number => (heldAgainst === 'client' ? round.client : round.bareThen.time);
      const then = median(rounds.map((round) => round.then.time / base(round)));
      const most = MAX_THEN[heldAgainst];
      return [
        { goal: `first to bare at most ${MAX_FIRST} (${name})`, found: first.toFixed(2), isMet: first <= MAX_FIRST },
        { goal: `then to ${heldAgainst} at most ${most} (${name})`, found: then.toFixed(3), isMet: then <= most },
      ];
    }),
  ];
  console.log('');
  for (const { goal, found, isMet } of goals) console.log(`goal ${isMet ? 'met' : 'missed'}: ${goal}: ${found}`);
  const missed = goals.filter(({ isMet }) => !isMet).length;
  console.log(`\n${goals.length - missed} goals met, ${missed} missed`);
  return missed;
};
