/** The parameters of one run: of the stage, of the command line, or the defaults of serverless.yml. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { checkParameters } from './check.ts';
import { NAMES, type Parameters } from './parameters.ts';

/** Parameters as serverless.yml has them, by stage; `default` are those of all stages. */
type Params = Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;

const readParams = (): Params => (parse(readFileSync('serverless.yml', 'utf8')) as { readonly params: Params }).params;

/** What the packager gives to the parts of the template. */
export interface Tools {
  readonly resolveVariable: (variable: string) => Promise<unknown>;
  readonly options?: {
    /** What follows each `--param`. */
    readonly param?: readonly string[] | null;
    /** What follows `--region`; it wins over the parameter. */
    readonly region?: string | null;
  };
}

/** True if serverless.yml names the region of this stage, and not only one for all stages. */
export const hasRegion = (stage: string): boolean => typeof readParams()[stage]?.region === 'string';

const isName = (name: string): boolean => (NAMES as readonly string[]).includes(name);

/** An unknown name is refused: its author would believe that it has an effect. */
const refuseUnknown = (names: readonly string[]): void => {
  const unknown = names.find((name) => !isName(name));
  if (unknown) throw new Error(`There is no parameter ${unknown}; there are ${NAMES.join(', ')}`);
};

/**
 * All parameters, checked.
 * @throws {Error} naming those that are wrong, or that do not exist
 */
export const readParameters = async (
  resolveVariable: Tools['resolveVariable'],
  { param, region }: NonNullable<Tools['options']> = {},
): Promise<Parameters> => {
  refuseUnknown((param ?? []).map((option) => option.split('=')[0]!));
  for (const ofStage of Object.values(readParams())) refuseUnknown(Object.keys(ofStage ?? {}));
  const values = await Promise.all(NAMES.map(async (name) => [name, await resolveVariable(`param:${name}, null`)]));
  const chosen = Object.fromEntries(values.filter(([, value]) => value !== null));
  return checkParameters({ ...chosen, ...(region && { region }) });
};

/**
 * What the packager will give `template`, made without it: its own errors come with a page of what it went through.
 * @param options what follows each `--param`
 * @param region what follows `--region`
 * @returns undefined where the file has variables, which only the packager knows
 */
export const toolsFor = (stage: string, options: readonly string[], region?: string): Tools | undefined => {
  const { default: defaults, [stage]: ofStage } = readParams();
  const given = Object.fromEntries(options.map((option) => option.split(/=(.*)/s).slice(0, 2)));
  const present = (values: Params[string] | undefined) =>
    Object.entries(values ?? {}).filter(([, value]) => value !== null);
  const chosen = Object.fromEntries([...present(defaults), ...present(ofStage), ...present(given)]);
  if (JSON.stringify(chosen).includes('${')) return undefined;
  const resolveVariable = async (variable: string) =>
    variable === 'sls:stage' ? stage : (chosen[/^param:(\w+)/.exec(variable)?.[1] ?? ''] ?? null);
  return { resolveVariable, options: { param: options, ...(region && { region }) } };
};
