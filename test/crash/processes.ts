/** Processes of the endpoint over one table and one cloud, each with modules, memory and timers of its own. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Table } from '../../lib/table/table.ts';
import { readFunctions } from '../../local/routes.ts';
import { type Call, type Reply, send } from '../endpoint.ts';
import type { Life } from './life.ts';
import type * as Program from './program.ts';

/** A clock that all processes of a world share, and that a test moves on. */
export interface Clock {
  ahead: number;
}

const PROGRAM = new URL('../../dist/test/crash/program.cjs', import.meta.url);
const ROUTES = readFunctions(readFileSync(new URL('../../serverless.yml', import.meta.url), 'utf8'));
/** What the program gets from outside. */
const GIVEN = ['require', 'module', 'exports', 'Date', 'setTimeout'];
const require = createRequire(import.meta.url);
/** The program: calling it evaluates all its modules. It is compiled once, which takes longer than a call. */
let program: ((...values: unknown[]) => void) | undefined;

/** What the program calls `Date`. */
function dateOf(clock: Clock): DateConstructor {
  return class extends Date {
    constructor(...values: unknown[]) {
      if (values.length === 0) super(Date.now() + clock.ahead);
      else super(...(values as [number]));
    }
    static override now(): number {
      return Date.now() + clock.ahead;
    }
  } as DateConstructor;
}

/** The program, evaluated once more, on a clock and with timers of its own. */
export function evaluate(clock: Clock, timers = new Set<NodeJS.Timeout>()): typeof Program {
  program ??= new Function(...GIVEN, readFileSync(PROGRAM, 'utf8')) as NonNullable<typeof program>;
  const module = { exports: {} as typeof Program };
  const timer = (...values: Parameters<typeof setTimeout>) => {
    const one = setTimeout(...values);
    timers.add(one);
    return one;
  };
  program(require, module, module.exports, dateOf(clock), timer);
  return module.exports;
}

/** A process that serves. */
export interface Serving {
  /** One request; undefined if the process died over it. */
  send(method: string, path: string, call?: Call): Promise<Reply | undefined>;
  stop(): void;
}

export async function startProcess(clock: Clock, table: Table, settings: unknown, life: Life): Promise<Serving> {
  const timers = new Set<NodeJS.Timeout>();
  const { port, stop } = await evaluate(clock, timers).listen(table, settings, ROUTES);
  return {
    send: (method, path, call = {}) =>
      Promise.race([
        // A connection that ends because the process is stopped is no answer.
        send(port, method, path, call, 65_536).catch(() => undefined),
        life.died.then(() => undefined),
      ]),
    stop() {
      stop();
      for (const one of timers) clearTimeout(one);
    },
  };
}
