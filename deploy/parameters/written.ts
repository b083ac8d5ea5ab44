/**
 * The parameters in the settings file of a stage (`deployment`), which stand above those of serverless.yml and below the
 * command line. So one command line is enough for all deployments of a stage, and none of them forgets a parameter.
 */
import * as z from 'zod';
import { PARAMETERS } from './parameters.ts';

/** Parameters as YAML has them, by name. */
export type WrittenParameters = Readonly<Record<string, unknown>>;

/** The part of a settings file with the parameters; whether they agree with those of serverless.yml is checked later. */
export const withParameters = z.object({ deployment: PARAMETERS.partial().optional() });

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** What the command line says about parameters. */
export interface Given {
  /** What follows each `--param`. */
  readonly param: readonly string[];
  /** What follows `--region`. */
  readonly region?: string | undefined;
}

const nameOf = (option: string): string => option.split('=')[0]!;

/** The parameters of a file that the command line does not replace, each as the text after a `--param`. */
export const optionsOf = (written: WrittenParameters, { param, region }: Given): readonly string[] => {
  const replaced = new Set([...param.map(nameOf), ...(region === undefined ? [] : ['region'])]);
  return Object.entries(written)
    .filter(([name]) => !replaced.has(name))
    .map(([name, value]) => `${name}=${textOf(value)}`);
};

/** The parameters that decide which stack is meant: with another value, a command is about another stack. */
const OF_THE_STACK = ['region', 'name'] as const;

/** Why a command line cannot belong to the file: it names another stack than the file does. */
export const otherStack = (written: WrittenParameters, { param, region }: Given): string | undefined => {
  const given: Readonly<Record<string, string | undefined>> = {
    ...Object.fromEntries(param.map((option) => option.split(/=(.*)/s).slice(0, 2))),
    ...(region !== undefined && { region }),
  };
  const name = OF_THE_STACK.find((one) => written[one] !== undefined && given[one] && given[one] !== written[one]);
  return name && `${name} is ${written[name]} in the file and ${given[name]} on the command line: use another stage`;
};
