import type { Fault } from '../ec2-proxy/faults.ts';
import { type Ec2Proxy, type Ec2ProxyOptions, startEc2Proxy } from '../ec2-proxy/index.ts';
import { startMoto } from './moto.mjs';

export interface Ec2Options extends Omit<Ec2ProxyOptions, 'upstream'> {
  /** What goes wrong from the beginning; more in `faults`. */
  readonly faults?: readonly (Fault & { readonly action?: string; readonly times?: number })[];
  /** Where a moto listens; by default that of the run (MOTO_ENDPOINT), or a new one. */
  readonly upstream?: string;
}

/**
 * An EC2 to work against: the proxy in front of a moto, in an account that nobody else has. `npm run test:peers` starts
 * one moto for all; outside of it each call starts one, which ends with `stop`.
 */
export const startEc2 = async ({ faults = [], upstream, ...options }: Ec2Options = {}): Promise<Ec2Proxy> => {
  const known = upstream ?? process.env.MOTO_ENDPOINT;
  const own = known ? undefined : await startMoto();
  const proxy = await startEc2Proxy({ ...options, upstream: known ?? own!.endpoint });
  for (const { action, times, ...fault } of faults) proxy.faults.add(fault as Fault, { action, times });
  return {
    ...proxy,
    stop: async () => {
      await proxy.stop();
      own?.stop();
    },
  };
};
