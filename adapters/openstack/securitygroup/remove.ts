/** Deletes groups, and says who uses one that cannot be deleted. */
import * as z from 'zod';
import { OcciError } from '../../../lib/errors.ts';
import { toOcciError } from '../api/errors.ts';
import { path } from '../api/path.ts';
import { Refusal } from '../api/refusal.ts';
import type { Cloud } from '../cloud.ts';
import { sweepPorts } from '../machine/own-ports.ts';
import { groupUsersAnswer } from '../native/security-group.ts';

/** How many machines of the project have a group: 1 call. A Neutron without the filter lists all ports. */
async function countUsers({ client }: Cloud, id: string): Promise<number> {
  const { ports } = await client.read('network', path`ports`, groupUsersAnswer, {
    query: { security_groups: id, fields: ['device_id', 'security_groups'] },
  });
  const users = ports.filter(({ device_id, security_groups }) => device_id !== '' && security_groups.includes(id));
  return new Set(users.map(({ device_id }) => device_id)).size;
}

const isInUse = (error: unknown): boolean => error instanceof Refusal && error.type === 'SecurityGroupInUse';

/**
 * 1 call, 2 more and those of the sweep if it is in use: ports that Nova has let go of may be all that has it. Throws
 * `conflict` with the number of users.
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
    const count = await countUsers(cloud, id).catch(() => 0);
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
