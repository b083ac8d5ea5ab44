// `npm run package [-- --stage prod]` makes .serverless/, with neither credentials nor network; `npm run deploy`
// deploys it too. Whatever else stands behind `--` is for the packager: `--param table=mappings`, `--region
// eu-central-1`, `--verbose`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from '../../build.mjs';
import { toolsFor } from '../parameters/chosen.mjs';
import { printWarnings, readDeployment, WrongFile } from '../settings/deployment.mjs';
import { writePackagedSettings } from '../settings/packaged.mjs';
import { template } from '../stack/template.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const [command, ...args] = process.argv.slice(2);

const OPTIONS = {
  stage: { type: 'string', short: 's', default: 'dev' },
  param: { type: 'string', multiple: true, default: [] },
  region: { type: 'string', short: 'r' },
};

/** Checks, builds, packages: the exit code. */
const run = async () => {
  const { stage, param, region } = parseArgs({ args, options: OPTIONS, strict: false }).values;
  const deployment = await readDeployment(stage);
  printWarnings(deployment);
  if (command === 'deploy' && deployment.isBlank) {
    throw new WrongFile(`${deployment.file}: adapter.name is none: name the cloud behind before you deploy.`);
  }
  await build();
  writePackagedSettings(stage, deployment, ROOT);
  const tools = toolsFor(stage, param, region);
  if (tools) await template(tools, [command]).catch(tell);
  const packager = ['node_modules/serverless/bin/serverless.js', command, ...args];
  return spawnSync(process.execPath, packager, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
};

/** What is wrong with parameters is for people, as what is wrong in the file is. */
const tell = (error) => {
  throw error.constructor === Error ? new WrongFile(error.message) : error;
};

try {
  process.chdir(ROOT);
  process.exitCode = await run();
} catch (error) {
  console.error(error instanceof WrongFile ? error.message : error);
  process.exitCode = 1;
}
