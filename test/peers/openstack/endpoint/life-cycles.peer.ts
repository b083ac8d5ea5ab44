/** The life cycle in front of OpenStack: a client with a password, and one with a token that it got at Keystone. */
import { jest } from '@jest/globals';
import { lifeCycles } from '../../../life-cycles/life-cycle.ts';
import { basic, startSite } from './site.ts';

jest.setTimeout(240_000);

let next = 1;
const network = () => ({ 'occi.network.address': `10.9.${next++}.0/24`, 'occi.network.allocation': 'dynamic' });

const site = async (headersOf: (site: Awaited<ReturnType<typeof startSite>>) => Promise<Record<string, string>>) => {
  const started = await startSite(['alice']);
  const { endpoint, stop } = started;
  return { endpoint, headers: await headersOf(started), patience: 90, network, stop };
};

lifeCycles('OpenStack, a password', () => site(async ({ tenants }) => basic(tenants.credentials('alice'))), [
  'text/plain',
]);

lifeCycles(
  'OpenStack, a token',
  () => site(async ({ session }) => ({ 'X-Auth-Token': (await session('alice')).token })),
  ['application/occi+json'],
);
