/** What a page can have its reader's browser send: each way ends when the endpoint has answered. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Page } from 'playwright-core';

/** A request with a text/plain body, `name=value` as a form makes it. */
export interface Shot {
  readonly url: string;
  readonly name: string;
  readonly value: string;
}

/** Status of the answer as it left us, and what the browser let the page read of it. */
export interface Outcome {
  readonly status: number;
  readonly read: unknown;
}

/** Has the page do something of `page.js`; what that came to. */
export const act = <T = unknown>(page: Page, what: string, how: object): Promise<T> =>
  page.evaluate(`page.${what}(${JSON.stringify(how)})`);

/** The channel on which Node publishes each answer that a server of this process has sent. */
const SENT = 'http.server.response.finish';

/** The status of the next answer to such a request. A browser does not report all that a page sends. */
export function answerTo(method: string, url: string): Promise<number> {
  const { port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const onSent = (message: unknown): void => {
      const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
      const isIt = request.method === method && request.url === pathname + search;
      if (isIt && String(request.socket.localPort) === port) end(() => resolve(response.statusCode));
    };
    const timer = setTimeout(() => end(() => reject(new Error(`no ${method} ${url} has come`))), 10_000);
    const end = (say: () => void): void => {
      clearTimeout(timer);
      unsubscribe(SENT, onSent);
      say();
    };
    subscribe(SENT, onSent);
  });
}

const way =
  (what: string) =>
  async (page: Page, shot: Shot): Promise<Outcome> => {
    const [status, read = 'nothing'] = await Promise.all([answerTo('POST', shot.url), act(page, what, shot)]);
    return { status, read };
  };

/** The page's own form: the browser then shows the answer. */
async function form(page: Page, shot: Shot): Promise<Outcome> {
  const outcome = await way('form')(page, shot);
  await page.waitForURL(shot.url);
  return outcome;
}

/** Ways to POST for which a browser asks no leave. */
export const POSTS = {
  'a form': form,
  'a form in a sandbox': way('sandboxed'),
  'a fetch that sees no answer': way('unseen'),
  'a fetch that would see the answer': way('seen'),
  'a beacon': way('beacon'),
} as const;

/** What a page reads of the answer to a `fetch`. */
export const fetched = (page: Page, url: string, method = 'GET') =>
  act<{ readonly status: number; readonly body: string } | 'nothing'>(page, 'fetch', { url, method });
