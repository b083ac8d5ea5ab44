/** `npm run bench -- openstack`: native calls and added time of the adapter, and listings beside OpenStack's own client, against a real control plane; prints all it finds. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Login, serverList } from './openstack/client.ts';
import type { Listed } from './openstack/lister.ts';
import { measureOperations, type Things } from './openstack/operations.ts';
import { printHead, printRounds, printRows, printVerdicts, type Round } from './openstack/print.ts';
import { endOnSignals } from './processes.ts';
import { QUIET } from './servers.ts';

/** What `run.mjs` has prepared: the cloud, its population, and the Python of its client. */
interface Prepared {
  readonly login: Login;
  readonly python: string;
  readonly machines: number;
  readonly things: Things;
}

const ROUNDS = { full: { listings: 5, operations: 15 }, quick: { listings: 1, operations: 3 } };

/** A container: a process of its own that lists on request. */
const startLister = ({ login }: Prepared) => {
  const file = fileURLToPath(new URL('openstack/lister.mjs', import.meta.url));
  const child = fork(file, [login.keystone, `${login.name}:${login.password}`], {
    env: { ...process.env, ...QUIET, POWERTOOLS_METRICS_DISABLED: 'true' },
  });
  const ask = async (what: 'list' | 'bare'): Promise<Listed> => {
    child.send(what);
    const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`a lister ended with ${code}`)));
    const [listed] = (await Promise.race([once(child, 'message'), ended])) as [Listed];
    return listed;
  };
  return { ask, end: () => child.disconnect() };
};

async function oneRound(prepared: Prepared): Promise<Round> {
  const client = await serverList(prepared.python, prepared.login);
  const lister = startLister(prepared);
  const first = await lister.ask('list');
  const bare = await lister.ask('bare');
  const then = await lister.ask('list');
  lister.end();
  for (const found of [client.found, first.found, then.found])
    if (found !== prepared.machines) throw new Error(`${found} machines were listed instead of ${prepared.machines}`);
  return { client: client.time, first, bare, then };
}

const bench = async (): Promise<void> => {
  const { values } = parseArgs({ args: process.argv.slice(3), options: { quick: { type: 'boolean' } } });
  const { listings, operations } = values.quick ? ROUNDS.quick : ROUNDS.full;
  const prepared: Prepared = JSON.parse(process.env.OPENSTACK_PREPARED!);
  endOnSignals();
  printHead(prepared.machines);
  const rounds: Round[] = [];
  for (let round = 0; round < listings; round++) rounds.push(await oneRound(prepared));
  printRounds(rounds);
  const { login, things } = prepared;
  const rows = await measureOperations(login.keystone, login, things, operations);
  printRows(rows);
  if (printVerdicts(rows, rounds) > 0) process.exitCode = 1;
};

await bench().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
