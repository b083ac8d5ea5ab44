/** The endpoint as deployed, over a cloud and an empty table: events of the gateway in, its answers out. */
import { randomUUID } from 'node:crypto';
import { makeService } from '../functions/services.ts';
import { readSettings } from '../lib/config/index.ts';
import { occiHandler } from '../lib/request/handler.ts';
import { memoryTable } from '../lib/table/memory.ts';

/** Deadline of a request. */
export const REQUEST_TIMEOUT_MS = 600_000;
export const SITE = 'bench';

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Reply {
  readonly statusCode?: number;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
}

/** Sends a request of the caller with these credentials (`user:password`). */
export type Endpoint = (credentials: string, sent: Sent) => Promise<Reply>;

/** A new container of the endpoint. Throws if an answer does not have the status, or is not 2xx. */
export const startEndpoint = (
  { name, settings }: { readonly name: string; readonly settings: object },
  expected?: number,
): Endpoint => {
  const configured = readSettings(
    JSON.stringify({
      adapter: { name, site: SITE, settings },
      table: { kind: 'memory' },
      auth: ['basic'],
      local: true,
    }),
  );
  const service = makeService(configured, memoryTable());
  const handler = occiHandler(() => service) as unknown as (event: object, context: object) => Promise<Reply>;
  return async (credentials, { method, path, headers = {}, body }) => {
    const event = {
      version: '2.0',
      rawPath: path,
      rawQueryString: '',
      headers: { host: '127.0.0.1', authorization: `Basic ${Buffer.from(credentials).toString('base64')}`, ...headers },
      ...(body !== undefined && { body }),
      isBase64Encoded: false,
      requestContext: { requestId: randomUUID(), domainName: '127.0.0.1', http: { method, path } },
    };
    const reply = await handler(event, { getRemainingTimeInMillis: () => REQUEST_TIMEOUT_MS });
    const isExpected = expected === undefined ? (reply.statusCode ?? 500) < 300 : reply.statusCode === expected;
    if (isExpected) return reply;
    throw new Error(`${method} ${path}: ${reply.statusCode} ${reply.body}`);
  };
};
