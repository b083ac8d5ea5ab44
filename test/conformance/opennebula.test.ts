/** The conformance cases against the endpoint in front of an OpenNebula, with the credentials of one of its users. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import { type OpenNebula, startOpenNebula } from '../oned/index.ts';
import { runVectors } from './vectors.ts';

let one: OpenNebula;
let endpoint: Endpoint;

beforeAll(async () => {
  one = await startOpenNebula({ step: 0 });
  // The cases make networks, which a stock site lets only its administrators do.
  one.site.anyoneMakesNetworks = true;
  const settings = { endpoint: one.endpoint, defaultOsTemplate: 0, network: { vnMad: 'dummy', bridge: 'br0' } };
  endpoint = await startEndpoint({
    settings: { adapter: { name: 'opennebula', site: 'test', settings }, auth: ['basic'] },
  });
});

afterAll(async () => {
  await endpoint.stop();
  await one.close();
});

test('all 75 cases over HTTP hold', async () => {
  const AUTH_HEADER = `Authorization: Basic ${Buffer.from('alice:password').toString('base64')}`;
  const output = await runVectors({ BASE_URL: endpoint.url, AUTH_HEADER });
  expect(output.trim().split('\n').at(-1)).toBe('75 passed, 0 failed');
}, 120_000);
