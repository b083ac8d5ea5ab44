/** The walk with people who log in, over the embedded cloud. */
import { jest } from '@jest/globals';
import { describeWalks } from './by-scheme.ts';
import { embedded } from './clouds.ts';

jest.setTimeout(60_000);

await describeWalks({
  adapter: 'dummy',
  cloudOf: embedded,
  calls: true,
  naming: [
    ['entity', 'post'],
    ['kindCollection', 'delete'],
  ],
});
