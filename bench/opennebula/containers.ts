/** Cold containers as in Lambda: the adapter or the whole endpoint, with empty caches. */
import { randomUUID } from 'node:crypto';
import { connect, settings } from '../../adapters/opennebula/index.ts';
import { makeService } from '../../functions/services.ts';
import type { Adapter } from '../../lib/adapter/contract.ts';
import { readSettings } from '../../lib/config/index.ts';
import { occiHandler } from '../../lib/request/handler.ts';
import { memoryTable } from '../../lib/table/memory.ts';

/** Deadline of a request. */
const REQUEST_TIMEOUT_MS = 600_000;
export const SITE = 'bench';

/** A new container: returns the adapter of one request, with the caller authenticated as before every operation. */
export type Requests = (session: string) => Promise<Adapter>;

export const startAdapter = (endpoint: string): Requests => {
  const environment = { settings: settings.parse({ endpoint }), site: SITE, table: memoryTable(), local: true };
  const request = connect(environment);
  return async (session) => {
    const name = session.slice(0, session.indexOf(':'));
    const adapter = request({ caller: { name, credentials: session }, deadline: Date.now() + REQUEST_TIMEOUT_MS });
    await adapter.identify();
    return adapter;
  };
};

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

/** The endpoint in front of the adapter, with its own empty table. Throws if an answer does not have the status, or is not 2xx. */
export const startEndpoint = (
  endpoint: string,
  expected?: number,
): ((session: string, sent: Sent) => Promise<Reply>) => {
  const configured = readSettings(
    JSON.stringify({
      adapter: { name: 'opennebula', site: SITE, settings: { endpoint } },
      table: { kind: 'memory' },
      auth: ['basic'],
      local: true,
    }),
  );
  const service = makeService(configured, memoryTable());
  const handler = occiHandler(() => service) as unknown as (event: object, context: object) => Promise<Reply>;
  return async (session, { method, path, headers = {}, body }) => {
    const event = {
      version: '2.0',
      rawPath: path,
      rawQueryString: '',
      headers: { host: '127.0.0.1', authorization: `Basic ${Buffer.from(session).toString('base64')}`, ...headers },
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
