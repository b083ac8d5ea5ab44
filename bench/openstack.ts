/** `npm run bench -- openstack`: native calls and added time of the adapter, and listings beside OpenStack's own client, against a real control plane; prints all it finds. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Login, serverList } from './openstack/client.ts';
import type { Listed } from './openstack/lister.ts';
import { measureOperations, type Things } from './openstack/operations.ts';
import { type Listing, printHead, printListings, printRows, printVerdicts, type Round } from './openstack/print.ts';
import { endOnSignals } from './processes.ts';
import { QUIET } from './servers.ts';

/** What `run.mjs` has prepared: the cloud, its population, and the Python of its client. */
interface Prepared {
  readonly populations: readonly (Omit<Listing, 'rounds'> & { readonly login: Login })[];
  readonly python: string;
  /** Of each population. */
  readonly machines: number;
  readonly things: Things & { readonly login: Login };
}

const ROUNDS = { full: { listings: 5, operations: 15 }, quick: { listings: 1, operations: 3 } };

/** A container: a process of its own that lists on request. */
const startLister = (login: Login) => {
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

async function oneRound({ python, machines }: Prepared, login: Login): Promise<Round> {
  const client = await serverList(python, login);
  const lister = startLister(login);
  const first = await lister.ask('list');
  const bareFirst = await lister.ask('bare');
  const then = await lister.ask('list');
  const bareThen = await lister.ask('bare');
  lister.end();
  for (const found of [client.found, first.found, then.found])
    if (found !== machines) throw new Error(`${found} machines were listed instead of ${machines}`);
  return { client: client.time, first, bareFirst, then, bareThen };
}

async function measureListings(prepared: Prepared, rounds: number): Promise<readonly Listing[]> {
  const listings: Listing[] = [];
  for (const { login, ...population } of prepared.populations) {
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round++) measured.push(await oneRound(prepared, login));
    listings.push({ ...population, rounds: measured });
  }
  return listings;
}

const bench = async (): Promise<void> => {
  const { values } = parseArgs({ args: process.argv.slice(3), options: { quick: { type: 'boolean' } } });
  const { listings, operations } = values.quick ? ROUNDS.quick : ROUNDS.full;
  const prepared: Prepared = JSON.parse(process.env.OPENSTACK_PREPARED!);
  endOnSignals();
  printHead(prepared.machines);
  const measured = await measureListings(prepared, listings);
  printListings(measured);
  const { login, ...things } = prepared.things;
  const rows = await measureOperations(login.keystone, login, things, operations);
  printRows(rows);
  if (printVerdicts(rows, measured) > 0) process.exitCode = 1;
};

await bench().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
