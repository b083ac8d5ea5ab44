/** What the browser keeps is not for pages of others: an endpoint with passwords, in front of an OpenNebula. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import { type OpenNebula, startOpenNebula } from '../oned/index.ts';
import { POSTS } from './attacks.ts';
import { newPage, type Site, startBrowser, startSite } from './browser.ts';

let browser: Browser;
let site: Site;
let one: OpenNebula;

const CREATE = {
  name: 'Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"\r\nX-OCCI-Attribute: occi.core.title',
  value: '"made by a page"',
};

beforeAll(async () => {
  [browser, site, one] = await Promise.all([startBrowser(), startSite(), startOpenNebula({ step: 1 })]);
});
afterAll(async () => {
  await browser.close();
  site.stop();
  await one.close();
});

const serving = (settings: Record<string, unknown> = {}): Promise<Endpoint> => {
  const cloud = { endpoint: one.endpoint, defaultOsTemplate: 0 };
  const adapter = { name: 'opennebula', site: 'test', settings: cloud };
  return startEndpoint({ settings: { adapter, auth: ['basic'], ...settings } });
};

/** A page of a browser that was given alice's password once, and keeps it. */
async function withPassword(endpoint: Endpoint): Promise<Page> {
  const page = await newPage(browser);
  await page.goto(`${endpoint.url.replace('//', '//alice:password@')}/compute/`);
  expect((await page.goto(`${endpoint.url}/compute/`))?.status()).toBe(200);
  return page;
}

const machines = () => one.site.vms.ascending().length;

test.each(Object.entries(POSTS))('A page of another origin creates nothing by %s', async (_, post) => {
  const endpoint = await serving();
  try {
    const page = await withPassword(endpoint);
    const before = machines();
    for (const name of ['evil.example', 'localhost']) {
      await page.goto(`http://${name}:${site.port}`);
      expect(await post(page, { ...CREATE, url: `${endpoint.url}/compute/` })).toMatchObject({ status: 403 });
    }
    expect(machines()).toBe(before);
    await page.context().close();
  } finally {
    await endpoint.stop();
  }
});

test('A page of an origin that cors names acts with the password that the browser keeps', async () => {
  const origin = `http://portal.example:${site.port}`;
  const endpoint = await serving({ cors: { origins: [origin] } });
  try {
    const page = await withPassword(endpoint);
    const before = machines();
    await page.goto(origin);
    expect((await POSTS['a form'](page, { ...CREATE, url: `${endpoint.url}/compute/` })).status).toBe(201);
    expect(machines()).toBe(before + 1);
    await page.context().close();
  } finally {
    await endpoint.stop();
  }
});

test('With cors for all origins no page does', async () => {
  const endpoint = await serving({ cors: { origins: '*' } });
  try {
    const page = await withPassword(endpoint);
    const before = machines();
    for (const post of Object.values(POSTS)) {
      await page.goto(`http://evil.example:${site.port}`);
      expect(await post(page, { ...CREATE, url: `${endpoint.url}/compute/` })).toMatchObject({ status: 403 });
    }
    expect(machines()).toBe(before);
    await page.context().close();
  } finally {
    await endpoint.stop();
  }
});
