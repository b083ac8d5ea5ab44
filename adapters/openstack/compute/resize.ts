/**
 * Another flavor. Nova keeps the old server until the new size is confirmed; a request cannot wait for that, so the server
 * is marked, and the next look at it that finds it ready confirms. What others have resized stays theirs to confirm.
 */
import * as z from 'zod';
import { BoundedCache } from '../../../lib/adapter/cache.ts';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { KEY } from '../machine/labels.ts';
import type { Flavor } from '../native/catalogue.ts';
import type { Server } from '../native/server.ts';
import { computeState } from '../states.ts';

/** A mark counts for as long as the copy of a large disk may take. */
const MARK_MS = 24 * 3_600_000;
/** A mark that is younger may be of a resize that is about to be sent. */
const SENDING_MS = 60_000;

/** Servers whose confirmation this process has sent: Nova takes some seconds for it. */
const CONFIRMED = new BoundedCache<true>({ maxEntries: 1000, ttlMs: 30_000 });

const ageOf = (mark: string): number => Date.now() - Date.parse(mark);

/**
 * Confirms the new size of a server where it is ours to confirm, and takes an old mark away: no call, or 1. Never throws:
 * who may only read cannot confirm.
 */
export async function confirmResize({ client }: Cloud, server: Server): Promise<void> {
  const { id, status, metadata } = server;
  const mark = metadata[KEY.resize];
  if (mark === undefined) return;
  const age = ageOf(mark);
  try {
    if (status === 'VERIFY_RESIZE') {
      if (!(age < MARK_MS) || CONFIRMED.get(id) || server['OS-EXT-STS:task_state']) return;
      CONFIRMED.set(id, true);
      await client.call('compute', 'POST', path`servers/${id}/action`, z.unknown(), { body: { confirmResize: null } });
    } else if (!(age < SENDING_MS) && computeState(server).state !== 'waiting') {
      await client.call('compute', 'DELETE', path`servers/${id}/metadata/${KEY.resize}`, z.undefined());
    }
  } catch {
    // The next look tries it again; the call and its failure are in the log.
    CONFIRMED.delete(id);
  }
}

/**
 * Asks for another flavor, with metadata to write before: 2 calls. Throws `conflict` naming the state in which Nova resizes no
 * server.
 */
export async function resize(
  { client }: Cloud,
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
  const { id } = server;
  const forget = () =>
    client.call('compute', 'DELETE', path`servers/${id}/metadata/${KEY.resize}`, z.undefined()).catch(() => {});
  CONFIRMED.delete(id);
  await translateErrors('compute', async () => {
    const body = { metadata: { ...labels, [KEY.resize]: new Date().toISOString() } };
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
