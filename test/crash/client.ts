/** A client that outlives its server: a request that gets no answer is an outcome, not an error. */
import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  /** Objects go as OCCI JSON, strings as text/plain. */
  readonly body?: object | string;
}

export interface Client {
  /** Resolves to `undefined` when the server died before it had answered. */
  send(method: string, path: string, sent?: Sent): Promise<Answer | undefined>;
  close(): void;
}

/** Connections of a client at most: more at once would only wait in the server. */
const CONNECTIONS = 16;
/** How often a client asks again that has time, and milliseconds between. */
const REPETITIONS = 20;
const PAUSE_MS = 500;

/** Asks again where the store did not answer in time, as on a machine that is busy with other things. */
export const patient = ({ send, close }: Client): Client => ({
  async send(method, path, sent) {
    let answer = await send(method, path, sent);
    for (let again = 0; answer?.status === 503 && again < REPETITIONS; again++) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      answer = await send(method, path, sent);
    }
    return answer;
  },
  close,
});

const JSON_TYPE = 'application/occi+json';

export const clientOf = (url: string): Client => {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  return {
    send: (method, path, { headers, body } = {}) =>
      new Promise((resolve) => {
        const text = typeof body === 'object' ? JSON.stringify(body) : body;
        const type = typeof body === 'object' ? JSON_TYPE : 'text/plain';
        const own = text === undefined ? {} : { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) };
        const all = { Accept: JSON_TYPE, ...own, ...headers };
        const asked = request(url + path, { method, agent, headers: all }, (response) => {
          let answer = '';
          response.setEncoding('utf8').on('data', (part: string) => {
            answer += part;
          });
          response.on('error', () => resolve(undefined));
          response.on('end', () => {
            if (!response.complete) return resolve(undefined);
            const { location } = response.headers;
            resolve({
              status: response.statusCode ?? 0,
              location: location && new URL(location).pathname,
              body: answer,
            });
          });
        });
        asked.on('error', () => resolve(undefined)).end(text);
      }),
    close: () => agent.destroy(),
  };
};
