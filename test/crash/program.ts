/**
 * What a process of the endpoint runs. `run.mjs` makes one text of it and of all that it imports, and each process of
 * the harness evaluates that text for itself: nothing that a module keeps in mind is shared between two of them.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { memoryTable } from '../../lib/table/memory.ts';
import type { Table } from '../../lib/table/table.ts';
import type { Handler } from '../../local/gateway.ts';
import type { FunctionEntry } from '../../local/routes.ts';

export { memoryTable };

export interface Listening {
  readonly port: number;
  stop(): void;
}

/** Serves the routes of serverless.yml on a free port of loopback. What it needs is evaluated here: a table does without. */
export async function listen(table: Table, settings: unknown, routes: FunctionEntry[]): Promise<Listening> {
  const { makeService } = await import('../../functions/services.ts');
  const { readSettings } = await import('../../lib/config/index.ts');
  const { occiHandler } = await import('../../lib/request/handler.ts');
  const { createGateway, createGatewayServer } = await import('../../local/gateway.ts');
  const { createRouter } = await import('../../local/routes.ts');
  const service = makeService(readSettings(JSON.stringify(settings)), table);
  const handler = occiHandler(() => service) as unknown as Handler;
  const gateway = createGateway(createRouter(routes), new Map(routes.map(({ name }) => [name, handler])));
  const server = createGatewayServer(gateway);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
