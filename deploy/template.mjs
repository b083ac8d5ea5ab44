/** The parts of the stack that depend on parameters or on the service's settings. serverless.yml says where each goes. */
import { alarms } from './alarms.mjs';
import { authorization } from './authorizer.mjs';
import { readParameters } from './chosen-parameters.mjs';
import { reservedConcurrency } from './concurrency.mjs';
import { dashboard } from './dashboard.mjs';
import { domain } from './domain.mjs';
import { functionNames, readFunctions } from './functions.mjs';
import { logs } from './logs.mjs';
import { outputs } from './outputs.mjs';
import { readPackagedSettings } from './packaged-settings.mjs';
import { roles } from './roles.mjs';
import { table, tableReference } from './table.mjs';
import { throttling } from './throttling.mjs';

/**
 * @typedef {object} Stack what every part is made from
 * @property {Record<string, any>} parameters as `readParameters` checked them
 * @property {Record<string, any>} settings of the service, as they lie in the package
 * @property {{ parameters: string[], secrets: string[] }} secrets that the settings name
 * @property {string[]} roles that the settings name
 * @property {{ name: string, functionName: string, logicalId: string, routeKeys: string[] }[]} functions
 * @property {string} prefix name and stage: what every name begins with
 * @property {{ name: unknown, arn: unknown }} table the one of this stack, or the one that was brought
 */

/**
 * Called for each reference in serverless.yml; the same every time.
 * @param {{ resolveVariable: (variable: string) => Promise<any>, options?: { param?: string[] } }} tools of the packager
 * @throws {Error} naming the parameter or the setting that is wrong
 */
export const template = async ({ resolveVariable, options }) => {
  const stage = await resolveVariable('sls:stage');
  const parameters = await readParameters(resolveVariable, options?.param ?? []);
  const prefix = `${parameters.name}-${stage}`;
  const functions = readFunctions().map((one) => ({ ...one, ...functionNames(one.name, prefix) }));
  /** @type {Stack} */
  const stack = {
    ...readPackagedSettings(stage),
    parameters,
    functions,
    prefix,
    table: tableReference(parameters, prefix),
  };
  const parts = [table, roles, logs, throttling, authorization, domain, alarms, dashboard].map((part) => part(stack));
  return {
    tags: parameters.tags,
    vpc: parameters.vpcSubnets && {
      subnetIds: parameters.vpcSubnets,
      securityGroupIds: parameters.vpcSecurityGroups,
    },
    kmsKey: parameters.kmsKey,
    deploymentBucket: parameters.deploymentBucket
      ? { name: parameters.deploymentBucket }
      : { blockPublicAccess: true, ...(parameters.tags && { tags: parameters.tags }) },
    tableName: stack.table.name,
    concurrency: reservedConcurrency(stack),
    resources: Object.assign({}, ...parts.map(({ resources }) => resources)),
    extensions: merged(parts.map(({ extensions }) => extensions ?? {})),
    outputs: outputs(stack),
  };
};

/** Several parts may add to one resource. */
const merged = (all) => {
  const result = {};
  for (const [id, { Properties, ...others }] of all.flatMap(Object.entries)) {
    const { Properties: before, ...rest } = result[id] ?? {};
    result[id] = { ...rest, ...others, Properties: { ...before, ...Properties } };
  }
  return result;
};
