/** The parts of the stack that depend on parameters or on the service's settings. serverless.yml says where each goes. */
import { parseArgs } from 'node:util';
import { readParameters, type Tools } from '../parameters/chosen.ts';
import { roles } from '../permissions/roles.ts';
import { alarms } from '../resources/alarms.ts';
import { authorization, authorizerParameters } from '../resources/authorizer.ts';
import { reservedConcurrency } from '../resources/concurrency.ts';
import { dashboard } from '../resources/dashboard.ts';
import { domain } from '../resources/domain.ts';
import { endpoints } from '../resources/endpoints.ts';
import { logs } from '../resources/logs.ts';
import { table, tableReference } from '../resources/table.ts';
import { throttling } from '../resources/throttling.ts';
import { type Packaged, readPackagedSettings } from '../settings/packaged.ts';
import { checkFunctionNames, functionNames, readFunctions } from './functions.ts';
import { outputs } from './outputs.ts';
import type { Extension, Part, Stack } from './stack.ts';

/**
 * Called for each reference in serverless.yml; the result is the same every time.
 * @param tools of the packager
 * @param args of the command line: what is deployed must name a cloud
 * @throws {Error} naming the parameter or the setting that is wrong
 */
export const template = async (
  { resolveVariable, options }: Tools,
  args: readonly string[] = process.argv.slice(2),
) => {
  const stage = String(await resolveVariable('sls:stage'));
  const parameters = await readParameters(resolveVariable, options);
  const prefix = `${parameters.name}-${stage}`;
  const functions = readFunctions().map((one) => ({ ...one, ...functionNames(one.name, prefix) }));
  checkFunctionNames(functions, parameters.name, stage);
  const packaged = readPackagedSettings(stage);
  if (commandOf(args) === 'deploy') refuseUnready(packaged);
  const stack: Stack = {
    ...packaged,
    parameters,
    functions,
    prefix,
    table: tableReference(parameters, prefix),
  };
  const parts = PARTS.map((part) => part(stack));
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

/** The parts of the stack; each returns its resources, conditions and extensions. */
const PARTS: readonly ((stack: Stack) => Part)[] = [
  table,
  roles,
  logs,
  throttling,
  authorization,
  domain,
  alarms,
  dashboard,
  endpoints,
];

/** Options that are followed by a value, which is not the command. */
const OPTIONS = {
  stage: { type: 'string', short: 's' },
  region: { type: 'string', short: 'r' },
  config: { type: 'string', short: 'c' },
  param: { type: 'string', multiple: true },
} as const;

/** The command of the packager: the first word that is neither an option nor its value. */
export const commandOf = (args: readonly string[]): string | undefined =>
  parseArgs({ args: [...args], options: OPTIONS, strict: false, allowPositionals: true }).positionals[0];

/** `npm run deploy` refuses it earlier; this is for a packager that is called directly. */
const refuseUnready = ({ notYet }: Packaged): void => {
  if (notYet.length > 0) throw new Error(notYet.map((reason) => `${reason}.`).join('\n'));
};

/** Nothing for an empty section, which CloudFormation may refuse. */
const section = (name: string, content: object) => (Object.keys(content).length > 0 ? { [name]: content } : {});

/** Several parts may extend one resource. */
const merged = (all: readonly NonNullable<Part['extensions']>[]): NonNullable<Part['extensions']> => {
  const result: Record<string, Extension> = {};
  for (const [id, { Properties, ...others }] of all.flatMap((one) => Object.entries(one))) {
    const { Properties: before, ...rest } = result[id] ?? {};
    result[id] = { ...rest, ...others, Properties: { ...before, ...Properties } };
  }
  return result;
};
