/**
 * `npm run bench -- cold [commit or folder]`: what the first request of a container takes, from the import of its function
 * to the answer, in fresh processes on the Node of the deployment: of this build and of another one (by default that of
 * the last commit), taking turns. `--clouds ec2,opennebula`, `--runs 5`.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Build, bothBuilds } from './cold/builds.ts';
import { type Asked, firstRequest } from './cold/containers.ts';
import { printCold, type Row } from './cold/print.ts';
import type { World } from './cold/world.ts';
import { endAll, endOnSignals, launch } from './processes.ts';

const RUNS = 20;
const COMPUTE = 'compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"';
/** Of the functions, in MB (serverless.yml). */
const MEMORY = { discovery: 512, compute: 1024 } as const;
/** Machines that a listing finds. */
const MACHINES = 3;

const DISCOVERY: Asked = { function: 'discovery', method: 'GET', path: '/-/' };
const LIST: Asked = { function: 'compute', method: 'GET', path: '/compute/' };
const CREATE: Asked = {
  function: 'compute',
  method: 'POST',
  path: '/compute/',
  headers: { 'content-type': 'text/plain' },
  body: `Category: ${COMPUTE}`,
};

const startWorlds = async (): Promise<readonly World[]> => {
  const child = launch(process.execPath, [fileURLToPath(new URL('cold/world.mjs', import.meta.url))]);
  let complaints = '';
  child.stderr!.on('data', (chunk) => {
    complaints += chunk;
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`there is no cloud to measure against (npm run test:peers makes what moto needs): ${complaints}`);
  });
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout! }), 'line'), ended])) as [string];
  return JSON.parse(line);
};

const made = (text: string): string => /https?:\/\/[^/]+(\/compute\/[\w-]+)/.exec(text)?.[1] ?? '';

/** Both builds answer each request by turns. */
async function measure(node: string, builds: readonly Build[], world: World, runs: number): Promise<Row[]> {
  const [before, now] = builds as [Build, Build];
  const create = async (build: Build) => {
    const first = await firstRequest(node, build, world, CREATE);
    return { first, path: made(`${first.headers.Location ?? first.headers.location}`) || made(first.body) };
  };
  let path = '';
  for (let machine = 0; machine < MACHINES; machine++) ({ path } = await create(before));
  const remove = (made: string) =>
    firstRequest(node, before, world, { function: 'compute', method: 'DELETE', path: made });
  const operations: readonly (readonly [string, (build: Build) => ReturnType<typeof firstRequest>])[] = [
    ['discovery', (build) => firstRequest(node, build, world, DISCOVERY)],
    ['GET one', (build) => firstRequest(node, build, world, { ...LIST, path })],
    ['list', (build) => firstRequest(node, build, world, LIST)],
    [
      'create',
      async (build) => {
        const { first, path } = await create(build);
        await remove(path);
        return first;
      },
    ],
  ];
  const rows: Row[] = [];
  for (const [operation, ask] of operations) {
    const [olds, news]: [Awaited<ReturnType<typeof ask>>[], Awaited<ReturnType<typeof ask>>[]] = [[], []];
    for (let run = 0; run < runs; run++) {
      olds.push(await ask(before));
      news.push(await ask(now));
    }
    const memory = operation === 'discovery' ? MEMORY.discovery : MEMORY.compute;
    rows.push({ cloud: world.cloud, operation, memory, runs: [olds, news] });
    console.error(`${world.cloud} ${operation}: done`);
  }
  return rows;
}

const bench = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(3),
    options: { clouds: { type: 'string' }, runs: { type: 'string', default: String(RUNS) } },
    allowPositionals: true,
  });
  endOnSignals();
  const { builds, remove } = await bothBuilds(positionals[0] ?? 'HEAD');
  process.once('exit', remove);
  const worlds = await startWorlds();
  const chosen = values.clouds?.split(',');
  const rows: Row[] = [];
  for (const world of worlds)
    if (!chosen || chosen.includes(world.cloud))
      rows.push(...(await measure(process.env.NODE_DEPLOYED!, builds, world, Number(values.runs))));
  endAll();
  if (!printCold(rows, builds, process.env.NODE_DEPLOYED_VERSION!)) process.exitCode = 1;
};

bench()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(endAll);
