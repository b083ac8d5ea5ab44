/** A media range of an Accept header (RFC 9110 §12.5.1). */
export interface Range {
  /** `text/plain`, `text/*` or `*` + `/*`, in lower case. */
  readonly name: string;
  /** 0 to 1. */
  readonly quality: number;
  /** Its place in the header. */
  readonly place: number;
}

/** An element of a header list with its parameters: quoted strings may hold commas. */
const ELEMENT = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g;
const QUALITY = /^\s*q\s*=\s*([0-9.]+)\s*$/i;

/** The q of a range. A malformed value counts as 1, to tolerate sloppy clients. */
function qualityOf(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const number = Number(QUALITY.exec(parameter)?.[1] ?? Number.NaN);
    if (Number.isFinite(number)) return Math.min(number, 1);
  }
  return 1;
}

/** The ranges of an Accept header in the client's order; malformed ranges are ignored. Never throws. */
export function readAccept(header: string): readonly Range[] {
  const ranges: Range[] = [];
  for (const element of header.match(ELEMENT) ?? []) {
    const [type = '', ...parameters] = element.split(';');
    const name = type.trim().toLowerCase();
    if (name === '') continue;
    // Java's default client sends a lone asterisk.
    ranges.push({ name: name === '*' ? '*/*' : name, quality: qualityOf(parameters), place: ranges.length });
  }
  return ranges;
}

/**
 * The range that applies to a media type: the most specific one, and of those the one with the highest q. Undefined if
 * none covers it.
 */
export function rangeFor(mediaType: string, ranges: readonly Range[]): Range | undefined {
  for (const name of [mediaType, `${mediaType.slice(0, mediaType.indexOf('/'))}/*`, '*/*']) {
    let best: Range | undefined;
    for (const range of ranges) {
      if (range.name === name && (!best || range.quality > best.quality)) best = range;
    }
    if (best) return best;
  }
  return undefined;
}
