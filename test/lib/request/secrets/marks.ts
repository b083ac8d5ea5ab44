/** Secrets that a test puts somewhere, and all the forms in which they may come out elsewhere. */
import { createHash, randomBytes } from 'node:crypto';

/** Where a mark may be seen: in the log and the metrics, in rows of the table, in answers. */
export type Sink = 'log' | 'row' | 'answer';

export interface Mark {
  /** Where it was put. */
  readonly place: string;
  readonly text: string;
  /** Sinks where it belongs. */
  readonly mayBeIn: readonly Sink[];
  /** Texts that hold it, whose hashes would give it away to whoever guesses. */
  readonly carriers: readonly string[];
}

/** The part of a mark that no escaping changes. A text that was not made here has none, and is looked for whole. */
const coreOf = (text: string): string => /[0-9a-f]{24}/.exec(text)?.[0] ?? text;

/** The characters of Base64 that depend on the text alone, wherever it stands in what was encoded. */
function base64Of(text: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from('x'.repeat(before) + text).toString('base64');
    return encoded.slice(Math.ceil((before * 4) / 3), Math.floor(((before + text.length) * 4) / 3));
  });
}

const ALGORITHMS = ['sha256', 'sha1', 'md5', 'sha512'] as const;

const hashesOf = (text: string): readonly string[] =>
  ALGORITHMS.flatMap((algorithm) => {
    const hash = createHash(algorithm).update(text).digest();
    return [hash.toString('hex'), hash.toString('base64').replace(/=+$/, ''), hash.toString('base64url')];
  });

/** The forms in which a mark can be found in a text: plain, encoded, and hashed without a key. */
const formsOf = ({ text, carriers }: Pick<Mark, 'text' | 'carriers'>): readonly string[] => {
  const core = coreOf(text);
  const encoded = [core, core.toUpperCase(), Buffer.from(core).toString('hex'), ...base64Of(core)];
  return [...encoded, ...[text, ...carriers].flatMap(hashesOf)];
};

export class Marks {
  readonly #marks: (Mark & { readonly forms: readonly string[] })[] = [];

  /** A new mark for a place, in a text of the form that the place needs. */
  make(place: string, mayBeIn: readonly Sink[] = [], form = (core: string) => `S3cr+t/${core}=`): string {
    const text = form(randomBytes(12).toString('hex'));
    this.add(place, text, mayBeIn);
    return text;
  }

  /** A text that was not made here, such as a token that the endpoint has issued. */
  add(place: string, text: string, mayBeIn: readonly Sink[] = [], carriers: readonly string[] = []): void {
    const mark = { place, text, mayBeIn, carriers };
    this.#marks.push({ ...mark, forms: formsOf(mark) });
  }

  /** What carries a mark, such as a user with the password. */
  carriedBy(text: string, carrier: string): string {
    const at = this.#marks.findIndex((mark) => mark.text === text);
    const mark = { ...this.#marks[at]!, carriers: [...this.#marks[at]!.carriers, carrier] };
    this.#marks[at] = { ...mark, forms: formsOf(mark) };
    return carrier;
  }

  /** True if a text shows what was put in a place, whether or not it belongs there. */
  shows(text: string, place: string): boolean {
    return this.#marks.some((mark) => mark.place === place && mark.forms.some((form) => text.includes(form)));
  }

  /** For each mark that is in a text and does not belong there: its place, and what stands around it. */
  in(text: string, sink: Sink): readonly string[] {
    return this.#marks.flatMap(({ place, mayBeIn, forms }) => {
      if (mayBeIn.includes(sink)) return [];
      const at = forms.map((form) => text.indexOf(form)).find((index) => index >= 0);
      return at === undefined ? [] : [`${place}: ${text.slice(Math.max(0, at - 300), at + 100)}`];
    });
  }
}
