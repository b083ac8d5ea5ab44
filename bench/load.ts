/** Puts a server under load: the bench's side of the generator, which is a separate process. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Load, Measurement } from './generator/generator.ts';
import { measureWithWrk } from './generator/wrk.ts';
import type { GeneratorKind } from './options.ts';
import { processorTime } from './processes.ts';

export interface LoadedServer extends Measurement {
  /** CPU time of the server per response, in µs: other work on the machine hardly affects it. */
  readonly work: number | undefined;
  /** Share of one core that the server used; well below 1, the server was not the bottleneck. */
  readonly busy: number | undefined;
}

export interface Generator {
  /** One run. Runs must not overlap. */
  measure(load: Load, server: ChildProcess): Promise<LoadedServer>;
  end(): void;
}

/** Starts the generator. */
export const startGenerator = (kind: GeneratorKind): Generator => {
  const { run, end } = kind === 'wrk' ? { run: measureWithWrk, end: () => {} } : startAutocannon();
  return {
    async measure(load, server) {
      const usedBefore = processorTime(server);
      const began = performance.now();
      const measurement = await run(load);
      const seconds = (performance.now() - began) / 1000;
      const usedAfter = processorTime(server);
      const worked = usedBefore === undefined || usedAfter === undefined ? undefined : usedAfter - usedBefore;
      return {
        ...measurement,
        work: worked && (worked * 1e6) / measurement.answers,
        busy: worked && worked / seconds,
      };
    },
    end,
  };
};

/** Its process ends together with the bench, because their channel closes. */
const startAutocannon = () => {
  const child = fork(fileURLToPath(new URL('generator.mjs', import.meta.url)));
  const run = (load: Load): Promise<Measurement> =>
    new Promise((resolve, reject) => {
      const ended = (...how: unknown[]) => reject(new Error(`the load generator has ended: ${how.filter(Boolean)}`));
      child.once('close', ended);
      child.once('message', (measurement) => {
        child.off('close', ended);
        resolve(measurement as Measurement);
      });
      child.send(load);
    });
  return { run, end: () => void (child.connected && child.disconnect()) };
};
