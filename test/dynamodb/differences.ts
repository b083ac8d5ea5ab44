/** Where DynamoDBs of others answer otherwise than AWS documents; docs/code.md shows it as a table. */
import { describe, expect, test } from '@jest/globals';
import { clientOf, newTable } from './new-table.ts';
import { PROBES, type Probe } from './probes.ts';

export const EMULATORS = ['dynalite', 'moto', 'MiniStack'] as const;
export type Emulator = (typeof EMULATORS)[number];

interface Documented {
  /** What AWS documents. */
  readonly aws: string;
  /** Those that answer otherwise, and how. */
  readonly otherwise: Partial<Record<Emulator, string>>;
  /** Why our tests hold all the same; empty where nobody answers otherwise. */
  readonly why: string;
}

const ALL_TAKE = { dynalite: 'taken', moto: 'taken', MiniStack: 'taken' };
const REFUSED_BY_US = 'refused by our own code before the call';

export const DIFFERENCES: Readonly<Record<Probe, Documented>> = {
  'an item of 400 KB': {
    aws: 'taken',
    otherwise: { moto: 'refused' },
    why: 'moto takes up to 405,000 bytes; two cases of the contract are left out there',
  },
  'an item of 400 KB and a byte': { aws: 'refused', otherwise: {}, why: '' },
  'an item of 410 KB in UTF-8, of 140,000 characters': {
    aws: 'refused',
    otherwise: { dynalite: 'taken' },
    why: `dynalite counts characters; ${REFUSED_BY_US}`,
  },
  'a sort key of 1,026 bytes in UTF-8, of 342 characters': {
    aws: 'refused',
    otherwise: { dynalite: 'taken' },
    why: `dynalite counts characters; ${REFUSED_BY_US}`,
  },
  'an empty sort key': { aws: 'refused', otherwise: {}, why: '' },
  'an empty name in a map': { aws: 'refused', otherwise: ALL_TAKE, why: REFUSED_BY_US },
  'a name of 64 KB': { aws: 'refused', otherwise: ALL_TAKE, why: REFUSED_BY_US },
  'the number 1e126': { aws: 'refused', otherwise: { moto: 'taken' }, why: REFUSED_BY_US },
  'the number 1e-131': { aws: 'refused', otherwise: {}, why: '' },
  'a number of 39 digits': {
    aws: 'refused',
    otherwise: { moto: 'taken' },
    why: 'numbers of JavaScript have 17 digits at most',
  },
  '32 maps in each other': {
    aws: 'taken',
    otherwise: { MiniStack: 'refused' },
    why: 'MiniStack counts the value within as the 32nd level; our own code allows 31',
  },
  '33 maps in each other': {
    aws: 'refused',
    otherwise: { dynalite: 'taken', moto: 'taken' },
    why: REFUSED_BY_US,
  },
  'BatchGetItem of 101 keys': { aws: 'refused', otherwise: {}, why: '' },
  'BatchGetItem of a key twice': { aws: 'refused', otherwise: {}, why: '' },
  'BatchGetItem of 20 MB': {
    aws: 'in parts',
    otherwise: { MiniStack: 'whole' },
    why: 'dynalite and moto show the parts',
  },
  'a query of 2 MB': { aws: 'in pages', otherwise: {}, why: '' },
  'the row that is there, with a condition that does not hold': {
    aws: 'told',
    otherwise: { dynalite: 'not told' },
    why: 'our code reads the row instead',
  },
  'expiry (UpdateTimeToLive)': {
    aws: 'taken',
    otherwise: { dynalite: 'refused' },
    why: 'the template sets it, and `npm run test:deployed` deploys the template; readers check the time themselves',
  },
};

/** Declares a test for each question; one that fails where a difference has vanished says so. */
export const holdDifferences = (
  emulator: Emulator,
  start: () => Promise<{ readonly endpoint: string; stop(): Promise<void> }>,
): void => {
  describe(`${emulator}, where AWS documents an answer`, () => {
    test.each(Object.keys(PROBES) as Probe[])('%s', async (probe) => {
      const { endpoint, stop } = await start();
      const client = clientOf(endpoint);
      const { name } = await newTable(endpoint);
      const answer = await PROBES[probe]({ client, name }).finally(() => client.destroy());
      await stop();
      const { aws, otherwise } = DIFFERENCES[probe];
      expect({ probe, answer }).toEqual({ probe, answer: otherwise[emulator] ?? aws });
    });
  });
};
