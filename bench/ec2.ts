/** `npm run bench -- ec2`: native calls and added time of the adapter, against moto behind the proxy; prints all it finds. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EC2Client } from '@aws-sdk/client-ec2';
import { connect, settings } from '../adapters/ec2/index.ts';
import { memoryTable } from '../lib/table/memory.ts';
import { type Container, measure, type Row } from './ec2/measure.ts';
import { makeLinked, operations } from './ec2/operations.ts';
import { type Account, ASKER, SPARE } from './ec2/population.ts';
import { printHead, printRows, printVerdicts } from './ec2/print.ts';
import { endAll, endOnSignals, launch, ROOT } from './processes.ts';

/** Rounds of each row. */
const ROUNDS = { full: 41, quick: 3 };
/** Milliseconds that a request may take. */
const TIME = 600_000;

const startAccount = async (): Promise<Account> => {
  const child = launch(process.execPath, [fileURLToPath(new URL('ec2/account.mjs', import.meta.url))]);
  let complaints = '';
  child.stderr!.on('data', (chunk) => {
    complaints += chunk;
  });
  const lines = createInterface({ input: child.stdout! });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`there is no account to measure against (npm run test:peers makes what moto needs): ${complaints}`);
  });
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  return JSON.parse(line);
};

const bench = async (): Promise<void> => {
  const { values } = parseArgs({ args: process.argv.slice(3), options: { quick: { type: 'boolean' } } });
  endOnSignals();
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  printHead();
  const account = await startAccount();
  const configured = settings.parse(account.settings);
  const container: Container = () => {
    const request = connect({ settings: configured, site: 'bench', table: memoryTable(), local: true });
    return (name) => request({ caller: { name }, deadline: Date.now() + TIME });
  };
  const request = container();
  const plain = (await request(ASKER).kinds.compute!.create!(
    { kind: 'compute', attributes: {}, mixins: [], links: [] },
    'the plain one',
  ))!.id;
  const linked = await makeLinked(request(ASKER), account);
  // Its storage is attached when it is looked at first.
  await request(ASKER).kinds.compute!.get(linked);
  const spare = [...(await request(SPARE.name).kinds.compute!.ids({})).items];
  const { region, endpoint } = configured;
  const client = new EC2Client({ region, ...(endpoint !== undefined && { endpoint }) });
  const rows: Row[] = [];
  for (const operation of operations(account, { plain, linked, spare }))
    rows.push(await measure(operation, container, client, values.quick ? ROUNDS.quick : ROUNDS.full));
  endAll();
  printRows(rows);
  console.log('\nWhat each function reads, and how long that takes (`npm run size`):\n');
  const size = spawn(process.execPath, [`${ROOT}bench/size.mjs`], { stdio: 'inherit' });
  const [status] = await once(size, 'close');
  const missed = printVerdicts(rows);
  if (missed > 0 || status !== 0) process.exitCode = 1;
};

bench()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(endAll);
