import type { Method } from '../method.ts';
import { CODE, Refusal } from '../refusal.ts';
import type { Network } from '../site.ts';
import { parseTemplate } from '../template-parser.ts';
import { object } from './objects.ts';

/** `LEASES = [ IP = "…" ]`: holding what is taken is refused, releasing what is not held is not. */
export const holding = (change: (network: Network, ip: string) => boolean): Method => ({
  takes: ['is'],
  run: (call) => {
    const network = object(call, (site) => site.networks, 'MANAGE');
    const [lease] = parseTemplate(call.text(1), CODE.internal).vectors('LEASES');
    if (!lease?.has('IP')) throw new Refusal(CODE.internal, 'Empty lease description.');
    if (!change(network, lease.get('IP')!)) {
      throw new Refusal(CODE.internal, 'Address is not part of the address range or in use.');
    }
    network.touch();
    return network.id;
  },
});

export const hold = (network: Network, ip: string): boolean => {
  const range = network.ranges.find((one) => one.indexOf({ ip }) !== undefined);
  const index = range?.indexOf({ ip });
  if (!range || index === undefined || range.leases.has(index)) return false;
  range.hold(index);
  return true;
};

export const release = (network: Network, ip: string): boolean => {
  for (const range of network.ranges) {
    const index = range.indexOf({ ip });
    if (index !== undefined && range.leases.get(index)?.id === -1) range.leases.delete(index);
  }
  return true;
};
