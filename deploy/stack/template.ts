/** The parts of the stack that depend on parameters or on the service's settings. serverless.yml says where each goes. */
import { parseArgs } from 'node:util';
import { readParameters } from '../parameters/chosen.mjs';
import { roles } from '../permissions/roles.mjs';
import { alarms } from '../resources/alarms.mjs';
import { authorization, authorizerParameters } from '../resources/authorizer.mjs';
import { reservedConcurrency } from '../resources/concurrency.mjs';
import { dashboard } from '../resources/dashboard.mjs';
import { domain } from '../resources/domain.mjs';
import { logs } from '../resources/logs.mjs';
import { table, tableReference } from '../resources/table.mjs';
import { throttling } from '../resources/throttling.mjs';
import { readPackagedSettings } from '../settings/packaged.mjs';
import { checkFunctionNames, functionNames, readFunctions } from './functions.mjs';
import { outputs } from './outputs.mjs';

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
 * @param {{ resolveVariable: (variable: string) => Promise<any>, options?: { param?: string[] | null, region?: string |
 *   null } }} tools of the packager
 * @param {readonly string[]} [args] of the command line: what is deployed must have a cloud
 * @throws {Error} naming the parameter or the setting that is wrong
 */
export const template = async ({ resolveVariable, options }, args = process.argv.slice(2)) => {
  const stage = await resolveVariable('sls:stage');
  const parameters = await readParameters(resolveVariable, options);
  const prefix = `${parameters.name}-${stage}`;
  const functions = readFunctions().map((one) => ({ ...one, ...functionNames(one.name, prefix) }));
  checkFunctionNames(functions, parameters.name, stage);
  const packaged = readPackagedSettings(stage);
  if (commandOf(args) === 'deploy') refuseBlank(packaged);
  /** @type {Stack} */
  const stack = {
    ...packaged,
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
    authorizerParameters: authorizerParameters(parameters).join(','),
    concurrency: reservedConcurrency(stack),
    resources: Object.assign({}, ...parts.map(({ resources }) => resources)),
    conditions: section('Conditions', Object.assign({}, ...parts.map(({ conditions }) => conditions))),
    extensions: merged(parts.map(({ extensions }) => extensions ?? {})),
    outputs: outputs(stack),
  };
};

/** Options that are followed by a value, which is no command. */
const OPTIONS = {
  stage: { type: 'string', short: 's' },
  region: { type: 'string', short: 'r' },
  config: { type: 'string', short: 'c' },
  param: { type: 'string', multiple: true },
};

/** What the packager is asked to do: the first word that is neither an option nor its value. */
export const commandOf = (args) =>
  parseArgs({ args: [...args], options: OPTIONS, strict: false, allowPositionals: true }).positionals[0];

/** The command of package.json has refused it before; whoever calls the packager by itself comes here. */
const refuseBlank = ({ settings }) => {
  if (settings.adapter.name === 'none') {
    throw new Error('adapter.name is none: name the cloud behind before you deploy.');
  }
};

/** Nothing where there is nothing in it: CloudFormation may refuse an empty section. */
const section = (name, content) => (Object.keys(content).length > 0 ? { [name]: content } : {});

/** Several parts may add to one resource. */
const merged = (all) => {
  const result = {};
  for (const [id, { Properties, ...others }] of all.flatMap(Object.entries)) {
    const { Properties: before, ...rest } = result[id] ?? {};
    result[id] = { ...rest, ...others, Properties: { ...before, ...Properties } };
  }
  return result;
};
