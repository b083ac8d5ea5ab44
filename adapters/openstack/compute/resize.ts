/**
 * Another flavor. Nova keeps the old server until the new size is confirmed; a request cannot wait for that, so the server
 * is marked, and the next look at it that finds it ready confirms. What others have resized stays theirs to confirm.
 */
import * as z from 'zod';
import { BoundedCache } from '../../../lib/adapter/cache.ts';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import { readFlavors } from '../catalogue/flavors.ts';
import type { Cloud } from '../cloud.ts';
import { KEY } from '../machine/labels.ts';
import type { Flavor } from '../native/catalogue.ts';
import type { Server } from '../native/server.ts';
import { computeState } from '../states.ts';
import { flavorOf } from './entity.ts';

/** A mark that is younger may be of a resize that is about to be sent. */
const SENDING_MS = 60_000;
/** Sizes that a listing confirms at most; the next one goes on. */
const MOST_CONFIRMED = 5;

/** Servers whose confirmation a user has sent from this process: Nova takes some seconds for it, or refuses a reader's. */
const TRIED = new BoundedCache<true>({ maxEntries: 1000, ttlMs: 30_000 });

/** Nova's metadata values have so many characters at most. */
const MAX_CHARS = 255;
/** When a size was asked for, and which: another tool may have asked for one since. */
const markFor = ({ id }: Flavor): string => `${new Date().toISOString()} ${id}`.slice(0, MAX_CHARS);

function readMark(mark: string): { readonly ageMs: number; readonly flavor: string } {
  const at = mark.indexOf(' ');
  return { ageMs: Date.now() - Date.parse(mark.slice(0, at)), flavor: mark.slice(at + 1) };
}

/**
 * Confirms the new size of a server where it is ours to confirm, and takes an old mark away: no call, or 1. Never throws:
 * who may only read cannot confirm.
 */
export async function confirmResize(cloud: Cloud, server: Server): Promise<void> {
  const { id, status, metadata } = server;
  const mark = metadata[KEY.resize];
  if (mark === undefined || server['OS-EXT-STS:task_state']) return;
  const { ageMs, flavor } = readMark(mark);
  try {
    if (status === 'VERIFY_RESIZE') {
      const { userId } = await cloud.session();
      if (flavorOf(server, await readFlavors(cloud))?.id !== flavor || TRIED.get(`${userId} ${id}`)) return;
      TRIED.set(`${userId} ${id}`, true);
      const body = { confirmResize: null };
      await cloud.client.call('compute', 'POST', path`servers/${id}/action`, z.unknown(), { body });
    } else if (!(ageMs < SENDING_MS) && computeState(server).state !== 'waiting') {
      await cloud.client.call('compute', 'DELETE', path`servers/${id}/metadata/${KEY.resize}`, z.undefined());
    }
  } catch {
    // A later look tries it again; the call and its failure are in the log.
  }
}

/** Confirms new sizes that a listing finds: no call where none waits for it, else at most 5, all at the same time. */
export async function confirmListed(cloud: Cloud, servers: readonly Server[]): Promise<void> {
  const waiting = servers.filter(({ status, metadata }) => status === 'VERIFY_RESIZE' && metadata[KEY.resize]);
  await Promise.all(waiting.slice(0, MOST_CONFIRMED).map((server) => confirmResize(cloud, server)));
}

/**
 * Asks for another flavor, with metadata to write before: 2 calls. Throws `conflict` naming the state in which Nova resizes no
 * server.
 */
export async function resize(
  cloud: Cloud,
  server: Server,
  flavor: Flavor,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { state } = computeState(server);
  const vm = server['OS-EXT-STS:vm_state'] ?? { ACTIVE: 'active', SHUTOFF: 'stopped' }[server.status];
  if (state === 'waiting' || (vm !== 'active' && vm !== 'stopped')) {
    throw new OcciError(
      'conflict',
      `The size of a compute can only be changed while it is active or inactive, and it is ${state}.`,
    );
  }
  const { client } = cloud;
  const { id } = server;
  const { userId } = await cloud.session();
  const forget = () =>
    client.call('compute', 'DELETE', path`servers/${id}/metadata/${KEY.resize}`, z.undefined()).catch(() => {});
  TRIED.delete(`${userId} ${id}`);
  await translateErrors('compute', async () => {
    const body = { metadata: { ...labels, [KEY.resize]: markFor(flavor) } };
    await client.call('compute', 'POST', path`servers/${id}/metadata`, z.unknown(), { body });
    try {
      const action = { resize: { flavorRef: flavor.id } };
      await client.call('compute', 'POST', path`servers/${id}/action`, z.unknown(), { body: action });
    } catch (error) {
      if (!(error instanceof OcciError && error.unknownOutcome)) await forget();
      throw error;
    }
  });
}
