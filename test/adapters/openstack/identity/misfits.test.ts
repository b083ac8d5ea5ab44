/** Settings with a region or an interface that the cloud does not have: a fault of the provider, told to him. */
import { afterEach, expect, test } from '@jest/globals';
import { capture } from '../../../lib/request/secrets/captured.ts';
import { type Alice, startAlice } from '../alice.ts';

let alice: Alice;
afterEach(() => alice.stop());

test('A region that the catalogue lacks is 500, with those that there are in the log, and not healthy', async () => {
  alice = await startAlice({}, { region: 'Nowhere' });
  const output = capture();
  try {
    for (const path of ['/network/', '/compute/', '/-/']) {
      const { status, body } = await alice.endpoint.send('GET', path);
      expect([status, body]).toEqual([500, expect.stringContaining('no public endpoint in the region Nowhere')]);
    }
  } finally {
    output.end();
  }
  expect(output.lines.join('\n')).toContain('regions of the catalogue: RegionOne; interfaces: public, admin, internal');
  const { status, body } = await alice.send('GET', '/.well-known/health', {});
  expect([status, JSON.parse(body)]).toEqual([503, { status: 'unavailable' }]);
});

test('Settings that fit the catalogue are healthy after a login', async () => {
  alice = await startAlice({}, { region: 'RegionOne', interface: 'internal' });
  expect((await alice.endpoint.send('GET', '/network/')).status).toBe(200);
  expect((await alice.send('GET', '/.well-known/health', {})).status).toBe(200);
});
