/** The life cycle in front of EC2: as an emulator shows everything at once, and as EC2 shows what is new, late. */
import { describe } from '@jest/globals';
import type { Settings } from '../ec2-proxy/settings.ts';
import { startEndpoint } from '../endpoint.ts';
import { lifeCycles } from '../life-cycles/life-cycle.ts';
import { startEc2 } from './ec2.ts';
import { prepare } from './ec2-site.ts';

const STEPS = { pending: 50, stopping: 20, shuttingDown: 20, creating: 20, attaching: 20, detaching: 20 };

const TIMES: Readonly<Record<string, Partial<Settings>>> = {
  'at once': {},
  '300 ms late': { ...STEPS, unseen: 300, untagged: 300 },
};

describe.each(Object.entries(TIMES))('%s', (times, late) => {
  lifeCycles(`EC2, ${times}`, async () => {
    const proxy = await startEc2();
    const { settings, addresses } = await prepare(proxy);
    Object.assign(proxy.settings, late);
    const endpoint = await startEndpoint({ settings: { adapter: { name: 'ec2', site: 'test', settings } } });
    return {
      endpoint,
      network: () => {
        const { address, gateway } = addresses();
        return { 'occi.network.address': address, 'occi.network.gateway': gateway };
      },
      async stop() {
        await endpoint.stop();
        await proxy.stop();
      },
    };
  });
});
