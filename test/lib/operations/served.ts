/** An endpoint over a service that a test makes itself: other callers, other adapters. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { makeService } from '../../../functions/services.ts';
import { readSettings } from '../../../lib/config/index.ts';
import { occiHandler } from '../../../lib/request/handler.ts';
import type { Service } from '../../../lib/request/service.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import type { Table } from '../../../lib/table/table.ts';
import { createGateway, createGatewayServer, type Handler } from '../../../local/gateway.ts';
import { createRouter, readFunctions } from '../../../local/routes.ts';
import { type Call, counted, type Endpoint, send } from '../../endpoint.ts';

export interface ServedOptions {
  readonly table?: Table;
  readonly settings?: Record<string, unknown>;
  readonly cloud?: Record<string, unknown>;
}

/** Serves what `change` makes of the usual service. */
export async function serve(change: (service: Service) => Service, options: ServedOptions = {}): Promise<Endpoint> {
  const { table, calls } = counted(options.table ?? memoryTable());
  const settings = readSettings(
    JSON.stringify({
      adapter: { name: 'dummy', site: 'test', settings: options.cloud ?? {} },
      table: { kind: 'memory' },
      auth: ['anonymous'],
      limits: { responseHeaderBytes: 32_768 },
      local: true,
      ...options.settings,
    }),
  );
  const service = makeService(settings, table).then(change);
  const handler = occiHandler(() => service) as unknown as Handler;
  const functions = readFunctions(readFileSync(new URL('../../../serverless.yml', import.meta.url), 'utf8'));
  const gateway = createGateway(createRouter(functions), new Map(functions.map(({ name }) => [name, handler])));
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
    send: (method, path, call: Call = {}) => send(port, method, path, call, 65_536),
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
