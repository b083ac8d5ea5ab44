import type { Cloud } from './cloud.ts';

/** The embedded cloud: its native calls are writes of the table. */
export const startDummy = async (): Promise<Cloud> => ({
  name: 'dummy',
  settings: () => ({ floatingIpPools: [{ term: 'pool', title: 'Pool', range: '203.0.113.0/29' }] }),
  addresses: 6,
  auth: 'anonymous',
  headers: {},
  callOf: () => ({ name: '', changes: false }),
  needs: (kind) => (kind === 'storage' ? { attributes: { 'occi.storage.size': 1 } } : {}),
  inventory: async () => ({}),
  later() {},
  copy: startDummy,
  async stop() {},
});
