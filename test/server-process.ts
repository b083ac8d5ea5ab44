/** The real server in a process of its own, as `npm start` runs it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Milliseconds between two looks at what a server has printed. */
const LOOK_MS = 20;

export interface ServerProcess {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly output: { stdout: string; stderr: string };
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

const running = new Set<ChildProcess>();

/**
 * Starts `npm start -- <args>` without npm, on any free port unless `env` names one.
 * @param execArgv arguments of Node itself
 */
export const startServerProcess = (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  execArgv: readonly string[] = [],
): ServerProcess => {
  const child = spawn(process.execPath, [...execArgv, 'local/start.mjs', ...args], {
    cwd: ROOT,
    env: { ...process.env, PORT: '0', HOST: '', npm_lifecycle_event: '', NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    output.stdout += part;
  });
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    output.stderr += part;
  });
  const ended = once(child, 'close').then(([code, signal]) => {
    running.delete(child);
    return signal ?? code;
  });
  return { child, output, ended };
};

/**
 * The URL that a server prints when it is ready.
 * @throws {Error} with its exit code and what it said, when it ends instead
 */
export const urlOf = async ({ output, ended }: ServerProcess): Promise<string> => {
  const over = ended.then((code) => `ended with ${code}: ${output.stderr}`);
  while (!output.stdout.includes('curl ')) {
    const failure = await Promise.race([over, new Promise((resolve) => setTimeout(resolve, LOOK_MS))]);
    if (failure) throw new Error(String(failure));
  }
  return /https?:\/\/[^/ ]+/.exec(output.stdout)?.[0] ?? '';
};

/** Ends every server that still runs, at once. */
export const killServerProcesses = (): void => {
  for (const child of running) child.kill('SIGKILL');
};
