/** The groups on the ports of a machine. Neutron replaces all groups of a port at once. */

import * as z from 'zod';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import { ifUnchanged, isStale } from '../api/revisions.ts';
import type { Cloud } from '../cloud.ts';
import { type GuardedPort, guardedPort, guardedPortsAnswer } from '../native/security-group.ts';

/** How often a change is tried while other requests change the same ports. */
const MAX_ATTEMPTS = 5;

const portAnswer = z.object({ port: guardedPort });

/** Ports of a machine: 1 call. */
async function readPorts(cloud: Cloud, server: string): Promise<readonly GuardedPort[]> {
  const { projectId } = await cloud.session();
  const query = { device_id: server, project_id: projectId };
  const { ports } = await translateErrors('securitygrouplink', () =>
    cloud.client.read('network', path`ports`, guardedPortsAnswer, { query }),
  );
  return ports;
}

/** False if the port was changed meanwhile, and nothing was written. */
async function write({ client }: Cloud, port: GuardedPort, groups: readonly string[]): Promise<boolean> {
  try {
    await client.call('network', 'PUT', path`ports/${port.id}`, portAnswer, {
      body: { port: { security_groups: groups } },
      ...ifUnchanged(port),
    });
    return true;
  } catch (error) {
    if (isStale(error)) return false;
    throw error;
  }
}

/** The groups that ports are to have, of those that do not stay as they are. Throws `OcciError`. */
export type Plan = (ports: readonly GuardedPort[]) => readonly (readonly [GuardedPort, readonly string[]])[];

/**
 * Gives the ports of a machine other groups: 1 call, and 1 for each port that changes. A port that another request has
 * changed since it was read is read again. Throws `unavailable` if others go on changing it.
 */
export async function changeGroups(cloud: Cloud, server: string, plan: Plan): Promise<void> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const ports = await readPorts(cloud, server);
    const changes = plan(ports);
    const written = await translateErrors('securitygrouplink', async () => {
      let all = true;
      for (const [port, groups] of changes) all = (await write(cloud, port, groups)) && all;
      return all;
    });
    if (written) return;
  }
  throw new OcciError('unavailable', 'The securitygroups of the compute are being changed by others; try again.', {
    unknownOutcome: true,
    headers: { 'Retry-After': '2' },
  });
}

/** True for a port that can have groups: Neutron wants port security and an address. */
export const canHaveGroups = ({ port_security_enabled: isGuarded, fixed_ips }: GuardedPort): boolean =>
  isGuarded && fixed_ips.length > 0;
