/** The main comparison: a listing of 10,000 machines, through the endpoint and the adapter, against the same pages as plain objects. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { QUIET } from '../servers.ts';
import { startAdapter } from './containers.ts';
import { type Answered, type Listing, WAYS, type Way } from './lister.ts';
import { readAll } from './operations.ts';
import { ownerOf, sessionOf } from './population.ts';
import { startRecorder } from './recorder.ts';

/** Number of listed machines. */
export const MANY = 10_000;

export interface Comparison {
  readonly pages: number;
  readonly megabytes: number;
  /** The first listing of each process, and the later ones, in turn. */
  readonly first: Round;
  readonly rounds: readonly Round[];
}

/**
 * The heap that V8 gives itself on a machine with the memory of the function, 1,024 MB: half of it. V8 sizes its heap by
 * the machine, and on a large one collects so late that the peak says how much memory there was, not how much was needed.
 */
const HEAP_MIB = 512;

/** One listing by each process. */
export type Round = Readonly<Record<Way, Listing>>;

interface Json {
  readonly resources: readonly { readonly kind: string; readonly links: readonly object[] }[];
}

const COMPUTE = 'http://schemas.ogf.org/occi/infrastructure#compute';

/** How many machines a client finds in the answer; in JSON, those that are whole: with a network, a disk and a security group. */
const countIn = ({ body, isBase64Encoded }: Answered, way: Way): number => {
  const text = isBase64Encoded ? gunzipSync(Buffer.from(body, 'base64')).toString() : body;
  if (way === 'text') return text.split('\n').filter((line) => line.includes('/compute/')).length;
  const { resources } = JSON.parse(text) as Json;
  return resources.filter(({ kind, links }) => kind === COMPUTE && links.length === 3).length;
};

const requestListing = (child: ChildProcess, way: Way, bodies: readonly string[]): Promise<Listing> =>
  new Promise((resolve, reject) => {
    const ended = () => reject(new Error('a process that lists machines has ended'));
    child.once('close', ended);
    child.once('message', (listing: Listing) => {
      child.off('close', ended);
      const { found } = listing;
      const machines = typeof found === 'number' ? found : countIn(found, way);
      if (machines >= MANY) resolve({ ...listing, found: machines });
      else reject(new Error(`${machines} machines were listed as ${way} instead of ${MANY}`));
    });
    child.send(bodies);
  });

/** The requests that the adapter sends to list them. */
const recordPages = async (endpoint: string, session: string) => {
  const recorder = await startRecorder(endpoint);
  const adapter = await startAdapter(recorder.endpoint)(session);
  recorder.take();
  await readAll(adapter.kinds.compute!.list);
  recorder.close();
  return recorder.take();
};

export const compare = async (endpoint: string, rounds: number): Promise<Comparison> => {
  const session = sessionOf(ownerOf(MANY));
  const { bodies, bytes } = await recordPages(endpoint, session);
  const file = fileURLToPath(new URL('opennebula/lister.mjs', import.meta.url));
  const env = { ...process.env, ...QUIET, POWERTOOLS_METRICS_DISABLED: 'true' };
  const execArgv = [`--max-old-space-size=${HEAP_MIB}`];
  const processes = WAYS.map((way) => [way, fork(file, [way, endpoint, session], { env, execArgv })] as const);
  const round = async (): Promise<Round> => {
    const found: Partial<Record<Way, Listing>> = {};
    for (const [way, child] of processes) found[way] = await requestListing(child, way, bodies);
    const costs = WAYS.map((way) => `${way} ${found[way]!.time.toFixed(0)} ms, CPU ${found[way]!.work.toFixed(0)}`);
    console.error(`list of ${MANY}: ${costs.join('; ')}`);
    return found as Round;
  };
  const first = await round();
  const more: Round[] = [];
  while (more.length < rounds) more.push(await round());
  for (const [, child] of processes) child.disconnect();
  return { pages: bodies.length, megabytes: bytes / 1e6, first, rounds: more };
};
