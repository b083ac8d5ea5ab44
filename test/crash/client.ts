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

const JSON_TYPE = 'application/occi+json';

export const clientOf = (url: string): Client => {
  const agent = new Agent({ keepAlive: true });
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
