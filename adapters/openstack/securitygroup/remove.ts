/** Deletes groups, and says who uses one that cannot be deleted. */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { toOcciError } from '../api/errors.ts';
import { path } from '../api/path.ts';
import { Refusal } from '../api/refusal.ts';
import type { Cloud } from '../cloud.ts';
import { areGoing, stillUsed } from '../machine/going-servers.ts';
import { sweepPorts } from '../machine/own-ports.ts';
import { groupUsersAnswer } from '../native/security-group.ts';

/** The machines that have a group, each with its project: 1 call. A Neutron without the filter lists all ports. */
async function readUsers({ client }: Cloud, id: string): Promise<ReadonlyMap<NativeId, string>> {
  const { ports } = await client.read('network', path`ports`, groupUsersAnswer, {
    query: { security_groups: id, fields: ['device_id', 'project_id', 'security_groups'] },
  });
  const users = ports.filter(({ device_id, security_groups }) => device_id !== '' && security_groups.includes(id));
  return new Map(users.map(({ device_id, project_id }) => [device_id, project_id]));
}

const isInUse = (error: unknown): boolean => error instanceof Refusal && error.type === 'SecurityGroupInUse';

/**
 * 1 call, 2 more and those of the sweep if it is in use: ports that Nova has let go of may be all that has it. Throws
 * `conflict` with the number of users, or that the last ones are being deleted: 1 call more for each.
 */
export async function removeGroup(cloud: Cloud, id: string): Promise<void> {
  const attempt = async () => {
    await cloud.client.call('network', 'DELETE', path`security-groups/${id}`, z.unknown(), { repeatable: true });
  };
  try {
    await attempt().catch(async (error) => {
      if (!isInUse(error)) throw error;
      await sweepPorts(cloud);
      await attempt();
    });
  } catch (error) {
    if (!isInUse(error)) throw toOcciError(error, 'securitygroup');
    const found = await readUsers(cloud, id).catch(() => new Map<NativeId, string>());
    const { projectId } = await cloud.session();
    const areOurs = [...found.values()].every((project) => project === projectId);
    if (areOurs && (await areGoing(cloud, found.keys()))) throw stillUsed('securitygroup', error);
    const count = found.size;
    const users =
      count === 0
        ? 'something other than a compute'
        : count === 1
          ? '1 compute resource'
          : `${count} compute resources`;
    throw new OcciError('conflict', `The securitygroup is used by ${users}, so it cannot be deleted.`, {
      cause: error,
    });
  }
}
