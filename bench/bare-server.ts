/** The bare server, measured again and again during the run: the measure of all rows. */
import { fileURLToPath } from 'node:url';
import type { Generator, LoadedServer } from './load.ts';
import { announcedUrl, end, launch, listenTo } from './processes.ts';
import type { Connections } from './workload.ts';

export interface BareServer {
  /** One more run with 16 connections, and now and then one with a single connection. */
  measure(): Promise<void>;
  /** How often it was measured; says where in the run a row stands. */
  count(): number;
  /** Requests per second at that place of the run: the median of the runs before and after it. */
  perSecondAround(count: number): number;
  /** All runs so far, the slowest first. */
  runs(connections: Connections): readonly LoadedServer[];
  end(): Promise<void>;
}

/** Seconds of one run; short, since there is one before each row. */
const SECONDS = 0.5;
const WARM_UP = 0.05;
/** Every so many runs one with a single connection follows. */
const SINGLE = 8;
/** Runs on either side of a row that its share is of: enough that one of them may have been disturbed. */
const NEAR = 2;

/** Starts the bare server; it stays, so that it is as warm as the servers that are compared with it. */
export const startBareServer = async (generator: Generator): Promise<BareServer> => {
  const server = launch(process.execPath, [fileURLToPath(new URL('hello.mjs', import.meta.url))]);
  const url = await announcedUrl(server, listenTo(server).complaints);
  const load = { url, method: 'GET', headers: {}, warmUp: WARM_UP, seconds: SECONDS };
  const many: LoadedServer[] = [];
  const single: LoadedServer[] = [];
  await generator.measure({ ...load, connections: 16, seconds: 2 }, server);
  return {
    async measure() {
      many.push(await generator.measure({ ...load, connections: 16 }, server));
      if (many.length % SINGLE === 1) single.push(await generator.measure({ ...load, connections: 1 }, server));
    },
    count: () => many.length,
    perSecondAround(count) {
      return median(bySpeed(many.slice(Math.max(0, count - NEAR), count + NEAR))).perSecond;
    },
    runs: (connections) => bySpeed(connections === 1 ? single : many),
    end: () => end(server),
  };
};

const bySpeed = (runs: readonly LoadedServer[]): LoadedServer[] =>
  runs.toSorted((one, other) => one.perSecond - other.perSecond);

/** The one in the middle. */
export const median = <T>(sorted: readonly T[]): T => sorted[Math.floor(sorted.length / 2)]!;
