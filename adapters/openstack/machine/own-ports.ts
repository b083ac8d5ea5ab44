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
import { Refusal } from '../api/refusal.ts';
import type { Cloud } from '../cloud.ts';
import { markOf } from '../mark.ts';
import { type Port, portsAnswer } from '../native/port.ts';

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

const isGone = (error: unknown): boolean => error instanceof Refusal && error.status === 404;

/** Deletes ports that no server has: 1 call each. True for those that are gone; never throws. */
export async function deletePorts({ client }: Cloud, ids: readonly NativeId[]): Promise<readonly NativeId[]> {
  const gone = await Promise.all(
    ids.map((id) =>
      client
        .call('network', 'DELETE', path`ports/${id}`, z.undefined(), { repeatable: true })
        .then(() => true)
        .catch(isGone),
    ),
  );
  return ids.filter((_, index) => gone[index]);
}

/** Ports of deleted servers that Neutron still took for used, by the tokens of a connection and then by project. */
const WAITING = new WeakMap<Cloud['tokens'], BoundedCache<ReadonlySet<NativeId>>>();
const MAX_PROJECTS = 1000;
const MAX_PORTS = 1000;

async function waitingOf(cloud: Cloud) {
  const { projectId } = await cloud.session();
  const projects = WAITING.get(cloud.tokens) ?? new BoundedCache({ maxEntries: MAX_PROJECTS });
  WAITING.set(cloud.tokens, projects);
  return {
    ports: projects.get(projectId) ?? new Set<NativeId>(),
    keep: (ids: ReadonlySet<NativeId>) => projects.set(projectId, ids),
  };
}

/**
 * Deletes the ports of a deleted server. Those that Neutron still takes for used, which only a moment ago they were, are
 * remembered for `sweepPorts`; after a death of this process they go as `left-ports.ts` says, or with their network.
 */
export async function dropPorts(cloud: Cloud, ids: readonly NativeId[]): Promise<void> {
  if (ids.length === 0) return;
  const { ports, keep } = await waitingOf(cloud);
  keep(new Set([...ports, ...ids].slice(-MAX_PORTS)));
}

/** Tries to delete what `dropPorts` remembers: no call where there is nothing, else 1 for each. Never throws. */
export async function sweepPorts(cloud: Cloud): Promise<void> {
  const { ports } = await waitingOf(cloud);
  if (ports.size === 0) return;
  const gone = await deletePorts(cloud, [...ports]);
  const now = await waitingOf(cloud);
  now.keep(new Set([...now.ports].filter((id) => !gone.includes(id))));
}
