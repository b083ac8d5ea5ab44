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
import { flavorLabel, KEY } from '../machine/labels.ts';
import type { Flavor } from '../native/catalogue.ts';
import type { Server } from '../native/server.ts';
import { computeState } from '../states.ts';
import { flavorOf } from './entity.ts';

/** A mark that is younger may be of a resize that is about to be sent. */
const SENDING_MS = 60_000;
/** Maximum number of resizes that one listing confirms; the next listing continues. */
const MOST_CONFIRMED = 5;

/** Servers whose confirmation a user has sent from this process: Nova takes some seconds for it, or refuses a reader's. */
const TRIED = new BoundedCache<true>({ maxEntries: 1000, ttlMs: 30_000 });

/** When a size was asked for, and which: another tool may have asked for one since. */
const markFor = (flavor: Flavor): string => `${new Date().toISOString()} ${flavorLabel(flavor)}`;

function readMark(mark: string): { readonly ageMs: number; readonly flavor: string } {
  const at = mark.indexOf(' ');
  return { ageMs: Date.now() - Date.parse(mark.slice(0, at)), flavor: mark.slice(at + 1) };
}

/** True for a new size that this endpoint has asked for, that waits to be confirmed, and that this user has not just tried. */
async function awaitsUs(cloud: Cloud, server: Server): Promise<boolean> {
  const mark = server.metadata[KEY.resize];
  if (mark === undefined || server.status !== 'VERIFY_RESIZE' || server['OS-EXT-STS:task_state']) return false;
  const { userId } = await cloud.session();
  const flavor = flavorOf(server, await readFlavors(cloud));
  return flavor !== undefined && flavorLabel(flavor) === readMark(mark).flavor && !TRIED.get(`${userId} ${server.id}`);
}

/** Confirms it: 1 call. Never throws: a later look tries it again, and the call and its failure are in the log. */
async function confirm(cloud: Cloud, { id }: Server): Promise<void> {
  TRIED.set(`${(await cloud.session()).userId} ${id}`, true);
  const body = { confirmResize: null };
  await cloud.client.call('compute', 'POST', path`servers/${id}/action`, z.unknown(), { body }).catch(() => {});
}

/**
 * Confirms the new size of a server where it is ours to confirm, and takes an old mark away: no call, or 1. Never throws:
 * who may only read cannot confirm.
 */
export async function confirmResize(cloud: Cloud, server: Server): Promise<void> {
  const { id, status, metadata } = server;
  const mark = metadata[KEY.resize];
  if (mark === undefined) return;
  if (await awaitsUs(cloud, server).catch(() => false)) return await confirm(cloud, server);
  const isOver = status !== 'VERIFY_RESIZE' && computeState(server).state !== 'waiting';
  if (!isOver || readMark(mark).ageMs < SENDING_MS) return;
  await cloud.client
    .call('compute', 'DELETE', path`servers/${id}/metadata/${KEY.resize}`, z.undefined())
    .catch(() => {});
}

/** Confirms new sizes that a listing finds: no call where none waits for it, else at most 5, all at the same time. */
export async function confirmListed(cloud: Cloud, servers: readonly Server[]): Promise<void> {
  const waiting: Server[] = [];
  for (const server of servers)
    if (waiting.length < MOST_CONFIRMED && (await awaitsUs(cloud, server).catch(() => false))) waiting.push(server);
  await Promise.all(waiting.map((server) => confirm(cloud, server)));
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
