/** Another size for a machine, on a real Nova: what is asked for once is there after a while, and stays. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { CRTP, entity, make, read } from '../../../lib/operations/payloads.ts';
import { basic, type Site, startSite } from './site.ts';

jest.setTimeout(300_000);

const FLAVOR = 'http://schemas.openstack.org/template/resource#';
const PATIENCE_MS = 120_000;
const POLL_MS = 1000;

let site: Site;
beforeAll(async () => {
  site = await startSite(['alice']);
}, 300_000);
afterAll(() => site?.stop(), 300_000);

test('a machine gets a flavor, a size of the profile, and the cores and memory of a request', async () => {
  const headers = basic(site.tenants.credentials('alice'));
  const alice: Pick<Site['endpoint'], 'send'> = {
    send: (method, path, call = {}) =>
      site.endpoint.send(method, path, { ...call, headers: { ...call.headers, ...headers } }),
  };
  const active = async (path: string) => {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const shown = await read(alice, path);
      if (shown.attributes['occi.compute.state'] === 'active' || Date.now() > end) return shown;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };
  const change = async (method: string, wanted: object) =>
    (await alice.send(method, path, entity('application/occi+json', wanted))).status;

  const path = await make(alice, { kind: 'compute', mixins: [`${FLAVOR}1`] });
  expect((await active(path)).attributes).toMatchObject({ 'occi.compute.state': 'active', 'occi.compute.cores': 1 });

  expect(await change('POST', { mixins: [`${FLAVOR}2`] })).toBe(200);
  const flavored = await active(path);
  expect(flavored.attributes['occi.compute.state']).toBe('active');
  expect(flavored.mixins).toContain(`${FLAVOR}2`);

  expect(await change('POST', { mixins: [`${CRTP}medium`] })).toBe(200);
  const sized = await active(path);
  expect(sized.mixins).toContain(`${CRTP}medium`);

  const attributes = { 'occi.compute.cores': 1, 'occi.compute.memory': 2 };
  expect(await change('PUT', { kind: 'compute', attributes })).toBe(200);
  expect((await active(path)).attributes).toMatchObject({ 'occi.compute.state': 'active', ...attributes });
  expect((await alice.send('DELETE', path)).status).toBe(200);
});
