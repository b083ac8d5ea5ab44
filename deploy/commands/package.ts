/**
 * `npm run package [-- --stage prod]` makes .serverless/, with neither credentials nor network; `npm run deploy` deploys
 * it too, and `npm run remove` removes the stack. All other arguments after `--` go to the packager: `--param
 * table=mappings`, `--region eu-central-1`, `--verbose`.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from '../../build.mjs';
import { toolsFor } from '../parameters/chosen.ts';
import { optionsOf } from '../parameters/written.ts';
import { printWarnings, readDeployment, WrongFile } from '../settings/deployment.ts';
import { unclear } from '../settings/fitting.ts';
import { writePackagedSettings } from '../settings/packaged.ts';
import { template } from '../stack/template.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const OPTIONS = {
  stage: { type: 'string', short: 's', default: 'dev' },
  param: { type: 'string', multiple: true },
  region: { type: 'string', short: 'r' },
} as const;

const isText = (value: unknown): value is string => typeof value === 'string';

/** The options that are read here, of those that go to the packager, which also checks them. */
function optionsIn(args: readonly string[]) {
  const { stage, param, region } = parseArgs({ args: [...args], options: OPTIONS, strict: false }).values;
  return {
    stage: isText(stage) ? stage : 'dev',
    param: Array.isArray(param) ? param.filter(isText) : [],
    region: isText(region) ? region : undefined,
  };
}

/** Checks, builds, packages: the exit code. */
async function packaged(command: string, args: readonly string[]): Promise<number> {
  const { stage, param, region } = optionsIn(args);
  const deployment = await readDeployment(stage);
  printWarnings(deployment);
  const { file, notYet } = deployment;
  if (command === 'deploy' && notYet.length > 0) throw new WrongFile(`${file} cannot be deployed:`, notYet);
  const given = { param, region };
  const written = optionsOf(deployment.parameters, given);
  const reasons = command === 'package' ? [] : await unclear(command, stage, deployment, given);
  if (reasons.length > 0) throw new WrongFile(`${file} does not fit this command:`, reasons);
  if (command !== 'remove') await build();
  writePackagedSettings(stage, deployment, ROOT);
  const tools = toolsFor(stage, [...param, ...written], region);
  if (tools) await template(tools, [command]).catch(withoutStack);
  const packager = [
    'node_modules/serverless/bin/serverless.js',
    command,
    ...args,
    ...written.flatMap((one) => ['--param', one]),
  ];
  return spawnSync(process.execPath, packager, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}

/** Errors about parameters are for operators, like those about the file. */
const withoutStack = (error: unknown): never => {
  throw error instanceof Error && error.constructor === Error ? new WrongFile(error.message) : error;
};

/** @param args the command of the packager (`package`, `deploy`), then its arguments */
export async function run([command = 'package', ...args]: readonly string[]): Promise<void> {
  try {
    process.chdir(ROOT);
    process.exitCode = await packaged(command, args);
  } catch (error) {
    console.error(error instanceof WrongFile ? error.message : error);
    process.exitCode = 1;
  }
}
