/**
 * Ports of ours that no server has any more. A process remembers what it has to delete when Nova lets go of it
 * (`own-ports.ts`); what a process that died has left is found among the unbound ports of the project, which a create or a
 * delete reads anyway. Ages are Neutron's: its `Date` header against its own times.
 */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import type { CallOptions } from '../api/call.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import { Refusal } from '../api/refusal.ts';
import { ifUnchanged } from '../api/revisions.ts';
import { linksNext } from '../catalogue/pages.ts';
import type { Cloud } from '../cloud.ts';
import { isMark, markOf } from '../mark.ts';
import { type Port, portsAnswer } from '../native/port.ts';
import { serversAnswer } from '../native/server.ts';
import { ownPorts } from './labels.ts';

/** From this age on an unbound port is left over, in milliseconds: no request that would bind it is under way any more. */
const LEFT_AFTER_MS = 600_000;
/** Up to this age a repeated create uses the port of an earlier attempt: so early that no sweep takes it meanwhile. */
const USED_AGAIN_MS = 300_000;
/** Ports that one request deletes at most, all at the same time; later requests go on. */
const MOST_DELETES = 20;
/** How long a request sweeps, in milliseconds: nothing of it goes on behind the answer, where a function is frozen. */
export const SWEEP_MS = 2000;

/** Ports of the caller's project, and Neutron's clock when it listed them, in milliseconds since the epoch. */
interface Listed {
  readonly ports: readonly Port[];
  readonly asOf: number;
}

/**
 * Unbound ports, and those of a server where one is named: 1 call, which has ended at `end` if that is given. NaN for the
 * time if the answer has none.
 */
async function listUnbound(cloud: Cloud, server: NativeId | undefined, end?: number): Promise<Listed> {
  const { endpoints, projectId } = await cloud.session();
  if (endpoints.network === undefined) return { ports: [], asOf: Number.NaN };
  const query = { device_id: ['', ...(server === undefined ? [] : [server])], project_id: projectId };
  const { value, headers } = await translateErrors('network', () =>
    cloud.client.call('network', 'GET', path`ports`, portsAnswer, { query, ...(end !== undefined && { end }) }),
  );
  return { ports: value.ports, asOf: Date.parse(headers.date ?? '') };
}

/** Milliseconds since Neutron has changed a port; NaN where Neutron keeps no times. */
export const ageOf = ({ created_at: created, updated_at: updated }: Port, asOf: number): number =>
  asOf - Date.parse(updated || created);

/** Ports that no server waits for which is being built, however long that takes: no call for none, else 1 to Nova. */
export async function notAwaited(
  { client }: Cloud,
  ports: readonly Port[],
  options: Pick<CallOptions, 'end'> = {},
): Promise<readonly Port[]> {
  if (ports.length === 0) return [];
  const answer = await client.read('compute', path`servers/detail`, serversAnswer, {
    query: { status: 'BUILD' },
    ...options,
  });
  // A second page is too many to tell: what is not known to be free stays.
  if (linksNext(answer.servers_links)) return [];
  const waiting = new Set(answer.servers.flatMap(ownPorts));
  return ports.filter(({ id }) => !waiting.has(id));
}

/** Deletes a port unless somebody has changed it since it was read, such as given it to a server: 1 call. */
export async function deleteFree({ client }: Cloud, port: Port, options: Pick<CallOptions, 'end'> = {}): Promise<void> {
  await client
    .call('network', 'DELETE', path`ports/${port.id}`, z.undefined(), {
      ...options,
      repeatable: true,
      ...ifUnchanged(port),
    })
    .catch((error) => {
      if (!(error instanceof Refusal && error.status === 404)) throw error;
    });
}

/** Deletes some of these ports, all at the same time: 1 call each. Returns those that are gone; never throws. */
export async function deleteSome(cloud: Cloud, ports: readonly Port[], end: number): Promise<readonly NativeId[]> {
  const some = ports.slice(0, MOST_DELETES);
  const ends = await Promise.allSettled(some.map((port) => deleteFree(cloud, port, { end })));
  return some.flatMap(({ id }, index) => (ends[index]!.status === 'fulfilled' ? [id] : []));
}

/** Deletes what is left over: no call where there is nothing, else 1 more to Nova and 1 for each port. Never throws. */
async function sweep(cloud: Cloud, left: readonly Port[]): Promise<void> {
  if (left.length === 0) return;
  const end = Date.now() + SWEEP_MS;
  await deleteSome(cloud, await notAwaited(cloud, left, { end }).catch(() => []), end);
}

/** True for a port that neither a server nor anything else has. */
export const isFree = ({ device_id: device, device_owner: owner }: Port): boolean => device === '' && owner === '';

/**
 * What an earlier attempt of a create has made: unbound ports, and one of the server where one is named. 1 call, which also
 * finds what is left over from others; that goes, and so does what is too old to be used again.
 */
export async function portsOfToken(cloud: Cloud, token: string, server?: NativeId): Promise<readonly Port[]> {
  const mark = markOf(token);
  const { ports, asOf } = await listUnbound(cloud, server);
  const isLeft = (port: Port): boolean =>
    isFree(port) &&
    isMark(port.description) &&
    ageOf(port, asOf) > (port.description === mark ? USED_AGAIN_MS : LEFT_AFTER_MS);
  const left = ports.filter(isLeft);
  await sweep(cloud, left);
  return ports.filter((port) => port.description === mark && !left.includes(port));
}

/**
 * Ports of a server: 1 call, which has ended at `end`, in milliseconds since the epoch, and also
 * finds what is left over from others; that goes.
 */
export async function portsOf(cloud: Cloud, server: NativeId, end: number): Promise<readonly Port[]> {
  const { ports, asOf } = await listUnbound(cloud, server, end);
  const marked = ports.filter(({ description }) => isMark(description));
  await sweep(
    cloud,
    marked.filter((port) => isFree(port) && ageOf(port, asOf) > LEFT_AFTER_MS),
  );
  return ports.filter(({ device_id: device }) => device === server);
}
