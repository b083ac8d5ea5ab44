/** Where a line of a body begins and ends, and its number from 1. */
export interface Line {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The lines of a body that are not empty, for any line end that was seen in the field: CRLF, LF, CR, and LF CR (ADR-18).
 * Each line end is searched for once, however many there are of the other.
 */
export function* linesOf(body: string): Generator<Line, void> {
  let number = 1;
  let start = 0;
  let lf = next(body, '\n', 0);
  let cr = next(body, '\r', 0);
  while (start < body.length) {
    const end = Math.min(lf, cr);
    if (end > start) yield { number, start, end };
    start = end + (Math.abs(lf - cr) === 1 ? 2 : 1);
    number++;
    if (lf < start) lf = next(body, '\n', start);
    if (cr < start) cr = next(body, '\r', start);
  }
}

/** Where the character stands next, or the end of the body. */
function next(body: string, character: string, from: number): number {
  const at = body.indexOf(character, from);
  return at < 0 ? body.length : at;
}
