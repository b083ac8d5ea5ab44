/** What a container asks its cloud: the requests that this process sends while a piece of work runs, and the same again. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/** A request, with when it was sent and answered, in milliseconds of `performance.now()`. */
export interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly began: number;
  ended: number;
}

const CHANNEL = 'http.client.request.start';

/** The requests of some work, in the order in which they were sent. */
export async function recorded(work: () => Promise<unknown>): Promise<readonly Recorded[]> {
  const all: Recorded[] = [];
  const onRequest = (message: unknown) => {
    const { request } = message as { request: ClientRequest };
    const headers = Object.fromEntries(
      Object.entries(request.getHeaders()).map(([name, value]) => [name, String(value)]),
    );
    const url = `${request.protocol}//${headers.host}${request.path}`;
    const one: Recorded = {
      method: request.method,
      url,
      headers,
      began: performance.now(),
      ended: Number.POSITIVE_INFINITY,
    };
    all.push(one);
    request.once('close', () => {
      one.ended = performance.now();
    });
  };
  subscribe(CHANNEL, onRequest);
  try {
    await work();
  } finally {
    unsubscribe(CHANNEL, onRequest);
  }
  return all;
}

/** Sends the readings among the requests again by fetch, those that ran side by side side by side, and reads the answers. */
export async function fetchAgain(requests: readonly Recorded[]): Promise<number> {
  let bytes = 0;
  const send = async ({ method, url, headers }: Recorded): Promise<void> => {
    const { host: _, connection: __, ...others } = headers;
    const answer = await fetch(url, { method, headers: others });
    if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status}`);
    bytes += (await answer.text()).length;
  };
  const waiting = requests.filter(({ method }) => method === 'GET');
  while (waiting.length > 0) {
    const [first] = waiting as [Recorded];
    const together = waiting.filter(({ began }) => began < first.ended);
    waiting.splice(0, together.length);
    await Promise.all(together.map(send));
  }
  return bytes;
}
