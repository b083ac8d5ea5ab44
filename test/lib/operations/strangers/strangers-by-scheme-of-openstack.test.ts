/** The walk with people who log in, over OpenStack: with passwords, and with tokens of Keystone. */
import { jest } from '@jest/globals';
import { describeWalks } from './by-scheme.ts';
import { openStack } from './clouds.ts';

jest.setTimeout(120_000);

await describeWalks({
  adapter: 'openstack',
  cloudOf: openStack,
  // Those of one request go side by side, in any order.
  calls: false,
  naming: [['kindCollection', 'delete']],
});
