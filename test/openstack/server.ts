import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BadDays, carriesOut, spoil } from './bad-days.ts';
import type { Log } from './log.ts';
import type { Proof } from './proof.ts';
import {
  Refused,
  type Service,
  type ServiceAnswer,
  type ServiceName,
  type ServiceRequest,
  type TokenOwner,
} from './service.ts';
import type { Site } from './site.ts';

interface Context {
  readonly site: Site;
  readonly badDays: BadDays;
  readonly log: Log;
  readonly proof: Proof;
}

const UNAUTHORIZED = {
  error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' },
};

/** Body and type of an answer. Errors of services say JSON with UTF-8, but clients need not care. */
function written({ body }: ServiceAnswer): { readonly bytes: Buffer; readonly type: string | undefined } {
  if (body === undefined) return { bytes: Buffer.alloc(0), type: undefined };
  if (typeof body === 'string') return { bytes: Buffer.from(body), type: 'text/html; charset=utf-8' };
  return { bytes: Buffer.from(JSON.stringify(body)), type: 'application/json' };
}

/** One service on a port of its own, on loopback. */
export class ServiceServer {
  private server: Server | undefined;
  private port = 0;

  constructor(
    private readonly name: ServiceName,
    private readonly service: Service,
    private readonly context: Context,
  ) {}

  /** Listens; after `close` again on the same port. */
  async listen(): Promise<string> {
    if (this.server) return this.origin();
    const server = createServer((request, response) => this.receive(request, response));
    server.on('connection', (socket) => socket.setNoDelay(true));
    await new Promise<void>((listening) => server.listen(this.port, '127.0.0.1', listening));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    return this.origin();
  }

  /** From now on connections are refused. */
  async close(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }

  private origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  private receive(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => this.answer(request, Buffer.concat(chunks).toString(), response));
  }

  private answer(
    { method = 'GET', url = '/', headers }: IncomingMessage,
    text: string,
    response: ServerResponse,
  ): void {
    const { pathname, searchParams } = new URL(url, this.origin());
    const { badDays, log, site } = this.context;
    const request: ServiceRequest = {
      method,
      path: pathname,
      query: searchParams,
      headers: headers as Record<string, string>,
      text,
      origin: this.origin(),
    };
    site.steps.pass();
    const entry = log.add({ service: this.name, method, path: pathname, query: searchParams.toString(), body: text });
    response.once('close', () => log.ended(entry));
    const day = badDays.next({ service: this.name, method, path: pathname, token: request.headers['x-auth-token'] });
    const answer = day?.kind === 'expired' || !carriesOut(day) ? this.unauthorized() : this.perform(request);
    entry.status = answer.status;
    const send = (other: ServiceAnswer = answer): void => {
      entry.status = other.status;
      this.send(other, method, response);
    };
    if (day) spoil(day, response, response.socket!, { bytes: written(answer).bytes, send });
    else send();
  }

  private perform(request: ServiceRequest): ServiceAnswer {
    const isOpen = this.service.isOpen(request);
    const owner = isOpen ? undefined : this.context.proof.ownerOf(request.headers['x-auth-token']);
    if (!owner && !isOpen) return this.unauthorized();
    const answer = this.served(request, owner);
    const always = answer.withoutVersion ? {} : this.service.always?.(request);
    return { ...answer, headers: { ...always, ...answer.headers } };
  }

  private served(request: ServiceRequest, owner: TokenOwner | undefined): ServiceAnswer {
    try {
      return this.service.answer(request, owner);
    } catch (cause) {
      if (cause instanceof Refused) return cause.answer;
      // A fault of the stand-in itself: it must not look like one of OpenStack's.
      return { status: 599, body: { standIn: cause instanceof Error ? cause.stack : String(cause) } };
    }
  }

  private unauthorized(): ServiceAnswer {
    const answer = this.service.unauthorized?.() ?? { status: 401, body: UNAUTHORIZED };
    return { ...answer, headers: { ...answer.headers, 'www-authenticate': this.challenge() } };
  }

  private challenge(): string {
    return `Keystone uri="${this.context.site.origins.identity}/v3"`;
  }

  private send(answer: ServiceAnswer, method: string, response: ServerResponse): void {
    const { bytes, type } = written(answer);
    const id = `req-${randomUUID()}`;
    response.writeHead(answer.status, {
      date: new Date(this.context.site.now()).toUTCString(),
      ...(type !== undefined && { 'content-type': type }),
      ...(answer.status !== 204 && { 'content-length': bytes.length }),
      ...(!answer.withoutRequestId && { 'x-openstack-request-id': id }),
      ...(this.name === 'compute' && !answer.withoutRequestId && { 'x-compute-request-id': id }),
      ...answer.headers,
    });
    response.end(method === 'HEAD' ? undefined : bytes);
  }
}
