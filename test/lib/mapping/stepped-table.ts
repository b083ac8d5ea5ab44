import { setImmediate } from 'node:timers/promises';
import type { Table } from '../../../lib/table/table.ts';
import { randomOf } from '../../crash/random.ts';

/** One of several things that happen at the same time, over a table of its own. */
export type Task = (table: Table) => Promise<unknown>;

/** A number that every count of tasks up to four divides. */
const MOST_TASKS = 12;

/** Turns of the event loop after which a task that has not called the table does not wait for it. */
const IDLE_TURNS = 30;

/** Which of the waiting tasks goes on at a step, by its place among them; undefined: the one that went on last. */
export type Order = (step: number) => number | undefined;

/**
 * Runs tasks one call of the table at a time, in an order that says all about how they come between each other.
 * Resolves to how many waited at each step.
 */
export async function interleave(table: Table, tasks: readonly Task[], order: Order): Promise<number[]> {
  const waiting = new Map<number, () => void>();
  const running = new Set(tasks.keys());
  const stepped = (task: number): Table =>
    new Proxy(table, {
      get(target, name) {
        const member = Reflect.get(target, name) as (...values: unknown[]) => Promise<unknown>;
        return async (...values: unknown[]) => {
          // Calls that a task makes at the same time come one after the other.
          while (waiting.has(task)) await setImmediate();
          await new Promise<void>((resolve) => waiting.set(task, resolve));
          return await member.apply(target, values);
        };
      },
    });
  const all = tasks.map((run, task) => run(stepped(task)).finally(() => running.delete(task)));
  const choices: number[] = [];
  let last = -1;
  while (running.size > 0) {
    for (let turns = 0; turns < IDLE_TURNS && [...running].some((task) => !waiting.has(task)); turns++) {
      await setImmediate();
    }
    const ready = [...waiting.keys()].toSorted();
    if (ready.length === 0) continue;
    const chosen = order(choices.push(ready.length) - 1);
    last = chosen === undefined ? (waiting.has(last) ? last : ready[0]!) : ready[chosen % ready.length]!;
    const go = waiting.get(last)!;
    waiting.delete(last);
    go();
  }
  await Promise.all(all);
  return choices;
}

/**
 * Runs in many orders: one task after the other, then with one task put before another at each step in turn, then as
 * many that look like chance. `run` resolves to how many waited at each step.
 */
export async function inManyOrders(run: (order: Order) => Promise<number[]>, byChance: number): Promise<void> {
  const choices = await run(() => undefined);
  for (const [at, ready] of choices.entries()) {
    for (let other = 0; other < ready; other++) await run((step) => (step === at ? other : undefined));
  }
  for (let seed = 1; seed <= byChance; seed++) {
    const random = randomOf(seed);
    await run(() => Math.floor(random.next() * MOST_TASKS));
  }
}

/** A table that stands for another one, which may be exchanged: for a process that outlives its tables. */
export function exchangeable(): { readonly table: Table; use(other: Table): void } {
  let present: Table | undefined;
  const table = new Proxy({} as Table, { get: (_, name) => Reflect.get(present!, name) });
  return {
    table,
    use(other) {
      present = other;
    },
  };
}
