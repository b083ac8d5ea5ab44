/** A fake EC2 with prescribed answers over HTTP, to test transport failures that mocks of the client cannot show. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call as it came. */
export interface Seen {
  readonly action: string;
  readonly params: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

export type Answerer = (response: ServerResponse, call: Seen) => void;

const XMLNS = 'http://ec2.amazonaws.com/doc/2016-11-15/';

/** An answer of EC2's with this inside. */
export const answer =
  (inside: string): Answerer =>
  (response, { action }) => {
    response.writeHead(200, { 'content-type': 'text/xml;charset=UTF-8' });
    response.end(`<?xml version="1.0"?><${action}Response xmlns="${XMLNS}">${inside}</${action}Response>`);
  };

/** A refusal as EC2 writes it. */
export const refuse =
  (code: string, message = code, status = 400): Answerer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'text/xml;charset=UTF-8' });
    response.end(
      `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>r</RequestID></Response>`,
    );
  };

/** Any text under any status. */
export const say =
  (status: number, type: string, body: string): Answerer =>
  (response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  };

/** Closes the connection without an answer. */
export const cut: Answerer = (response) => void response.socket?.destroy();

export interface Ec2Server {
  readonly endpoint: string;
  readonly seen: readonly Seen[];
  stop(): Promise<void>;
}

/** Starts it; `answerers` are used one after the other, the last for ever. */
export async function ec2Server(...answerers: readonly Answerer[]): Promise<Ec2Server> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const params = new URLSearchParams(Buffer.concat(chunks).toString());
    const call = { action: params.get('Action') ?? '', params, headers: request.headers };
    seen.push(call);
    answerers[Math.min(seen.length, answerers.length) - 1]?.(response, call);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
