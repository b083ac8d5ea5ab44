/**
 * Ports that are made for a new server, before it: Neutron refuses at once what Nova would accept and fail at later (an
 * address outside the subnets, an external network), and the ids of the links are known when the create answers. Nova
 * leaves such ports behind, so they are deleted after their server.
 */
import * as z from 'zod';
import { BoundedCache } from '../../../lib/adapter/cache.ts';
import type { LinkDraft, NativeId } from '../../../lib/adapter/contract.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { markOf } from '../mark.ts';
import { type Port, portsAnswer } from '../native/port.ts';
import { deleteSome, isFree, SWEEP_MS } from './left-ports.ts';

const ADDRESS = 'occi.networkinterface.address';
const MAC = 'occi.networkinterface.mac';
const INTERFACE = 'occi.networkinterface.interface';

/** A port as it is to be: on a network, perhaps with an address, a MAC and groups. */
interface PortPlan {
  readonly network_id: NativeId;
  /** What the interface is called here: the guest may call it something else. */
  readonly name?: string;
  readonly fixed_ips?: readonly { readonly ip_address: string }[];
  readonly mac_address?: string;
  readonly security_groups?: readonly NativeId[];
}

const textAt = ({ attributes }: LinkDraft, name: string): string | undefined => {
  const value = attributes[name];
  return typeof value === 'string' ? value : undefined;
};

/** The port of an inline networkinterface. */
export function portPlan(link: LinkDraft, groups: readonly NativeId[]): PortPlan {
  const [name, address, mac] = [textAt(link, INTERFACE), textAt(link, ADDRESS), textAt(link, MAC)];
  return {
    network_id: link.target.id,
    ...(name !== undefined && { name }),
    ...(address !== undefined && { fixed_ips: [{ ip_address: address }] }),
    ...(mac !== undefined && { mac_address: mac.toLowerCase() }),
    ...(groups.length > 0 && { security_groups: groups }),
  };
}

/** True for a port that is as a plan wants it. */
const fits = (port: Port, { network_id: network, fixed_ips = [], mac_address: mac }: PortPlan): boolean =>
  port.device_id === '' &&
  port.network_id === network &&
  (mac === undefined || port.mac_address === mac) &&
  fixed_ips.every(({ ip_address: address }) => port.fixed_ips.some((one) => one.ip_address === address));

/**
 * Makes ports, all or none, in the order of the plans: 1 call, or none for what an earlier attempt has left. Throws
 * `invalid` for a network that is not there.
 */
export async function makePorts(
  cloud: Cloud,
  plans: readonly PortPlan[],
  token: string,
  earlier: readonly Port[],
): Promise<readonly Port[]> {
  const left = [...earlier];
  const found = plans.map((plan) => {
    const at = left.findIndex((port) => fits(port, plan));
    return at < 0 ? undefined : left.splice(at, 1)[0];
  });
  const missing = plans.filter((_, index) => found[index] === undefined);
  if (missing.length === 0) return found.map((port) => port!);
  const body = { ports: missing.map((plan) => ({ ...plan, description: markOf(token) })) };
  const { value } = await translateErrors('networkinterface', () =>
    cloud.client.call('network', 'POST', path`ports`, portsAnswer, { body }),
  );
  const made = [...value.ports];
  return found.map((port) => port ?? made.shift()!);
}

/** Takes back ports that were made for a server that Nova has refused: 1 call each. Never throws. */
export async function deletePorts(cloud: Cloud, ports: readonly Port[]): Promise<void> {
  await Promise.allSettled(
    ports.map(({ id }) =>
      cloud.client.call('network', 'DELETE', path`ports/${id}`, z.undefined(), { repeatable: true }),
    ),
  );
}

/** When this process forgets a port that it waits for, in milliseconds since the epoch. */
type Waiting = Map<NativeId, number>;

/** Ports that Nova was told to let go of, by the tokens of a connection and then by project. */
const WAITING = new WeakMap<Cloud['tokens'], BoundedCache<Waiting>>();
const MAX_PROJECTS = 1000;
const MAX_PORTS = 1000;
/** How long they are waited for, in milliseconds: then Nova has failed, or `left-ports.ts` finds them. */
const WAITING_MS = 600_000;
/** Ports that one look asks for: their ids stand in the URL, of which servers read some kilobytes. */
const MOST_LOOKED_AT = 50;

async function waitingOf(cloud: Cloud): Promise<Waiting> {
  const { projectId } = await cloud.session();
  const projects = WAITING.get(cloud.tokens) ?? new BoundedCache<Waiting>({ maxEntries: MAX_PROJECTS });
  WAITING.set(cloud.tokens, projects);
  return projects.get(projectId) ?? projects.set(projectId, new Map());
}

/**
 * Remembers the ports of a deleted server, or of a detach, for `sweepPorts`: Nova lets go of them only later. After a death
 * of this process they go as `left-ports.ts` says, or with their network.
 */
export async function dropPorts(cloud: Cloud, ids: readonly NativeId[]): Promise<void> {
  if (ids.length === 0) return;
  const waiting = await waitingOf(cloud);
  const until = Date.now() + WAITING_MS;
  for (const id of ids) waiting.set(id, until);
  for (const [oldest] of waiting) {
    if (waiting.size <= MAX_PORTS) break;
    waiting.delete(oldest);
  }
}

/** The ports of the next look: those that were not looked at for the longest time, which come last from now on. */
function nextOf(waiting: Waiting): readonly NativeId[] {
  for (const [id, until] of waiting) if (until <= Date.now()) waiting.delete(id);
  const next = [...waiting].slice(0, MOST_LOOKED_AT);
  for (const [id, until] of next) {
    waiting.delete(id);
    waiting.set(id, until);
  }
  return next.map(([id]) => id);
}

/**
 * Deletes those that `dropPorts` remembers and no server has any more: no call where nothing is remembered, else 1, and 1
 * for each that is free. Nova may have accepted a detach and failed at it: such a port is in use, and stays. Never throws.
 */
export async function sweepPorts(cloud: Cloud): Promise<void> {
  const waiting = await waitingOf(cloud);
  const ids = nextOf(waiting);
  if (ids.length === 0) return;
  const end = Date.now() + SWEEP_MS;
  try {
    const { ports } = await cloud.client.read('network', path`ports`, portsAnswer, { query: { id: ids }, end });
    const there = new Set(ports.map(({ id }) => id));
    const gone = await deleteSome(cloud, ports.filter(isFree), end);
    for (const id of [...ids.filter((one) => !there.has(one)), ...gone]) waiting.delete(id);
  } catch {
    // Best effort: the call and its failure are in the log.
  }
}
