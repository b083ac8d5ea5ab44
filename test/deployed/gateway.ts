/** Where a client reaches a deployed API: MiniStack tells its APIs apart by the host name, which no resolver knows. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MINISTACK } from './stack.ts';

export interface Gateway {
  readonly url: string;
  readonly port: number;
  stop(): void;
}

/** A proxy on a free port of loopback, which changes nothing but the host. */
export async function startGateway(apiId: string): Promise<Gateway> {
  const { hostname, port: upstream } = new URL(MINISTACK);
  const host = `${apiId}.execute-api.localhost:${upstream}`;
  const server = createServer({ maxHeaderSize: 65_536 }, (incoming, outgoing) => {
    const headers = { ...incoming.headers, host };
    const { method, url: path } = incoming;
    const onward = request({ hostname, port: upstream, method, path, headers, maxHeaderSize: 65_536 }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.statusMessage, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
