import type { Clock } from './clock.ts';

interface Passing {
  readonly state: string;
  readonly until: number;
  /** What has to be done at the end of it. */
  readonly finish: (() => Promise<unknown>) | undefined;
}

/**
 * States that last for a while. The emulator knows only how they end: what is shown and what is judged by is the
 * passing state, and what only happens at the end (what a terminated instance held is let go) is done at the first call
 * after it.
 */
export class PassingStates {
  private readonly passing = new Map<string, Passing>();
  private settling: Promise<void> = Promise.resolve();

  constructor(private readonly clock: Clock) {}

  /** A state that is over after so many milliseconds; with 0 it never was, and its end is done before this returns. */
  async begin(id: string, state: string, milliseconds: number, finish?: () => Promise<unknown>): Promise<void> {
    this.passing.delete(id);
    if (milliseconds > 0) this.passing.set(id, { state, until: this.clock.now() + milliseconds, finish });
    else await finish?.();
  }

  /** The state that something passes through, if it does. */
  of(id: string): string | undefined {
    const found = this.passing.get(id);
    return found && found.until > this.clock.now() ? found.state : undefined;
  }

  /** Does what is due, one after the other. */
  settle(): Promise<void> {
    this.settling = this.settling
      .catch(() => undefined)
      .then(async () => {
        const now = this.clock.now();
        for (const [id, { until, finish }] of [...this.passing]) {
          if (until > now) continue;
          this.passing.delete(id);
          await finish?.();
        }
      });
    return this.settling;
  }
}
