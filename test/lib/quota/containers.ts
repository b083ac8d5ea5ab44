/** Endpoints with limits, one or several over the same table, as containers of a deployment are. */
import { expect } from '@jest/globals';
import type { Table } from '../../../lib/table/table.ts';
import { type Endpoint, type EndpointOptions, type Reply, startEndpoint } from '../../endpoint.ts';

const INFRASTRUCTURE = 'http://schemas.ogf.org/occi/infrastructure#';
export const CRTP = 'http://schemas.ogf.org/occi/infrastructure/compute/template/1.1#';

export const category = (term: string, scheme = INFRASTRUCTURE, of = 'kind') =>
  `Category: ${term}; scheme="${scheme}"; class="${of}"`;
export const size = (term: string) => category(term, CRTP, 'mixin');
export const attribute = (text: string) => `X-OCCI-Attribute: ${text}`;

export const compute = (...lines: string[]) => [category('compute'), ...lines].join('\n');
export const cores = (count: number) => compute(attribute(`occi.compute.cores=${count}`));
export const storage = (gib: number, ...lines: string[]) =>
  [category('storage'), attribute(`occi.storage.size=${gib}`), ...lines].join('\n');
export const action = (term: string, kind: string, ...lines: string[]) =>
  [category(term, `http://schemas.ogf.org/occi/infrastructure/${kind}/action#`, 'action'), ...lines].join('\n');

export type Limits = Readonly<Record<string, unknown>>;

export const withLimits = (perTenant: Limits, { settings, ...options }: EndpointOptions = {}): Promise<Endpoint> =>
  startEndpoint({ ...options, settings: { limits: { perTenant }, ...settings } });

/** A container of its own over a shared table: what a process remembers belongs to its table object. */
export const another = (table: Table): Table => ({
  get: (key) => table.get(key),
  getAll: (keys) => table.getAll(keys),
  put: (row, condition) => table.put(row, condition),
  delete: (key) => table.delete(key),
  query: (pk, prefix, after) => table.query(pk, prefix, after),
  queryKeys: (pk, prefix, after) => table.queryKeys(pk, prefix, after),
});

export const send = (
  endpoint: Endpoint,
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<Reply> =>
  endpoint.send(method, path, {
    headers: { ...(body !== undefined && { 'Content-Type': 'text/plain' }), ...headers },
    ...(body !== undefined && { body }),
  });

/** POST to the collection of the kind that the body names first. */
export const make = (endpoint: Endpoint, body: string, headers: Record<string, string> = {}): Promise<Reply> =>
  send(endpoint, 'POST', `/${/^Category: (\w+)/.exec(body)![1]}/`, body, headers);

/** Path of a new entity. */
export async function made(endpoint: Endpoint, body: string): Promise<string> {
  const { status, headers, body: text } = await make(endpoint, body);
  expect([status, text]).toEqual([201, expect.any(String)]);
  return new URL(headers.location!).pathname;
}

export const shown = ({ status, body }: Reply): [number, string] => [status, body.trim()];

/** Locations in a collection. */
export async function list(endpoint: Endpoint, path: string): Promise<readonly string[]> {
  const { body } = await endpoint.send('GET', path, { headers: { Accept: 'text/uri-list' } });
  return body.split(/\r?\n/).filter((line) => line !== '');
}

export const usage = async (endpoint: Endpoint, headers: Record<string, string> = {}) => {
  const reply = await endpoint.send('GET', '/.well-known/quota', {
    headers: { Accept: 'application/json', ...headers },
  });
  expect([reply.status, reply.headers['content-type']]).toEqual([200, 'application/json']);
  return JSON.parse(reply.body);
};
