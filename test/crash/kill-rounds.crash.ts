/** Sixteen clients write, the server is killed with SIGKILL, started again, and looked at: again and again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import { killServerProcesses, startServerProcess, urlOf } from '../server-process.ts';
import { type Client, clientOf, patient } from './client.ts';
import { look } from './journal.ts';
import { randomOf } from './random.ts';
import { Writer } from './writer.ts';

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 20);
const SEED = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000);
const WRITERS = 16;
/** Acknowledged writes of a round, after which the kill comes: at least, and at most on top. */
const WRITES = [20, 100] as const;
/** Milliseconds that a busy machine has for them. */
const PATIENCE_MS = 10_000;

/** A create that died keeps its Idempotency-Key for a minute; in a process whose clock is ahead that is over. */
const CLOCK_AHEAD = 'data:text/javascript,const now=Date.now;Date.now=()=>now()+61000';

// A round takes 4 s on two processors that have nothing else to do.
jest.setTimeout(60_000 + ROUNDS * 30_000);

const dataDir = mkdtempSync(join(tmpdir(), 'kill-rounds-'));
afterAll(() => {
  killServerProcesses();
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

const start = async (execArgv: readonly string[] = []) => {
  const server = startServerProcess([], { DATA_DIR: dataDir, POWERTOOLS_LOG_LEVEL: 'WARN' }, execArgv);
  return { server, client: clientOf(await urlOf(server)) };
};

const countOf = (writers: readonly Writer[]): number =>
  writers.reduce((sum, { acknowledged }) => sum + acknowledged, 0);

/** Waits for that many more writes, which ends at any moment of the next ones. */
const acknowledged = async (writers: readonly Writer[], more: number): Promise<void> => {
  const enough = countOf(writers) + more;
  const until = Date.now() + PATIENCE_MS;
  while (countOf(writers) < enough && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 1));
};

/** Paths of all entities. */
const list = async (client: Client): Promise<string[]> => {
  const answer = await client.send('GET', '/', { headers: { Accept: 'text/uri-list' } });
  if (answer?.status !== 200) throw new Error(`the list of all was answered ${answer?.status}: ${answer?.body}`);
  return answer.body
    .split(/\s+/)
    .filter(Boolean)
    .map((url) => new URL(url).pathname);
};

/** Of these paths, those that are not answered 200, and the title of each that is. */
const visit = async (client: Client, paths: readonly string[]) => {
  const titles = new Map<string, string>();
  const unreachable: string[] = [];
  await Promise.all(
    paths.map(async (path) => {
      const answer = await client.send('GET', path);
      if (answer?.status === 200) titles.set(path, JSON.parse(answer.body).title ?? '');
      else unreachable.push(`${path}: listed, then ${answer?.status}`);
    }),
  );
  return { titles, unreachable };
};

/** What is there more than once, although it was created once. */
const twice = (titles: ReadonlyMap<string, string>): string[] => {
  const seen = new Set<string>();
  const created = [...titles.values()].map((title) => title.replace(/\..*/, '')).filter((title) => /^w\d/.test(title));
  return created.filter((title) => seen.size === seen.add(title).size);
};

/** Links first, then machines, then what they used. */
const deleteAll = async (client: Client, paths: readonly string[]): Promise<string[]> => {
  const refused: string[] = [];
  const rank = (path: string) =>
    /^\/(?:\w+link|networkinterface)\//.test(path) ? 0 : path.startsWith('/compute/') ? 1 : 2;
  for (const wanted of [0, 1, 2]) {
    await Promise.all(
      paths
        .filter((path) => rank(path) === wanted)
        .map(async (path) => {
          const answer = await client.send('DELETE', path);
          if (answer?.status !== 200 && answer?.status !== 404)
            refused.push(`${path}: ${answer?.status} ${answer?.body}`);
        }),
    );
  }
  return refused;
};

test(`${ROUNDS} kills under ${WRITERS} writers lose nothing that was acknowledged`, async () => {
  const random = randomOf(SEED);
  const writers = Array.from({ length: WRITERS }, (_, at) => new Writer(`w${at}`, randomOf(SEED + 1 + at)));
  const found = { lost: [] as string[], listedBut404: [] as string[], twice: [] as string[], inUse: [] as string[] };
  const began = performance.now();

  let { server, client } = await start();
  const published = new Set(await list(patient(client)));
  for (let round = 1; round <= ROUNDS; round++) {
    const writing = Promise.all(writers.map((writer) => writer.run(client)));
    await acknowledged(writers, WRITES[0] + random.next() * WRITES[1]);
    server.child.kill('SIGKILL');
    await Promise.all([writing, server.ended]);
    client.close();
    ({ server, client } = await start(round === ROUNDS ? ['--import', CLOCK_AHEAD] : []));
    if (round === ROUNDS) await Promise.all(writers.map((writer) => writer.settle(patient(client))));

    const looking = patient(client);
    const { titles, unreachable } = await visit(looking, await list(looking));
    found.listedBut404.push(
      ...unreachable
        .filter((one) => !found.listedBut404.some((known) => known.endsWith(one)))
        .map((one) => `round ${round}, ${one}`),
    );
    found.twice.push(...twice(titles).map((one) => `round ${round}, ${one}`));
    for (const writer of writers) {
      const wrong = (await Promise.all(writer.entries.map((entry) => look(entry, looking, writer.tag)))).flat();
      const unlisted = writer.entries.filter((e) => e.facts.presence.has('here') && !titles.has(e.path));
      wrong.push(...unlisted.map(({ path }) => `${path}: there, but not listed`));
      found.lost.push(...wrong.map((one) => `round ${round}, ${one}`));
    }
  }
  const ending = patient(client);
  const own = (await list(ending)).filter((path) => !published.has(path));
  found.inUse.push(...(await deleteAll(ending, own)));
  const left = (await list(ending)).filter((path) => !published.has(path));
  server.child.kill('SIGTERM');
  await server.ended;

  const writes = countOf(writers);
  const failures = writers.flatMap((writer) => writer.failures);
  process.stdout.write(
    `seed ${SEED}: ${writes} acknowledged writes, ${ROUNDS} kills, ${found.lost.length} lost, ` +
      `${found.listedBut404.length} listed but 404, ${found.twice.length} twice, ${found.inUse.length} in use, ` +
      `${((performance.now() - began) / 1000).toFixed(0)} s\n`,
  );
  const first = (list: readonly string[]) => list.slice(0, 20);
  const shown = { lost: first(found.lost), listedBut404: first(found.listedBut404), twice: first(found.twice) };
  expect({ ...shown, inUse: first(found.inUse), left: first(left), failures: first(failures) }).toEqual({
    lost: [],
    listedBut404: [],
    twice: [],
    inUse: [],
    left: [],
    failures: [],
  });
  expect(writes).toBeGreaterThan(ROUNDS * WRITERS);
});
