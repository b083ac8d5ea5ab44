/** A real browser, and pages for it that are not ours. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Names that only this browser knows; they lead to loopback, as an attacker's would. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP *.example 127.0.0.1',
];

/** Starts the browser that `run.mjs` has found, with a profile of its own that goes when it is closed. */
export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env.CHROMIUM!, headless: true, args: FLAGS });

const SCRIPT = fileURLToPath(new URL('page.js', import.meta.url));

/** A page with a memory of its own, in which the script of `page.js` is. */
export async function newPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext();
  await context.addInitScript({ path: SCRIPT });
  return await context.newPage();
}

/** A server of empty pages, for scripts to act in. */
export interface Site {
  readonly port: number;
  stop(): void;
}

export async function startSite(): Promise<Site> {
  const server = createServer((_, res) => {
    res.writeHead(200, { 'Content-Type': 'text/html' });
    res.end('<!doctype html><title>a page</title><p>Welcome</p>');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
