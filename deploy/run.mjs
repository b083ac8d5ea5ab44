// `node deploy/run.mjs NAME …`: runs deploy/commands/NAME.ts with the arguments that follow.
import { readdirSync } from 'node:fs';
import { load } from './bundle.mjs';

const [, , name = '', ...args] = process.argv;
const names = readdirSync(new URL('commands', import.meta.url)).map((file) => file.replace(/\.ts$/, ''));
if (names.includes(name)) {
  const { run } = await load(`deploy/commands/${name}.ts`);
  await run(args);
} else {
  console.error(`There is no command ${JSON.stringify(name)}; there are ${names.join(' and ')}.`);
  process.exitCode = 1;
}
