/** The processes that the bench starts: each one ends with it, whatever ends it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The project's folder, seen from dist/bench/. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Milliseconds that a server has to say where it listens, and to end once it is told to. */
const PATIENCE = 30_000;

const running = new Set<ChildProcess>();

/** A process of its own, in a group of its own: npm does not reliably pass on that it should end. */
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

/** Ends a process and what it has started. */
export const end = async (child: ChildProcess): Promise<void> => {
  if (!running.has(child)) return;
  const closed = once(child, 'close');
  signal(child, 'SIGTERM');
  const timer = setTimeout(signal, PATIENCE, child, 'SIGKILL');
  await closed;
  clearTimeout(timer);
};

const signal = (child: ChildProcess, name: NodeJS.Signals): void => {
  try {
    if (child.pid) process.kill(-child.pid, name);
  } catch {
    // It has ended by itself.
  }
};

/** Ends all that still runs, at once. */
export const endAll = (): void => {
  for (const child of running) signal(child, 'SIGKILL');
};

export const endOnSignals = (): void => {
  process.once('exit', endAll);
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
};

/** Keeps what a process says on stderr; it should be nothing. */
export const listenTo = (child: ChildProcess): { readonly complaints: () => string } => {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    if (text.length < 10_000) text += part;
  });
  return { complaints: () => text };
};

/**
 * The URL that a server prints when it is ready.
 * @throws {Error} with what it said instead
 */
export const announcedUrl = (child: ChildProcess, complaints: () => string): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    const fail = (why: string) => {
      clearTimeout(timer);
      reject(new Error(`${child.spawnargs.join(' ')} ${why}: ${text}${complaints()}`));
    };
    const timer = setTimeout(fail, PATIENCE, 'does not say where it listens');
    child.once('error', ({ message }) => fail(`cannot be started, ${message}`));
    child.once('close', () => fail('has ended'));
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      if (text.length < 10_000) text += part;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[0]);
    });
  });

/** Resident memory of a process in MiB, where the system tells it. */
export const residentMemory = ({ pid }: ChildProcess): number | undefined => {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return undefined;
  }
};

/** Processor seconds that a process has used, where the system tells it. */
export const processorTime = ({ pid }: ChildProcess): number | undefined => {
  try {
    // Fields 14 and 15, in hundredths; the name before them may hold blanks, so it is cut off.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
};
