/** The main comparison: a listing of 10,000 machines as entities against the same pages as plain objects. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startAdapter } from './containers.ts';
import type { Listing } from './lister.ts';
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

/** One listing by each process. */
export interface Round {
  readonly adapter: Listing;
  readonly plain: Listing;
  readonly cut: Listing;
}

const requestListing = (child: ChildProcess, bodies: readonly string[]): Promise<Listing> =>
  new Promise((resolve, reject) => {
    const ended = () => reject(new Error('a process that lists machines has ended'));
    child.once('close', ended);
    child.once('message', (listing: Listing) => {
      child.off('close', ended);
      if (listing.machines >= MANY) resolve(listing);
      else reject(new Error(`${listing.machines} machines were listed instead of ${MANY}`));
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
  const start = (how: string) => fork(file, [how, endpoint, session]);
  const processes = { adapter: start('adapter'), plain: start('plain'), cut: start('cut') };
  const round = async (): Promise<Round> => {
    const adapter = await requestListing(processes.adapter, bodies);
    const plain = await requestListing(processes.plain, bodies);
    const cut = await requestListing(processes.cut, bodies);
    const [ours, theirs, harder] = [adapter, plain, cut].map(({ time }) => time.toFixed(0));
    console.error(`list of ${MANY}: ${ours} ms; plain objects ${theirs} ms, ${harder} ms with the envelope cut off`);
    return { adapter, plain, cut };
  };
  const first = await round();
  const more: Round[] = [];
  while (more.length < rounds) more.push(await round());
  for (const child of Object.values(processes)) child.disconnect();
  return { pages: bodies.length, megabytes: bytes / 1e6, first, rounds: more };
};
