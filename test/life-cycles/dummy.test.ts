import { startEndpoint } from '../endpoint.ts';
import { lifeCycles } from './life-cycle.ts';

let next = 1;
lifeCycles('the embedded cloud', async () => {
  const endpoint = await startEndpoint();
  return {
    endpoint,
    network: () => ({ 'occi.network.address': `10.9.${next++}.0/24`, 'occi.network.allocation': 'dynamic' }),
    stop: () => endpoint.stop(),
  };
});
