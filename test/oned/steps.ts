/** State changes that a VM, an image or a network makes by itself, one step at a time. */
export interface Walking {
  readonly steps: (() => void)[];
  /** When the next step happens, in milliseconds of `performance.now()`. */
  due: number;
  /** The state that it is in, where states last differently. */
  readonly stateName?: string;
}

/**
 * Runs steps as time passes. The clock is checked only when a call arrives, so nothing runs between calls and no timer
 * keeps a test alive.
 */
export class Steps {
  /** Milliseconds between two steps of one object. */
  every = 3;
  /** Milliseconds that a state lasts, by its name; other states last until the next step. */
  readonly lasting = new Map<string, number>();
  private held = false;
  private readonly walking = new Set<Walking>();

  start(one: Walking, steps: readonly (() => void)[]): void {
    one.steps.push(...steps);
    if (one.steps.length === 0) return;
    if (!this.walking.has(one)) one.due = performance.now() + this.lasts(one);
    this.walking.add(one);
  }

  stop(one: Walking): void {
    one.steps.length = 0;
    this.walking.delete(one);
  }

  /** Runs all steps that are due, unless steps are held. */
  pass(): void {
    if (this.held || this.walking.size === 0) return;
    const now = performance.now();
    for (const one of this.walking) {
      while (one.steps.length > 0 && one.due <= now) {
        const before = one.stateName;
        this.take(one);
        one.due += one.stateName === before ? this.every : this.lasts(one);
      }
    }
  }

  /** Holds all steps; only `advance` and `settle` run them. */
  hold(): void {
    this.held = true;
  }

  release(): void {
    this.held = false;
    for (const one of this.walking) one.due = performance.now() + this.lasts(one);
  }

  /** One step of one object, or of each that has one. */
  advance(only?: Walking): void {
    for (const one of only ? [only] : [...this.walking]) if (one.steps.length > 0) this.take(one);
  }

  /** Runs all remaining steps and those that follow from them. */
  settle(): void {
    while (this.walking.size > 0) this.advance();
  }

  private lasts({ stateName }: Walking): number {
    return (stateName === undefined ? undefined : this.lasting.get(stateName)) ?? this.every;
  }

  private take(one: Walking): void {
    one.steps.shift()!();
    if (one.steps.length === 0) this.walking.delete(one);
  }
}
