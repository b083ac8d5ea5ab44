/** The processes that the bench starts: all of them end with the bench, however it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The project's folder, seen from dist/bench/. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Time for a server to print its URL after the start, and to exit after SIGTERM. */
const PROCESS_TIMEOUT_MS = 30_000;

const running = new Set<ChildProcess>();

/** Starts a process in its own process group, because npm does not reliably forward signals. */
export const launch = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess => {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  child.once('error', () => running.delete(child));
  return child;
};

/** Ends a process and its children. */
export const end = async (child: ChildProcess): Promise<void> => {
  if (!running.has(child)) return;
  const closed = once(child, 'close');
  signal(child, 'SIGTERM');
  const timer = setTimeout(signal, PROCESS_TIMEOUT_MS, child, 'SIGKILL');
  await closed;
  clearTimeout(timer);
};

const signal = (child: ChildProcess, name: NodeJS.Signals): void => {
  try {
    if (child.pid) process.kill(-child.pid, name);
  } catch {
    // The process has already exited.
  }
};

/** Kills all running processes. */
export const endAll = (): void => {
  for (const child of running) signal(child, 'SIGKILL');
};

export const endOnSignals = (): void => {
  process.once('exit', endAll);
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
};

/** Collects the stderr of a process, which should be empty. */
export const listenTo = (child: ChildProcess): { readonly complaints: () => string } => {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    if (text.length < 10_000) text += part;
  });
  return { complaints: () => text };
};

/**
 * The URL that a server prints when it is ready.
 * @throws {Error} with the output of the process, if it prints no URL
 */
export const announcedUrl = (
  child: ChildProcess,
  complaints: () => string,
  timeoutMs = PROCESS_TIMEOUT_MS,
): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    const fail = (why: string) => {
      clearTimeout(timer);
      reject(new Error(`${child.spawnargs.join(' ')} ${why}: ${text}${complaints()}`));
    };
    const timer = setTimeout(fail, timeoutMs, 'does not print its URL');
    child.once('error', ({ message }) => fail(`cannot be started, ${message}`));
    child.once('close', () => fail('has exited'));
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      if (text.length < 10_000) text += part;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[0]);
    });
  });

/** Resident memory of a process in MiB, if the system provides it. */
export const residentMemory = ({ pid }: ChildProcess): number | undefined => {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return undefined;
  }
};

/** CPU seconds that a process has used, if the system provides it. */
export const processorTime = ({ pid }: ChildProcess): number | undefined => {
  try {
    // Fields 14 and 15, in hundredths; the name before them may contain spaces, so it is cut off.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
};
