/**
 * `npm run config:check [-- --stage prod]`: checks the configuration file of a stage, and does nothing else. With
 * `--deploy` it also refuses what can be packaged, but not deployed. It takes stage, region and parameters as `npm run deploy` does.
 */
import { parseArgs } from 'node:util';
import { printWarnings, readDeployment, WrongFile } from '../settings/deployment.ts';
import { parametersOf, unclear } from '../settings/fitting.ts';

const OPTIONS = {
  stage: { type: 'string', short: 's', default: 'dev' },
  param: { type: 'string', multiple: true },
  region: { type: 'string', short: 'r' },
  verbose: { type: 'boolean' },
  force: { type: 'boolean' },
  deploy: { type: 'boolean', default: false },
} as const;

/** The outcome of a check, as text and exit code. */
async function check(args: string[]): Promise<{ readonly text: string; readonly code: number }> {
  const { stage, deploy, param = [], region } = parseArgs({ args, options: OPTIONS }).values;
  const given = { param, region };
  const deployment = await readDeployment(stage);
  printWarnings(deployment);
  const { file } = deployment;
  await parametersOf(stage, deployment, given).catch((error: unknown) => {
    throw error instanceof Error && error.constructor === Error ? new WrongFile(error.message) : error;
  });
  const stack = deploy && deployment.notYet.length === 0 ? await unclear('deploy', stage, deployment, given) : [];
  const notYet = [...deployment.notYet, ...stack.map((reason) => reason.replace(/\.$/, ''))];
  if (notYet.length === 0) return { text: `${file} is right.`, code: 0 };
  const reasons = notYet.map((reason) => `\n  ${reason}.`).join('');
  return deploy
    ? { text: `${file} cannot be deployed:${reasons}`, code: 1 }
    : { text: `${file} can be packaged, but not deployed:${reasons}`, code: 0 };
}

/** True for arguments that `parseArgs` does not accept. */
const isWrongArgument = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

/** Prints the outcome, and sets the exit code. */
export async function run(args: string[]): Promise<void> {
  try {
    const { text, code } = await check(args);
    (code === 0 ? console.log : console.error)(text);
    process.exitCode = code;
  } catch (error) {
    console.error(error instanceof WrongFile || isWrongArgument(error) ? error.message : error);
    process.exitCode = 1;
  }
}
