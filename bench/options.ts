/** What the bench was told: `--quick`, `--seconds N`, `--only REGEX`, `--generator wrk|autocannon`. */
import { parseArgs } from 'node:util';
import { wrkVersion } from './generator/wrk.ts';

/** How long one row is measured. */
export interface Pace {
  /** At least; a slow row takes longer, until it has answers enough. */
  readonly seconds: number;
  /** Before that, so that the row is measured as the engine has compiled it. */
  readonly warmUp: number;
}

const GENERATORS = ['wrk', 'autocannon'] as const;
export type GeneratorKind = (typeof GENERATORS)[number];

export interface Options {
  /** wrk where it is installed, unless something else was asked for. */
  readonly generator: GeneratorKind;
  readonly pace: Pace;
  /** Rows and parts whose label does not match are left out. */
  readonly only: RegExp;
  /** How often the server is started to see how long that takes. */
  readonly starts: number;
}

/** An argument that cannot be understood. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

/**
 * Reads the options.
 * @throws {OptionError} naming the argument that is wrong
 */
export const readOptions = (argv: readonly string[]): Options => {
  const { quick, seconds, only, generator } = takeApart(argv);
  const length = seconds === undefined ? (quick ? 0.3 : 2.5) : Number(seconds);
  if (!(length > 0 && length <= 600)) throw new OptionError(`--seconds "${seconds}" is not a number of seconds`);
  return {
    generator: readGenerator(generator),
    pace: { seconds: length, warmUp: Math.min(length, 2) },
    only: readPattern(only ?? ''),
    starts: quick ? 1 : 5,
  };
};

const takeApart = (argv: readonly string[]) => {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        quick: { type: 'boolean' },
        seconds: { type: 'string' },
        only: { type: 'string' },
        generator: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new OptionError((error as Error).message, { cause: error });
  }
};

const readGenerator = (name: string | undefined): GeneratorKind => {
  const there = wrkVersion() !== undefined;
  if (name === undefined) return there ? 'wrk' : 'autocannon';
  const known = GENERATORS.find((one) => one === name);
  if (!known) throw new OptionError(`--generator "${name}" is none of ${GENERATORS.join(', ')}`);
  if (known === 'wrk' && !there) throw new OptionError('--generator wrk: it is not installed');
  return known;
};

const readPattern = (text: string): RegExp => {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    throw new OptionError(`--only: ${(error as Error).message}`, { cause: error });
  }
};
