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

/** Passes calls on to a cloud for as long as the process lives; a dead one's are neither carried out nor answered. */
export async function startRelay(cloud: string, callOf: (body: string) => NativeCall, life: Life): Promise<Relay> {
  const to = new URL(cloud);
  const agent = new Agent({ keepAlive: true });
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const { name, changes } = callOf(body.toString());
    const call = () => forward(to, agent, request.method!, request.url!, request.headers, body);
    try {
      const answer = await (changes ? life.change(name, call) : life.read(call));
      const { connection: _, 'transfer-encoding': __, ...headers } = answer.headers;
      response.writeHead(answer.status, { ...headers, 'content-length': answer.body.length });
      response.end(answer.body);
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
