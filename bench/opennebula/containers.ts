/** Cold containers as in Lambda: the adapter or the whole endpoint, with empty caches. */
import { connect, settings } from '../../adapters/opennebula/index.ts';
import type { Adapter } from '../../lib/adapter/contract.ts';
import { memoryTable } from '../../lib/table/memory.ts';
import { type Endpoint, REQUEST_TIMEOUT_MS, SITE, startEndpoint as start } from '../endpoint.ts';

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

/** The endpoint in front of the adapter, as `startEndpoint` of `../endpoint.ts`. */
export const startEndpoint = (endpoint: string, expected?: number): Endpoint =>
  start({ name: 'opennebula', settings: { endpoint } }, expected);
