/**
 * A security group on a machine: on each of its ports that can have one, because OCCI links groups to computes only. Nova
 * has calls for that, but they stop half-way at a port that has the group already.
 */
import type { Draft, KindAdapter, Native } from '../../../lib/adapter/contract.ts';
import { LINK_STATE } from '../../../lib/adapter/states.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { type Cloud, linkId, linkParts } from '../cloud.ts';
import { linkListings } from '../machine/link-listings.ts';
import { type Machine, readMachine, readServer } from '../machine/machine.ts';
import type { GuardedPort } from '../native/security-group.ts';
import type { Server } from '../native/server.ts';
import { computeState } from '../states.ts';
import { canHaveGroups, changeGroups } from './guarded-ports.ts';
import { readGroup } from './reads.ts';

type Link = Native<'securitygrouplink'>;

const noSuchLink = (cause?: unknown): OcciError =>
  new OcciError('notFound', 'There is no such securitygrouplink.', { cause });

const toSecuritygrouplink = (server: Server, group: string): Link => ({
  kind: 'securitygrouplink',
  id: linkId(server.id, group),
  attributes: { 'occi.securitygrouplink.state': LINK_STATE[computeState(server).state] },
  mixins: [],
  source: { kind: 'compute', id: server.id },
  target: { kind: 'securitygroup', id: group },
});

/** The links of a machine to its groups, each once however many of its ports have it. */
export const toSecuritygrouplinks = ({ server, ports }: Machine): readonly Link[] =>
  [...new Set(ports.flatMap(({ security_groups }) => security_groups))]
    .sort()
    .map((group) => toSecuritygrouplink(server, group));

const orNoEnd =
  (kind: 'compute' | 'securitygroup') =>
  (error: unknown): never => {
    if (!isFailure(error, 'notFound')) throw error;
    throw new OcciError('invalid', `There is no such ${kind}, or it may not be used.`, { cause: error });
  };

/** Throws `conflict` for a machine none of whose ports can have a group. */
function requireGuarded(ports: readonly GuardedPort[]): void {
  if (ports.some(canHaveGroups)) return;
  const why =
    ports.length === 0 ? 'has no networkinterface yet' : 'has no networkinterface with an address and port security';
  throw new OcciError('conflict', `The compute ${why}, and without one it can have no securitygroup.`);
}

/** 3 calls, 2 of them at once, and 1 for each port without the group. */
async function addGroup(cloud: Cloud, { source, target }: Draft<'securitygrouplink'>): Promise<Link> {
  if (source?.kind !== 'compute' || target?.kind !== 'securitygroup') {
    throw new OcciError('invalid', 'A securitygrouplink starts at a compute and ends at a securitygroup.');
  }
  const [server, group] = await Promise.all([
    readServer(cloud, source.id).catch(orNoEnd('compute')),
    readGroup(cloud, target.id).catch(orNoEnd('securitygroup')),
  ]);
  await changeGroups(cloud, server.id, (ports) => {
    requireGuarded(ports);
    return ports
      .filter((port) => canHaveGroups(port) && !port.security_groups.includes(group.id))
      .map((port) => [port, [...port.security_groups, group.id]]);
  });
  return toSecuritygrouplink(server, group.id);
}

export const securitygrouplink = (cloud: Cloud): KindAdapter<'securitygrouplink'> => {
  const { tokens } = cloud;

  /** The calls of a machine. */
  const get = async (id: string): Promise<Link> => {
    const [server = '', group] = linkParts(id) ?? [];
    if (group === undefined) throw noSuchLink();
    const machine = await readMachine(cloud, server).catch((error) => {
      throw isFailure(error, 'notFound') ? noSuchLink(error) : error;
    });
    const link = toSecuritygrouplinks(machine).find((one) => one.id === id);
    if (!link) throw noSuchLink();
    return link;
  };

  return {
    /** As listings of machines. */
    ...linkListings(cloud, 'network', toSecuritygrouplinks),

    get,

    /** Knows the creates of this process only: one of another process is found by a create, which changes nothing. */
    async findByToken(token) {
      const { projectId } = await cloud.session();
      const id = await tokens.known(`securitygrouplink ${projectId}`, token);
      if (id === undefined) return undefined;
      return get(id).catch((error) => {
        if (isFailure(error, 'notFound')) return undefined;
        throw error;
      });
    },

    /** Made again it is the same link, whatever the token: a machine has a group once. */
    async create(draft, token) {
      const { projectId } = await cloud.session();
      let fresh: Link | undefined;
      const made = await tokens.createOnce(`securitygrouplink ${projectId}`, token, async () => {
        fresh = await addGroup(cloud, draft);
        return fresh.id;
      });
      return fresh ?? get(made);
    },

    /** The calls of a machine, 1 more, and 1 for each port that has the group. A machine may be without any. */
    async remove(id) {
      const { source, target } = await get(id);
      await changeGroups(cloud, source!.id, (ports) =>
        ports
          .filter(({ security_groups }) => security_groups.includes(target!.id))
          .map((port) => [port, port.security_groups.filter((one) => one !== target!.id)]),
      );
      tokens.forget(id);
    },

    cannotHold: ['occi.core.title', 'occi.core.summary'],
  };
};
