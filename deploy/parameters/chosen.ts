/** The parameters of one run: of the stage, of the command line, or the defaults of serverless.yml. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { checkParameters, NAMES } from './parameters.mjs';

const readParams = () => parse(readFileSync('serverless.yml', 'utf8')).params;

/** An unknown name is refused: its author would believe that it has an effect. */
const refuseUnknown = (names) => {
  const unknown = names.find((name) => !NAMES.includes(name));
  if (unknown) throw new Error(`There is no parameter ${unknown}; there are ${NAMES.join(', ')}`);
};

/**
 * All parameters, checked.
 * @param {(variable: string) => Promise<any>} resolveVariable
 * @param {{ param?: readonly string[] | null, region?: string | null }} [options] of the command line: what stands
 *   after each `--param`, and a region, which wins over the parameter
 * @throws {Error} naming those that are wrong, or that there are not
 */
export const readParameters = async (resolveVariable, { param, region } = {}) => {
  refuseUnknown((param ?? []).map((option) => option.split('=')[0]));
  for (const ofStage of Object.values(readParams())) refuseUnknown(Object.keys(ofStage ?? {}));
  const values = await Promise.all(NAMES.map(async (name) => [name, await resolveVariable(`param:${name}, null`)]));
  const chosen = Object.fromEntries(values.filter(([, value]) => value !== null));
  return checkParameters({ ...chosen, ...(region && { region }) });
};

/**
 * What the packager will give `template`, made without it: its own errors come with a page of what it went through.
 * @param {string} stage
 * @param {readonly string[]} options what stands after each `--param`
 * @param {string} [region] what stands after `--region`
 * @returns undefined where the file has variables, which only the packager knows
 */
export const toolsFor = (stage, options, region) => {
  const { default: defaults, [stage]: ofStage } = readParams();
  const given = Object.fromEntries(options.map((option) => option.split(/=(.*)/s).slice(0, 2)));
  const present = (values) => Object.entries(values ?? {}).filter(([, value]) => value !== null);
  const chosen = Object.fromEntries([...present(defaults), ...present(ofStage), ...present(given)]);
  if (JSON.stringify(chosen).includes('${')) return undefined;
  const resolveVariable = async (variable) =>
    variable === 'sls:stage' ? stage : (chosen[/^param:(\w+)/.exec(variable)[1]] ?? null);
  return { resolveVariable, options: { param: options, ...(region && { region }) } };
};
