/** The walk with people who log in, over OpenNebula: with its passwords, its login tokens, and its service account. */
import { jest } from '@jest/globals';
import { describeWalks } from './by-scheme.ts';
import { openNebula } from './clouds.ts';

jest.setTimeout(60_000);

await describeWalks({
  adapter: 'opennebula',
  cloudOf: openNebula,
  // Those of one request go side by side, in any order, and after the answer where it is a refusal.
  calls: false,
  // The rest is in a test of its own, and takes longer.
  naming: [],
});
