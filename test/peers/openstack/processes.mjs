// Processes that end with this one, however that ends.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { own, PYTHON } from './paths.mjs';

const POLL_MS = 100;
const START_TIMEOUT_MS = 300_000;
const LOG_TAIL = 3000;

/**
 * A supervisor, and what it runs in `folder`, which it removes at the end.
 * @param {string} folder with a folder `log` in it
 */
export const supervise = (folder) => {
  const child = spawn(PYTHON, [own('supervisor.py'), folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map();
  let failure;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  exit.then(() => {
    failure ??= new Error('the supervisor of the processes has ended');
  });
  let runs = 0;
  let stopping = false;
  const tail = (name) => readFileSync(join(folder, 'log', `${name}.log`), 'utf8').slice(-LOG_TAIL);
  const say = (message) => child.stdin.write(`${JSON.stringify(message)}\n`);
  createInterface(child.stdout).on('line', (line) => {
    const { ended, code } = JSON.parse(line);
    const expected = waiting.get(ended);
    if (expected) expected(code);
    else if (!stopping) failure ??= new Error(`${ended} ended with ${code}: ${tail(ended)}`);
  });
  const ended = (name) => new Promise((resolve) => waiting.set(name, resolve));
  return {
    /** Starts a process that is to run until the end, or until `stop`. */
    start: (name, argv, env = {}) => say({ start: name, argv, env }),
    /** Kills all others, asks this one to end, and waits for that. */
    stop: async (name) => {
      stopping = true;
      const end = ended(name);
      say({ stop: name });
      await end;
    },
    /** Runs a process to its end. @throws {Error} where it fails, with the end of what it said */
    run: async (program, argv, env = {}) => {
      const name = `${program}-${++runs}`;
      const end = ended(name);
      say({ start: name, argv, env });
      if ((await end) !== 0) throw new Error(`${program} failed: ${tail(name)}`);
    },
    /** Waits until `check` is true; a check that throws is one that is not. @throws {Error} where a process has died, or after five minutes */
    until: async (what, check) => {
      const end = Date.now() + START_TIMEOUT_MS;
      let last;
      while (Date.now() < end) {
        if (failure) throw failure;
        try {
          if (await check()) return;
        } catch (error) {
          last = error;
        }
        await sleep(POLL_MS);
      }
      throw new Error(`${what}: not within ${START_TIMEOUT_MS / 1000} s`, { cause: last });
    },
    /** From here on this process may end without a call of `end`; everything ends with it. */
    release: () => {
      child.unref();
      for (const stream of [child.stdin, child.stdout]) stream.unref();
    },
    /** Kills everything that was started. */
    end: async () => {
      child.ref();
      child.stdin.end();
      await exit;
    },
  };
};

/** Whether something listens there: a port of this machine, or the path of a socket. */
export const listens = (where) =>
  new Promise((resolve) => {
    const socket = typeof where === 'number' ? connect(where, '127.0.0.1') : connect(where);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** Free ports, one for each name. */
export const freePorts = async (names) => {
  const servers = await Promise.all(
    names.map(
      (name) =>
        new Promise((resolve, reject) => {
          const server = createServer();
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve([name, server]));
        }),
    ),
  );
  const ports = Object.fromEntries(servers.map(([name, server]) => [name, server.address().port]));
  await Promise.all(servers.map(([, server]) => new Promise((resolve) => server.close(resolve))));
  return ports;
};
