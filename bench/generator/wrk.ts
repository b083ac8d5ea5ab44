/**
 * wrk (https://github.com/wg/wrk) as the load generator, if it is installed: other servers' figures were measured with
 * it, and it needs less CPU time per response than a generator in JavaScript.
 */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT } from '../processes.ts';
import type { Load, Measurement } from './generator.ts';

/** Its version, or undefined if it is not installed. The exit code of `wrk -v` says nothing, so it is ignored. */
export const wrkVersion = (): string | undefined =>
  /^wrk\s+(\S+)/m.exec(spawnSync('wrk', ['-v'], { encoding: 'utf8' }).stdout ?? '')?.[1];

/** One run, after an optional warm-up run. wrk supports whole seconds only, so each takes at least one second. */
export const measureWithWrk = async (load: Load): Promise<Measurement> => {
  const before = load.warmUp >= MIN_WARM_UP_SECONDS ? await run({ ...load, seconds: load.warmUp }) : undefined;
  const measured = await run(load);
  const wrong = [before?.wrong, measured.wrong].filter(Boolean).join('; ');
  return { ...measured, answers: measured.answers + (before?.answers ?? 0), wrong };
};

/** A shorter warm-up is meant for new connections, which wrk opens for every run. */
const MIN_WARM_UP_SECONDS = 0.5;

const run = async ({ url, method, headers, body, connections, seconds }: Load): Promise<Measurement> => {
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const script = method === 'GET' ? [] : ['-s', `${ROOT}bench/generator/wrk.lua`];
  const time = ['-d', `${Math.ceil(seconds)}s`, '--timeout', '60s', '--latency'];
  const { stdout } = await promisify(execFile)('wrk', ['-t1', `-c${connections}`, ...time, ...given, ...script, url], {
    env: { ...process.env, BENCH_METHOD: method, BENCH_BODY: body ?? '' },
  });
  return readReport(stdout);
};

/** Parses the output of wrk. Throws an `Error` if it has another format. */
export const readReport = (report: string): Measurement => {
  const number = (pattern: RegExp): number => {
    const found = pattern.exec(report)?.[1];
    if (found === undefined) throw new Error(`wrk printed no ${pattern.source}:\n${report}`);
    return Number(found);
  };
  const answers = number(/(\d+) requests in/);
  const refused = /Non-2xx or 3xx responses: (\d+)/.exec(report)?.[1];
  const errors = /Socket errors: (.*)/.exec(report)?.[1];
  return {
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p50: milliseconds(/50%\s+([\d.]+)(us|ms|s|m)\b/.exec(report)),
    p99: milliseconds(/99%\s+([\d.]+)(us|ms|s|m)\b/.exec(report)),
    answers,
    wrong: [
      ...(answers > 0 ? [] : ['no answers']),
      ...(refused ? [`${refused} not 2xx`] : []),
      ...(errors ? [`socket errors: ${errors}`] : []),
    ].join('; '),
  };
};

const UNITS = { us: 0.001, ms: 1, s: 1000, m: 60_000 } as const;

const milliseconds = (found: RegExpExecArray | null): number =>
  found ? Number(found[1]) * UNITS[found[2] as keyof typeof UNITS] : Number.NaN;
