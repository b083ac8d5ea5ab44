/** The way of one process to its cloud: calls that change something are steps of its life. */
import { once } from 'node:events';
import { Agent, createServer, type IncomingHttpHeaders, request as open } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Life } from './life.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A native call as it is sent. */
export interface NativeRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** What a native call is: its name, and whether it changes anything. */
export interface NativeCall {
  readonly name: string;
  readonly changes: boolean;
}

const bodyOf = async (message: AsyncIterable<unknown>): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

function forward(
  to: URL,
  agent: Agent,
  method: string,
  path: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const target = { host: to.hostname, port: to.port, method, path, headers, agent };
    const request = open(target, (response) => {
      const whole = (bytes: Buffer) => ({ status: response.statusCode!, headers: response.headers, body: bytes });
      bodyOf(response).then((bytes) => resolve(whole(bytes)), reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

export interface Relay {
  readonly endpoint: string;
  stop(): void;
}

/** What a process has between it and its cloud. */
export interface Way {
  /** What a call is. */
  callOf(request: NativeRequest): NativeCall;
  readonly life: Life;
  /** Texts in answers that are others for the process. */
  readonly renamed?: ReadonlyMap<string, string>;
}

function renamedIn(body: Buffer, renamed: Way['renamed'] = new Map()): Buffer {
  if (renamed.size === 0) return body;
  let text = body.toString();
  for (const [from, to] of renamed) text = text.replaceAll(from, to);
  return Buffer.from(text);
}

/** Passes calls on to a cloud for as long as the process lives; a dead one's are neither carried out nor answered. */
export async function startRelay(cloud: string, { callOf, life, renamed }: Way): Promise<Relay> {
  const to = new URL(cloud);
  const agent = new Agent({ keepAlive: true });
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const [method, path] = [request.method!, request.url!];
    const { name, changes } = callOf({ method, path, body: body.toString() });
    const call = () => forward(to, agent, method, path, request.headers, body);
    try {
      const answer = await (changes ? life.change(name, call) : life.read(call));
      const { connection: _, 'transfer-encoding': __, ...headers } = answer.headers;
      const told = renamedIn(answer.body, renamed);
      response.writeHead(answer.status, { ...headers, 'content-length': told.length });
      response.end(told);
    } catch {
      response.destroy();
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}${to.pathname}`,
    stop() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

/** Relays to all services of a cloud, of which the first is asked where the others are: its answers name their relays. */
export async function startRelays(endpoint: string, origins: readonly string[], way: Way): Promise<Relay> {
  const renamed = new Map<string, string>();
  const relays = await Promise.all(
    origins.map(async (origin) => {
      const relay = await startRelay(origin, { ...way, renamed });
      renamed.set(origin, new URL(relay.endpoint).origin);
      return relay;
    }),
  );
  const { origin, pathname } = new URL(endpoint);
  return {
    endpoint: renamed.get(origin)! + pathname,
    stop() {
      for (const relay of relays) relay.stop();
    },
  };
}
