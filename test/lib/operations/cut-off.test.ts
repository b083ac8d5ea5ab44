/** What processes leave that die in the middle; `npm run test:crash` finds every such place by itself. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PREFIX } from '../../../lib/mapping/rows.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import type { Row, Table } from '../../../lib/table/table.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { entity, list } from './payloads.ts';

const PATH = '/compute/web';
const COMPUTE = entity('text/plain', { kind: 'compute', attributes: { 'occi.core.title': 'web' } });

let table: Table;
let rows: Map<string, Row>;
let endpoint: Endpoint;

const startOver = async () => {
  await endpoint?.stop();
  endpoint = await startEndpoint({ table, settings: { limits: { responseHeaderBytes: 32_768, deleteAll: true } } });
};
const rowOf = (prefix: string): Row => [...rows.values()].find(({ sk }) => sk.startsWith(prefix))!;
const isThere = async ({ pk, sk }: Row) => (await table.get({ pk, sk })) !== undefined;

beforeEach(async () => {
  const memory = memoryTable();
  rows = new Map();
  table = {
    ...memory,
    put: (row, condition) => {
      rows.set(row.sk, row);
      return memory.put(row, condition);
    },
  };
  await startOver();
  expect((await endpoint.send('PUT', PATH, COMPUTE)).status).toBe(201);
});
afterEach(() => endpoint.stop());

test('a PUT that died before its path was bound leaves an entity that is listed and reachable there', async () => {
  const { uuid: _, ...unbound } = rowOf(PREFIX.alias);
  await table.put(unbound as Row);
  await startOver();
  expect(await list(endpoint, '/compute/')).toEqual([PATH]);
  expect((await endpoint.send('GET', PATH)).status).toBe(200);
  expect((await endpoint.send('PUT', PATH, COMPUTE)).status).toBe(200);
  expect((await endpoint.send('DELETE', PATH)).status).toBe(200);
  expect((await endpoint.send('GET', PATH)).status).toBe(404);
  expect((await endpoint.send('PUT', PATH, COMPUTE)).status).toBe(201);
});

test.each([
  ['one DELETE', PATH],
  ['a DELETE of all', '/compute/?all=true'],
])('what a DELETE that died after the cloud’s removal has left goes with %s', async (_, path) => {
  await table.delete(rowOf('c-'));
  await startOver();
  const kept = [rowOf(PREFIX.annotation), rowOf(PREFIX.mapping), rowOf(PREFIX.alias)];
  await endpoint.send('DELETE', path);
  for (const row of kept) expect([row.sk, await isThere(row)]).toEqual([row.sk, false]);
});
