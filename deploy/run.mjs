// `node deploy/run.mjs NAME …`: runs deploy/commands/NAME.ts with the arguments that follow.
import { load } from './bundle.mjs';

const [, , name, ...args] = process.argv;
const { run } = await load(`deploy/commands/${name}.ts`);
await run(args);
