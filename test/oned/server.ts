import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BadDays, carriesOut, spoil } from './bad-days.ts';
import { perform } from './methods.ts';
import { Fault } from './refusal.ts';
import type { Site } from './site.ts';
import { faultResponse, response as written } from './xml-rpc-answer.ts';
import { type NativeCall, readCall } from './xml-rpc-call.ts';

const EMPTY = `<HTML><HEAD><TITLE>Error 400</TITLE></HEAD><BODY><H1>Error 400</H1><P>According to your content-length HTTP header, your request is empty (zero length)</P></BODY></HTML>`;

/** Listens on loopback, at a port of the system's choice; every answer closes its connection, as oned's do. */
export class XmlRpcServer {
  readonly badDays = new BadDays();
  /** Methods in the order of their calls, those within a multicall one by one. */
  readonly methods: string[] = [];
  /** Requests over HTTP; a multicall is one. */
  requests = 0;
  /** Most calls that were in flight at one time. */
  mostInFlight = 0;
  private inFlight = 0;
  private readonly server: Server;

  constructor(private readonly site: Site) {
    this.server = createServer((request, response) => this.receive(request, response));
    this.server.on('connection', (socket) => socket.setNoDelay(true));
  }

  async listen(port: number): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(port, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/RPC2`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private receive(request: IncomingMessage, response: ServerResponse): void {
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    response.once('close', () => {
      this.inFlight -= 1;
    });
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => this.answer(Buffer.concat(chunks).toString(), response));
  }

  private answer(body: string, response: ServerResponse): void {
    response.setHeader('connection', 'close');
    response.setHeader('server', 'Xmlrpc-c_Abyss/1.33.14');
    if (body === '') {
      response.writeHead(400, { 'content-type': 'text/html' });
      response.end(EMPTY);
      return;
    }
    this.requests += 1;
    response.setHeader('content-type', 'text/xml; charset=utf-8');
    try {
      const call = readCall(body);
      const day = this.badDays.next(call.method);
      if (!carriesOut(day)) this.methods.push(call.method);
      const answer = carriesOut(day) ? this.perform(call) : '';
      if (day) {
        spoil(day, response, response.socket!, answer);
        return;
      }
      const bytes = Buffer.from(answer);
      response.setHeader('content-length', bytes.length);
      response.end(bytes);
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      response.end(faultResponse(cause));
    }
  }

  private perform(call: NativeCall): string {
    try {
      return written(perform(this.site, call, (method) => this.methods.push(method)));
    } catch (cause) {
      if (cause instanceof Fault) return faultResponse(cause);
      throw cause;
    }
  }
}
