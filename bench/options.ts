/** The options of the bench: `--quick`, `--seconds N`, `--only REGEX`, `--generator wrk|autocannon`. */
import { parseArgs } from 'node:util';
import { wrkVersion } from './generator/wrk.ts';

/** How long one row is measured, in seconds. */
export interface Pace {
  /** The minimum; a slow row runs longer, until it has enough responses. */
  readonly seconds: number;
  /** Before the measurement, so that the engine has compiled the code. */
  readonly warmUp: number;
}

const GENERATORS = ['wrk', 'autocannon'] as const;
export type GeneratorKind = (typeof GENERATORS)[number];

export interface Options {
  /** The default is wrk if it is installed. */
  readonly generator: GeneratorKind;
  readonly pace: Pace;
  /** Rows and parts whose label does not match are skipped. */
  readonly only: RegExp;
  /** How often the server is started to measure its start-up time. */
  readonly starts: number;
}

/** An invalid argument. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

/**
 * Reads the options.
 * @throws {OptionError} naming the invalid argument
 */
export const readOptions = (argv: readonly string[]): Options => {
  const { quick, seconds, only, generator } = parseOptions(argv);
  const length = seconds === undefined ? (quick ? 0.3 : 2.5) : Number(seconds);
  if (!(length > 0 && length <= 600)) throw new OptionError(`--seconds "${seconds}" is not a number of seconds`);
  return {
    generator: readGenerator(generator),
    pace: { seconds: length, warmUp: Math.min(length, 2) },
    only: readPattern(only ?? ''),
    starts: quick ? 1 : 5,
  };
};

const parseOptions = (argv: readonly string[]) => {
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
  const isInstalled = wrkVersion() !== undefined;
  if (name === undefined) return isInstalled ? 'wrk' : 'autocannon';
  const known = GENERATORS.find((one) => one === name);
  if (!known) throw new OptionError(`--generator "${name}" is unknown: use ${GENERATORS.join(' or ')}`);
  if (known === 'wrk' && !isInstalled) throw new OptionError('--generator wrk: wrk is not installed');
  return known;
};

const readPattern = (text: string): RegExp => {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    throw new OptionError(`--only: ${(error as Error).message}`, { cause: error });
  }
};
