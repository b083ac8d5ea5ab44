/** Where a client reaches a deployed API: MiniStack tells its APIs apart by the host name, which no resolver knows. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Endpoint, send } from '../endpoint.ts';
import { MINISTACK } from './stack.ts';

export interface Gateway extends Pick<Endpoint, 'send'> {
  readonly url: string;
  stop(): void;
}

const MAX_HEADER_BYTES = 65_536;

/** A proxy on a free port of loopback, which changes nothing but the host. */
export async function startGateway(apiId: string): Promise<Gateway> {
  const { hostname, port: upstream } = new URL(MINISTACK);
  const host = `${apiId}.execute-api.localhost:${upstream}`;
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (incoming, outgoing) => {
    const headers = { ...incoming.headers, host };
    const { method, url: path } = incoming;
    const onward = request(
      { hostname, port: upstream, method, path, headers, maxHeaderSize: MAX_HEADER_BYTES },
      (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.statusMessage, answer.rawHeaders);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    send: (method, path, call = {}) => send(port, method, path, call, MAX_HEADER_BYTES),
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
