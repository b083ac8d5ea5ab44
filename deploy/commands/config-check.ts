// `npm run config:check [-- --stage prod]`: checks the configuration file of a stage, and does nothing else.
// With --deploy it also wants a cloud to be named.
import { parseArgs } from 'node:util';
import { printWarnings, readDeployment, WrongFile } from '../settings/deployment.mjs';

const OPTIONS = { stage: { type: 'string', default: 'dev' }, deploy: { type: 'boolean', default: false } };

const NO_CLOUD = 'adapter.name is none: name the cloud behind before you deploy';

/** What a check comes to, as text and exit code. */
async function check() {
  const { stage, deploy } = parseArgs({ options: OPTIONS }).values;
  const deployment = await readDeployment(stage);
  printWarnings(deployment);
  const { file, isBlank } = deployment;
  if (!isBlank) return { text: `${file} is right.`, code: 0 };
  return deploy
    ? { text: `${file}: ${NO_CLOUD}.`, code: 1 }
    : { text: `${file} can be packaged, but ${NO_CLOUD}.`, code: 0 };
}

try {
  const { text, code } = await check();
  (code === 0 ? console.log : console.error)(text);
  process.exitCode = code;
} catch (error) {
  const isOurs = error instanceof WrongFile || error.code?.startsWith('ERR_PARSE_ARGS');
  console.error(isOurs ? error.message : error);
  process.exitCode = 1;
}
