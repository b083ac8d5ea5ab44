/** The bare server, measured repeatedly during the run: the baseline of all rows. */
import { fileURLToPath } from 'node:url';
import type { Generator, LoadedServer } from './load.ts';
import { announcedUrl, end, launch, listenTo } from './processes.ts';
import type { Connections } from './workload.ts';

export interface BareServer {
  /** One more run with 16 connections, whose result it returns, and sometimes one with a single connection. */
  measure(): Promise<LoadedServer>;
  /** All runs so far, the slowest first. */
  runs(connections: Connections): readonly LoadedServer[];
  end(): Promise<void>;
}

/** Short, because it runs before and after every slice. */
const RUN_SECONDS = 0.3;
const WARM_UP_SECONDS = 0.05;
/** Number of runs after which one with a single connection follows. */
const RUNS_PER_SINGLE_CONNECTION = 20;

/** Starts the bare server. It runs during the whole bench, so that it is as warm as the servers it is compared with. */
export const startBareServer = async (generator: Generator): Promise<BareServer> => {
  const server = launch(process.execPath, [fileURLToPath(new URL('hello.mjs', import.meta.url))]);
  const url = await announcedUrl(server, listenTo(server).complaints);
  const load = { url, method: 'GET', headers: {}, warmUp: WARM_UP_SECONDS, seconds: RUN_SECONDS };
  const many: LoadedServer[] = [];
  const single: LoadedServer[] = [];
  many.push(await generator.measure({ ...load, connections: 16, seconds: 2 }, server));
  single.push(await generator.measure({ ...load, connections: 1 }, server));
  return {
    async measure() {
      if (many.length % RUNS_PER_SINGLE_CONNECTION === 0)
        single.push(await generator.measure({ ...load, connections: 1 }, server));
      const run = await generator.measure({ ...load, connections: 16 }, server);
      many.push(run);
      return run;
    },
    runs: (connections) => bySpeed(connections === 1 ? single : many),
    end: () => end(server),
  };
};

const bySpeed = (runs: readonly LoadedServer[]): LoadedServer[] =>
  runs.toSorted((one, other) => one.perSecond - other.perSecond);

/** The one in the middle. */
export const median = <T>(sorted: readonly T[]): T => sorted[Math.floor(sorted.length / 2)]!;
