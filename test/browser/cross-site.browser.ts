/** Pages of other origins, in a real browser, before an endpoint that asks for no credentials, as `npm start` is. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import { make } from '../lib/operations/payloads.ts';
import { act, answerTo, fetched, POSTS, type Shot } from './attacks.ts';
import { newPage, type Site, startBrowser, startSite } from './browser.ts';

let browser: Browser;
let site: Site;
let endpoint: Endpoint;
let machine: string;
let page: Page;

/** The endpoint as curl sees it. */
const everything = async (at: Endpoint): Promise<string> => {
  const headers = { Accept: 'application/occi+json' };
  const kinds = ['compute', 'storage', 'network', 'networkinterface', 'storagelink'];
  const all = await Promise.all(kinds.map((kind) => at.send('GET', `/${kind}/`, { headers })));
  expect(all.map(({ status }) => status)).toEqual(kinds.map(() => 200));
  return all.map(({ body }) => body).join('\n');
};

const CREATE = {
  name: 'Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"\r\nX-OCCI-Attribute: occi.core.title',
  value: '"made by a page"',
};
const STOP = {
  name: 'Category: stop; scheme="http://schemas.ogf.org/occi/infrastructure/compute/action#"; class="action"\r\nX-OCCI-Attribute: method',
  value: '"poweroff"',
};
const create = (at: Endpoint): Shot => ({ ...CREATE, url: `${at.url}/compute/` });
const stop = (at: Endpoint, of: string): Shot => ({ ...STOP, url: `${at.url}${of}?action=stop` });

/** Names of pages that are not ours: another site, another port of the same host, another name of this machine. */
const STRANGERS = ['evil.example', '127.0.0.1', 'localhost'];
const strangersPage = (name: string): string => `http://${name}:${site.port}`;

beforeAll(async () => {
  [browser, site, endpoint] = await Promise.all([startBrowser(), startSite(), startEndpoint()]);
  machine = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'ours' } });
  await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
});
afterAll(async () => {
  await browser.close();
  site.stop();
  await endpoint.stop();
});
beforeEach(async () => {
  page = await newPage(browser);
});
afterEach(() => page.context().close());

describe.each(STRANGERS)('A page of %s at another port', (name) => {
  test.each(Object.entries(POSTS))('creates and stops nothing by %s', async (_, post) => {
    const before = await everything(endpoint);
    for (const shot of [create(endpoint), stop(endpoint, machine), stop(endpoint, '/compute/')]) {
      await page.goto(strangersPage(name));
      expect(await post(page, shot)).toEqual({ status: 403, read: expect.not.stringContaining('{') });
    }
    expect(await everything(endpoint)).toBe(before);
  });

  test('deletes nothing and reads nothing', async () => {
    const before = await everything(endpoint);
    await page.goto(strangersPage(name));
    for (const [path, method] of [
      [machine, 'DELETE'],
      ['/compute/', 'DELETE'],
      ['/compute/x', 'PUT'],
      ['/compute/', 'GET'],
      ['/-/', 'GET'],
    ] as const) {
      expect([method, await fetched(page, `${endpoint.url}${path}`, method)]).toEqual([method, 'nothing']);
    }
    expect(await everything(endpoint)).toBe(before);
  });

  test('acts on nothing by an image, a frame or a link', async () => {
    const before = await everything(endpoint);
    const url = `${endpoint.url}${machine}?action=stop`;
    await page.goto(strangersPage(name));
    expect(await act(page, 'embed', { url })).toEqual({ width: 0, text: 'nothing' });
    const [status] = await Promise.all([answerTo('GET', url), act(page, 'leave', { url })]);
    // An action is a POST, and a GET that looks like one says so.
    expect(status).toBe(400);
    expect(await everything(endpoint)).toBe(before);
  });
});

describe('What is let in', () => {
  test('is a page of the endpoint itself', async () => {
    const own = await startEndpoint();
    try {
      for (const base of [own.url, own.url.replace('127.0.0.1', 'localhost')]) {
        await page.goto(`${base}/-/`);
        for (const way of ['a form', 'a fetch that would see the answer', 'a beacon'] as const) {
          await page.goto(`${base}/-/`);
          expect([way, (await POSTS[way](page, { ...CREATE, url: `${base}/compute/` })).status]).toEqual([way, 201]);
        }
      }
    } finally {
      await own.stop();
    }
  });

  test('is a page that cors names, by every way but that of a sandbox', async () => {
    const friendly = await startEndpoint({
      settings: { cors: { origins: [strangersPage('portal.example')], credentials: true } },
    });
    try {
      for (const [way, post] of Object.entries(POSTS)) {
        await page.goto(strangersPage('portal.example'));
        const { status } = await post(page, create(friendly));
        expect([way, status]).toEqual([way, way === 'a form in a sandbox' ? 403 : 201]);
      }
      await page.goto(strangersPage('portal.example'));
      expect(await fetched(page, `${friendly.url}/network/none`, 'DELETE')).toMatchObject({ status: 404 });
      await page.goto(strangersPage('evil.example'));
      expect((await POSTS['a form'](page, create(friendly))).status).toBe(403);
    } finally {
      await friendly.stop();
    }
  });
});

describe('A name that leads here in this browser only', () => {
  test.each(['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'])('gets %s refused', async (method) => {
    const before = await everything(endpoint);
    const rebound = endpoint.url.replace('127.0.0.1', 'rebound.example');
    const opened = await page.goto(`${rebound}/compute/`);
    expect(opened?.status()).toBe(403);
    for (const path of ['/compute/', machine, '/-/']) {
      const reply = await fetched(page, `${rebound}${path}`, method);
      expect(reply).toMatchObject({ status: 403 });
      expect(JSON.stringify(reply)).not.toMatch(/[0-9a-f]{8}-|Category/);
    }
    expect(await everything(endpoint)).toBe(before);
  });
});
