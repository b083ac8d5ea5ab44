/** The bench starts its files by name, so no import would notice that one has moved. */
import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { entriesFor, isNamed } from '../../bench/entries.mjs';

test.each([undefined, 'opennebula', 'ec2', 'openstack', 'auth', 'cold'])(
  'Every file that the bench starts exists: %s',
  (name) => {
    const sources = entriesFor(name).map((entry) => entry.in);
    expect(sources.filter((path) => !existsSync(new URL(`../../${path}`, import.meta.url)))).toEqual([]);
    expect(isNamed(name)).toBe(name !== undefined);
  },
);
