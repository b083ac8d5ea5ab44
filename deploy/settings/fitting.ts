/** Whether a settings file and a command line fit together, and can work where they are deployed. */
import { hasRegion, readParameters, toolsFor } from '../parameters/chosen.ts';
import { type Given, optionsOf, otherStack } from '../parameters/written.ts';
import type { Deployment } from './deployment.ts';

/**
 * The parameters of a command.
 * @returns undefined where serverless.yml has variables, which only the packager knows
 * @throws {Error} naming those that are wrong
 */
export const parametersOf = async (stage: string, { parameters }: Deployment, given: Given) => {
  const tools = toolsFor(stage, [...given.param, ...optionsOf(parameters, given)], given.region);
  return tools && (await readParameters(tools.resolveVariable, tools.options));
};

/** True if the cloud is called without TLS: passwords and tokens would be readable on the way. */
const isPlain = ({ adapter }: Deployment['settings']): boolean => {
  const { endpoint } = (adapter as { readonly settings?: { readonly endpoint?: unknown } }).settings ?? {};
  return typeof endpoint === 'string' && /^http:/i.test(endpoint);
};

/**
 * A line for each reason not to do this to the stack with this file and command line.
 * @param command `deploy` or `remove`
 */
export async function unclear(
  command: string,
  stage: string,
  deployment: Deployment,
  given: Given,
): Promise<readonly string[]> {
  const other = otherStack(deployment.parameters, given);
  const isChosen =
    given.region !== undefined ||
    deployment.parameters.region !== undefined ||
    given.param.some((option) => option.startsWith('region=')) ||
    hasRegion(stage);
  const parameters = await parametersOf(stage, deployment, given);
  return [
    ...(other ? [`${other}.`] : []),
    ...(isChosen
      ? []
      : ['No region is chosen: add `deployment: { region: eu-central-1 }` to the file, with your region.']),
    // Functions outside a VPC reach public addresses only.
    ...(command === 'deploy' && parameters && !parameters.vpcSubnets && isPlain(deployment.settings)
      ? ['adapter.settings.endpoint: plain http would send credentials over the internet: use https, or vpcSubnets.']
      : []),
  ];
}
