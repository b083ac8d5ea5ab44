/** The time of the site, which a test can move on. */
export class Clock {
  private ahead = 0;

  /** Milliseconds since the epoch, as far as the site is concerned. */
  now(): number {
    return Date.now() + this.ahead;
  }

  moveOn(milliseconds: number): void {
    this.ahead += milliseconds;
  }
}
