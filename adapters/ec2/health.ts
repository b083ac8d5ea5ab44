/** The health check: whether EC2 responds. */

import type { AdapterEnvironment } from '../../lib/adapter/module.ts';
import { OcciError } from '../../lib/errors.ts';
import { connections, ec2 } from './api/client.ts';
import type { Ec2Settings } from './config.ts';
import { zones } from './native/index.ts';

/** Reads the zones with the function's own role. Rejects if EC2 does not respond; a refusal counts as a response. */
export function probe({ settings }: AdapterEnvironment<Ec2Settings>): (deadline: number) => Promise<void> {
  const connected = connections({ ...settings, attempts: 1 });
  return async (deadline) => {
    const asked = ec2(connected, { role: undefined, deadline, onCall: undefined });
    try {
      await asked.call('DescribeAvailabilityZones', {}, zones);
    } catch (error) {
      if (error instanceof OcciError && (error.failure === 'unavailable' || error.failure === 'timedOut')) throw error;
    }
  };
}
