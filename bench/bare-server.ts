/** The bare server, measured again and again during the run: the measure of all rows. */
import { fileURLToPath } from 'node:url';
import type { Generator, LoadedServer } from './load.ts';
import { announcedUrl, end, launch, listenTo } from './processes.ts';
import type { Connections } from './workload.ts';

export interface BareServer {
  /** One more run with 16 connections, and now and then one with a single connection; what the former gave. */
  measure(): Promise<LoadedServer>;
  /** All runs so far, the slowest first. */
  runs(connections: Connections): readonly LoadedServer[];
  end(): Promise<void>;
}

/** Seconds of one run; short, since there is one between all that is measured. */
const SECONDS = 0.3;
const WARM_UP = 0.05;
/** Every so many runs one with a single connection follows. */
const SINGLE = 20;

/** Starts the bare server; it stays, so that it is as warm as the servers that are compared with it. */
export const startBareServer = async (generator: Generator): Promise<BareServer> => {
  const server = launch(process.execPath, [fileURLToPath(new URL('hello.mjs', import.meta.url))]);
  const url = await announcedUrl(server, listenTo(server).complaints);
  const load = { url, method: 'GET', headers: {}, warmUp: WARM_UP, seconds: SECONDS };
  const many: LoadedServer[] = [];
  const single: LoadedServer[] = [];
  many.push(await generator.measure({ ...load, connections: 16, seconds: 2 }, server));
  single.push(await generator.measure({ ...load, connections: 1 }, server));
  return {
    async measure() {
      if (many.length % SINGLE === 0) single.push(await generator.measure({ ...load, connections: 1 }, server));
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
