/** The bench starts its files by name, so no import would notice that one has moved. */
import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { entriesFor, isAdapter } from '../../bench/entries.mjs';

test.each([undefined, 'opennebula', 'ec2'])('Every file that the bench starts exists: %s', (adapter) => {
  const sources = entriesFor(adapter).map((entry) => entry.in);
  expect(sources.filter((path) => !existsSync(new URL(`../../${path}`, import.meta.url)))).toEqual([]);
  expect(isAdapter(adapter)).toBe(adapter !== undefined);
});
