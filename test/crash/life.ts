/** The life of one process: which calls it has made that change something, and where it dies. */

/** A call that changes a row or the cloud. */
export interface Step {
  /** What it does, in a word or two. */
  readonly name: string;
  /** Numbers of the earlier calls that had not ended when it began: it may be carried out without them. */
  readonly beside: readonly number[];
}

/** Where a process dies: it has carried out the first `after` calls, but for those in `without`, and nothing else. */
export interface Death {
  readonly after: number;
  readonly without: ReadonlySet<number>;
  /** Whether the request is sent again afterwards. */
  readonly repeated: 'both' | 'yes' | 'no';
}

/** What a process that is dead waits for. */
const never = <T>(): Promise<T> => new Promise<T>(() => {});

/** One turn of the event loop, so that calls that are made at the same time are seen to be. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The others may wait for a call that is not carried out: so long after it the process dies in any case. */
const LONGEST_STALL_MS = 1000;

export class Life {
  readonly steps: Step[] = [];
  /** Resolves when the process has died. */
  readonly died: Promise<void>;
  readonly #death: Death | undefined;
  readonly #running = new Set<number>();
  /** Calls that have been sent, and are carried out whatever becomes of the process. */
  readonly #sent = new Set<Promise<unknown>>();
  #carriedOut = 0;
  #isDead = false;
  #die: () => void = () => {};

  /** Without a death it goes on for ever. */
  constructor(death?: Death) {
    this.#death = death;
    this.died = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  /** A call that changes nothing. */
  async read<T>(call: () => Promise<T>): Promise<T> {
    if (this.#isDead) return await never();
    const result = await call();
    return this.#isDead ? await never() : result;
  }

  /** A call that changes something: carried out, or the death of the process. */
  async change<T>(name: string, call: () => Promise<T>): Promise<T> {
    if (this.#isDead) return await never();
    const number = this.steps.length;
    this.steps.push({ name, beside: [...this.#running] });
    this.#running.add(number);
    await turn();
    if (this.#death && number >= this.#death.after) this.#end();
    if (this.#isDead) return await never();
    if (this.#death?.without.has(number)) {
      setTimeout(() => this.#end(), LONGEST_STALL_MS).unref();
      return await never();
    }
    const result = await this.#carryOut(call);
    this.#running.delete(number);
    this.#carriedOut++;
    if (this.#death && this.#carriedOut >= this.#death.after - this.#death.without.size) this.#end();
    return this.#isDead ? await never() : result;
  }

  /** Waits for what a dead process has sent before it died: it comes before all that others do later. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#sent);
  }

  async #carryOut<T>(call: () => Promise<T>): Promise<T> {
    const sent = call();
    this.#sent.add(sent);
    return await sent.finally(() => this.#sent.delete(sent));
  }

  #end(): void {
    this.#isDead = true;
    this.#die();
  }
}

/** Calls at the same time whose subsets are all tried; of more, those without the first and without all others. */
const ALL_SUBSETS = 2;

function subsets(of: readonly number[]): readonly (readonly number[])[] {
  if (of.length > ALL_SUBSETS) return [of.slice(0, 1), of];
  return Array.from({ length: 2 ** of.length - 1 }, (_, bits) => of.filter((_one, at) => ((bits + 1) >> at) & 1));
}

/**
 * Every place where a process may die that made these calls: before each one and after the last. `inPart`: also where
 * of several calls at the same time some were carried out, see `Death`; those are many, and by turns the request is
 * sent again or not, while elsewhere both are tried.
 */
export function deathsOf(steps: readonly Step[], inPart: boolean): readonly Death[] {
  const whole = [0, ...steps.map((_, at) => at + 1)].map(
    (after): Death => ({ after, without: new Set<number>(), repeated: 'both' }),
  );
  if (!inPart) return whole;
  const parts = steps.flatMap(({ beside }, at) => subsets(beside).map((without) => ({ after: at + 1, without })));
  const byTurns = parts.map(
    ({ after, without }, at): Death => ({ after, without: new Set(without), repeated: at % 2 === 0 ? 'yes' : 'no' }),
  );
  return [...whole, ...byTurns];
}

/** A death in words. */
export function nameOf({ after, without }: Death, steps: readonly Step[]): string {
  const last = steps[after - 1];
  if (without.size > 0) return `after ${last!.name}, without ${[...without].map((at) => steps[at]!.name).join(', ')}`;
  const next = steps[after];
  return next ? `before ${after + 1} ${next.name}` : `after ${after} ${last!.name}, the answer lost`;
}
