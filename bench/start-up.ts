/** The time from the command to the first response, with everything installed and built. */

import { get } from 'node:http';
import { freePort } from '../test/free-port.mjs';
import { makeDataDir } from './data-dir.ts';
import type { Verdict } from './goals.ts';
import { end, launch } from './processes.ts';
import { QUIET } from './servers.ts';

export interface StartUp {
  readonly command: string;
  /** Milliseconds: the median, and all runs. */
  readonly median: number;
  readonly runs: readonly number[];
  readonly verdict: Verdict;
}

/** The goal for `npm start`. */
export const START_UP_GOAL_MS = 1500;
const COMMANDS = ['npm start', 'node local/start.mjs'];
/** The interval of requests to a server that does not listen yet. */
const POLL_INTERVAL_MS = 2;
const START_UP_TIMEOUT_MS = 60_000;

/** @param times how often each command is run */
export const benchStartUp = async (times: number): Promise<StartUp[]> => {
  const startUps: StartUp[] = [];
  for (const command of COMMANDS) {
    const dataDir = makeDataDir();
    const runs: number[] = [];
    for (let run = 0; run < times; run++) runs.push(await measure(command, dataDir.path));
    dataDir.remove();
    const median = runs.toSorted((one, other) => one - other)[Math.floor(runs.length / 2)]!;
    const verdict = command !== 'npm start' ? 'none' : median <= START_UP_GOAL_MS ? 'met' : 'missed';
    startUps.push({ command, median, runs, verdict });
    console.error(`start-up ${command}: ${median.toFixed(0)} ms`);
  }
  return startUps;
};

const measure = async (command: string, dataDir: string): Promise<number> => {
  const port = await freePort();
  const [program = '', ...args] = command.split(' ');
  const began = performance.now();
  const child = launch(program, args, { ...QUIET, HOST: '127.0.0.1', PORT: String(port), DATA_DIR: dataDir });
  while ((await statusOf(`http://127.0.0.1:${port}/-/`)) !== 200) {
    if (child.exitCode !== null || performance.now() - began > START_UP_TIMEOUT_MS)
      throw new Error(`${command} does not serve`);
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
  const took = performance.now() - began;
  await end(child);
  return took;
};

const statusOf = (url: string): Promise<number | undefined> =>
  new Promise((resolve) => {
    get(url, { agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    }).on('error', () => resolve(undefined));
  });
