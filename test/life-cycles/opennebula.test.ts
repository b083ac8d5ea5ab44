import { startEndpoint } from '../endpoint.ts';
import { startOpenNebula } from '../oned/index.ts';
import { lifeCycles } from './life-cycle.ts';

let next = 1;
lifeCycles('OpenNebula', async () => {
  const one = await startOpenNebula({ step: 1 });
  one.site.anyoneMakesNetworks = true;
  const network = { vnMad: 'dummy', bridge: 'br0' };
  const settings = { endpoint: one.endpoint, defaultOsTemplate: 0, network };
  const endpoint = await startEndpoint({
    settings: { adapter: { name: 'opennebula', site: 'test', settings }, auth: ['basic'] },
  });
  return {
    endpoint,
    headers: { Authorization: `Basic ${Buffer.from('alice:password').toString('base64')}` },
    network: () => ({ 'occi.network.address': `10.9.${next++}.0/24`, 'occi.network.allocation': 'dynamic' }),
    async stop() {
      await endpoint.stop();
      await one.close();
    },
  };
});
