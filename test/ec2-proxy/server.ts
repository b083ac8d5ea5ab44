import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Answering } from './answering.ts';
import { type Call, readCall } from './call.ts';
import { Faults, HTML, refusalOf } from './faults.ts';
import { refusalBody } from './refusal.ts';
import type { Site } from './site.ts';
import type { Answer } from './upstream.ts';

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const send = (response: ServerResponse, { status, type, body }: Answer): void => {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
};

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds).unref());

/** The proxy on a port of 127.0.0.1: it counts what comes, does what goes wrong, and passes on what is not EC2's. */
export class Ec2Server {
  readonly faults = new Faults();
  /** All calls of EC2 so far, in order, those that went wrong included. */
  readonly calls: Call[] = [];
  private readonly answering: Answering;
  private readonly server = createServer((request, response) => {
    this.serve(request, response).catch((error: unknown) => {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      if (!response.headersSent) send(response, { status: 500, type: 'text/plain', body: `The proxy failed: ${why}` });
      else response.destroy();
    });
  });

  constructor(private readonly site: Site) {
    this.answering = new Answering(site);
  }

  async listen(port: number): Promise<string> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
    this.site.upstream.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const call = readCall(body.toString(), request.headers);
    if (call.signer().service === 'ec2' && call.action) await this.serveEc2(call, request, response);
    else await this.passOn(body, request, response);
  }

  private async passOn(
    body: Buffer,
    { method = 'GET', url = '/', headers }: IncomingMessage,
    response: ServerResponse,
  ) {
    const answer = await this.site.upstream.send({ method, path: url, headers, body });
    const { connection: _, 'transfer-encoding': __, 'content-length': ___, ...kept } = answer.headers;
    response.writeHead(answer.status, { ...kept, 'content-length': Buffer.byteLength(answer.body) });
    response.end(answer.body);
  }

  private async serveEc2(call: Call, request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.calls.push(call);
    const fault = this.faults.next(call.action);
    if (fault?.kind === 'silent') return;
    if (fault?.kind === 'down') return void request.socket.destroy();
    if (fault?.kind === 'html') return send(response, { status: fault.status ?? 503, type: 'text/html', body: HTML });
    if (fault?.kind === 'dies') {
      const { code, message = `${code}: as the test said` } = fault;
      this.site.dyingLaunches.set(call, { code, message });
    }
    const refusal = refusalOf(fault);
    if (refusal)
      return send(response, { status: refusal.status, type: 'text/xml;charset=UTF-8', body: refusalBody(refusal) });
    const answer = await this.answering.answer(call);
    if (fault?.kind === 'lost' || (fault?.kind === 'dies' && fault.isLost)) return void request.socket.destroy();
    if (fault?.kind === 'slow') await pause(fault.milliseconds);
    send(response, answer);
  }
}
