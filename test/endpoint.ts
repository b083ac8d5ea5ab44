/** A whole endpoint on a real socket: the local gateway, the handler, a table, the dummy cloud. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeService } from '../functions/services.ts';
import type { AuthScheme } from '../lib/auth/scheme.ts';
import { readSettings } from '../lib/config/index.ts';
import { occiHandler } from '../lib/request/handler.ts';
import { memoryTable } from '../lib/table/memory.ts';
import type { Table } from '../lib/table/table.ts';
import { createGateway, createGatewayServer, type Handler } from '../local/gateway.ts';
import { createRouter, readFunctions } from '../local/routes.ts';
import { LOCAL_DEFAULTS, maxAnswerBytes } from '../local/settings/settings.ts';

export interface Reply {
  readonly status: number;
  readonly reason: string;
  /** By lower-cased name; repeated ones joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** As they came, with their spelling. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
  readonly bytes: Buffer;
}

export interface Call {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

export interface Endpoint {
  readonly url: string;
  readonly table: Table;
  /** Calls of the table since the last `reset`, by method. */
  readonly calls: Record<string, number>;
  reset(): void;
  send(method: string, path: string, call?: Call): Promise<Reply>;
  stop(): Promise<void>;
}

/** A table that counts its calls. */
export function counted(table: Table): { table: Table; calls: Record<string, number> } {
  const calls: Record<string, number> = {};
  const counting = new Proxy(table, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...values: unknown[]) => {
        calls[String(name)] = (calls[String(name)] ?? 0) + 1;
        return member.apply(target, values);
      };
    },
  });
  return { table: counting, calls };
}

export interface EndpointOptions {
  readonly settings?: Record<string, unknown>;
  /** Settings of the dummy cloud. */
  readonly cloud?: Record<string, unknown>;
  readonly table?: Table;
  /** An adapter that is not in the registry, with its settings. */
  readonly adapter?: Parameters<typeof makeService>[2];
  /** Auth schemes in place of those of the settings. */
  readonly schemes?: readonly AuthScheme[];
  /** What the gateway adds to the context of every request: an authorizer's claims, a client certificate. */
  readonly context?: object;
  /** Header bytes that `send` accepts in an answer. */
  readonly maxHeaderSize?: number;
}

/** Starts an endpoint on a free port of loopback. */
export async function startEndpoint(options: EndpointOptions = {}): Promise<Endpoint> {
  const { table, calls } = counted(options.table ?? memoryTable());
  const settings = readSettings(
    JSON.stringify({
      adapter: { name: 'dummy', site: 'test', settings: options.cloud ?? {} },
      table: { kind: 'memory' },
      auth: ['anonymous'],
      ...LOCAL_DEFAULTS,
      local: true,
      ...options.settings,
    }),
  );
  const { schemes } = options;
  const service = makeService(settings, table, options.adapter).then((made) => (schemes ? { ...made, schemes } : made));
  const served = occiHandler(() => service) as unknown as Handler;
  const handler: Handler = (event, context) => {
    Object.assign(event.requestContext, options.context);
    return served(event, context);
  };
  const functions = readFunctions(readFileSync(new URL('../serverless.yml', import.meta.url), 'utf8'));
  const gateway = createGateway(
    createRouter(functions),
    new Map(functions.map(({ name }) => [name, handler])),
    undefined,
    maxAnswerBytes(settings),
  );
  const server = createGatewayServer(gateway);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    table,
    calls,
    reset() {
      for (const name of Object.keys(calls)) delete calls[name];
    },
    send: (method, path, call = {}) => send(port, method, path, call, options.maxHeaderSize ?? 65_536),
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** One request, the path verbatim, the answer whole. */
export function send(port: number, method: string, path: string, call: Call, maxHeaderSize: number): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const body = call.body === undefined ? undefined : Buffer.from(call.body);
    const headers: Record<string, string | readonly string[] | number> = { ...call.headers };
    if (body) headers['Content-Length'] = body.length;
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: headers as Record<string, string>,
        maxHeaderSize,
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const flat = Object.entries(response.headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join(', ') : value,
          ]);
          resolve({
            status: response.statusCode ?? 0,
            reason: response.statusMessage ?? '',
            headers: Object.fromEntries(flat),
            rawHeaders: response.rawHeaders,
            body: bytes.toString('utf8'),
            bytes,
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
