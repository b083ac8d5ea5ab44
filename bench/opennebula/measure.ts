/** One row: the number of native calls, the time with the adapter, and the time of the same calls without it. */
import type { Operation } from './operations.ts';
import { type Recorder, type Recording, replay } from './recorder.ts';

/** Elapsed time and processor time of this process, in milliseconds. */
export interface Cost {
  readonly time: number;
  readonly work: number;
}

export interface Row {
  readonly label: string;
  /** Native calls of the first request in a container, and of those that follow, in order. */
  readonly first: readonly string[];
  readonly later: readonly string[];
  readonly cold: boolean;
  readonly most?: number | undefined;
  readonly mostWorkMs?: number | undefined;
  /** Bytes of the answers. */
  readonly bytes: number;
  readonly rounds: number;
  readonly adapter: Cost;
  readonly raw: Cost;
}

export interface Pace {
  readonly least: number;
  readonly most: number;
  /** Milliseconds after which no more rounds are begun than there must be. */
  readonly time: number;
}

/** The call that authenticates the caller. */
export const PROOF = 'one.user.info';

/** The calls that the requests make. Those inside a multicall count separately. */
const callsIn = (bodies: readonly string[]): string[] =>
  bodies.flatMap((body) => {
    const inner = [...body.matchAll(/<name>methodName<\/name><value><string>([^<]+)/g)].map(([, name]) => name!);
    return inner.length > 0 ? inner : [/<methodName>([^<]+)/.exec(body)![1]!];
  });

export const costOf = async (what: () => Promise<unknown>): Promise<Cost> => {
  const used = process.cpuUsage();
  const began = performance.now();
  await what();
  const time = performance.now() - began;
  const { user, system } = process.cpuUsage(used);
  return { time, work: (user + system) / 1000 };
};

const middle = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;

export const medianOf = (costs: readonly Cost[]): Cost => ({
  time: middle(costs.map(({ time }) => time)),
  work: middle(costs.map(({ work }) => work)),
});

/** What is asked in a new container, first and then again. */
const recordingsOf = async (operation: Operation, recorder: Recorder): Promise<[Recording, Recording]> => {
  const run = operation.start(recorder.endpoint);
  recorder.take();
  await run();
  const first = recorder.take();
  await run();
  return [first, recorder.take()];
};

/** Measures one operation, alternately with and without the adapter, so that other load affects both alike. */
export const measure = async (
  operation: Operation,
  endpoint: string,
  recorder: Recorder,
  { least, most, time }: Pace,
): Promise<Row> => {
  const [first, later] = await recordingsOf(operation, recorder);
  const recording = operation.cold ? first : later;
  const known = operation.start(endpoint);
  const perform = () => costOf(operation.cold ? operation.start(endpoint) : known);
  const performRaw = () => {
    const bodies = operation.again?.(recording.bodies) ?? recording.bodies;
    return costOf(() => replay(endpoint, { bodies, atOnce: recording.atOnce }));
  };
  const adapter: Cost[] = [];
  const raw: Cost[] = [];
  await perform();
  await performRaw();
  const began = performance.now();
  while (adapter.length < least || (adapter.length < most && performance.now() - began < time)) {
    adapter.push(await perform());
    raw.push(await performRaw());
  }
  return {
    label: operation.label,
    first: callsIn(first.bodies),
    later: callsIn(later.bodies),
    cold: operation.cold ?? false,
    most: operation.most,
    mostWorkMs: operation.mostWorkMs,
    bytes: recording.bytes,
    rounds: adapter.length,
    adapter: medianOf(adapter),
    raw: medianOf(raw),
  };
};
