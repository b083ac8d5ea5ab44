/** Records the requests between the adapter and the cloud during one run, to replay them without the adapter. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';

/** The HTTP requests of one operation. */
export interface Recording {
  readonly bodies: readonly string[];
  /** Most of them that were in flight at one time. */
  readonly atOnce: number;
  /** Bytes of the answers together. */
  readonly bytes: number;
}

export interface Recorder {
  readonly endpoint: string;
  /** What was asked since the last take. */
  take(): Recording;
  close(): void;
}

/** Sends all requests that do not come from the adapter. */
export const post = (endpoint: string, body: string): Promise<Response> =>
  fetch(endpoint, { method: 'POST', headers: { 'content-type': 'text/xml; charset=utf-8' }, body });

export const startRecorder = async (endpoint: string): Promise<Recorder> => {
  let bodies: string[] = [];
  let [inFlight, atOnce, bytes] = [0, 0, 0];
  const server = createServer(async (request, response) => {
    inFlight += 1;
    atOnce = Math.max(atOnce, inFlight);
    const body = await text(request);
    bodies.push(body);
    const answer = await post(endpoint, body);
    const whole = await buffer(answer.body!);
    bytes += whole.length;
    inFlight -= 1;
    response.writeHead(answer.status, { 'content-type': 'text/xml; charset=utf-8', connection: 'close' });
    response.end(whole);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/RPC2`,
    take() {
      const taken = { bodies, atOnce, bytes };
      bodies = [];
      [atOnce, bytes] = [0, 0];
      return taken;
    },
    close: () => void server.close(),
  };
};

/** Sends the same requests with the same concurrency, and reads and drops each answer. */
export const replay = async (endpoint: string, { bodies, atOnce }: Pick<Recording, 'bodies' | 'atOnce'>) => {
  const left = [...bodies];
  const next = async (): Promise<void> => {
    for (let body = left.shift(); body !== undefined; body = left.shift()) {
      const { body: answer } = await post(endpoint, body);
      for await (const _ of answer!);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
};
