/** What discovery may write, held against what it writes. */
import { expect, jest, test } from '@jest/globals';
import { CATALOGUE_ATTRIBUTES, ownKeys, rateOnly, WRITERS } from '../../deploy/permissions/statements.ts';
import type { Catalogue } from '../../lib/adapter/contract.ts';
import { TenantModels } from '../../lib/mapping/tenant-model.ts';
import { memoryTable } from '../../lib/table/memory.ts';
import { partitionsOf, prefixOf } from '../../lib/table/partition-keys.ts';
import { PUT_ID } from '../../lib/table/row-size.ts';
import type { Row, Table } from '../../lib/table/table.ts';
import { startEndpoint } from '../endpoint.ts';
import { OS_TPL } from '../lib/operations/payloads.ts';
import type { Json } from './packaging.ts';

/** A memory table that keeps what is put, as DynamoDB gets it: a conditional put has an id of its own (lib/table/dynamodb.ts). */
function watched(): { table: Table; put: Row[] } {
  const inner = memoryTable();
  const put: Row[] = [];
  return {
    put,
    table: {
      ...inner,
      get: (key) => inner.get(key),
      getAll: (keys) => inner.getAll(keys),
      delete: (key) => inner.delete(key),
      query: (pk, prefix, after) => inner.query(pk, prefix, after),
      queryKeys: (pk, prefix, after) => inner.queryKeys(pk, prefix, after),
      put(row, condition) {
        put.push(condition ? { ...row, [PUT_ID]: 'id' } : row);
        return inner.put(row, condition);
      },
    },
  };
}

test('a catalogue has the attributes that discovery may write, and those only', async () => {
  const { table, put } = watched();
  const { tenant, catalogue } = partitionsOf('opennebula', 'here');
  const mixins = Array.from({ length: 600 }, (_, n) => ({ scheme: 'http://example.org/', term: `m${n}` }));
  const offered = { mixins, defaults: {} } as unknown as Catalogue;
  const models = new TenantModels(table, tenant('someone'), catalogue('someone', 'them'));
  await models.read(async () => offered);
  expect(put.length).toBe(2);
  // After a save, which another function notes, a catalogue says which one it knows of.
  await models.dropCatalogue();
  const others = put.splice(2);
  await models.read(async () => offered);
  const [now, clock] = [Date.now.bind(Date), jest.spyOn(Date, 'now')];
  clock.mockImplementation(() => now() + 60_000);
  await models.readNewest(async () => offered);
  clock.mockRestore();
  expect([others.length, put.length]).toEqual([1, 2 + 2 + 1 + 2]);
  expect([...new Set(put.flatMap((row) => Object.keys(row)))].sort()).toEqual([...CATALOGUE_ATTRIBUTES].sort());
});

test('reading the query interface puts nothing else', async () => {
  const { table, put } = watched();
  const endpoint = await startEndpoint({ table });
  for (const path of ['/-/', '/-', '/.well-known/org/ogf/occi/-/', '/-/nobody']) await endpoint.send('GET', path);
  // A name that may be new in the cloud has the catalogue read again, which is claimed first.
  const [now, before] = [Date.now.bind(Date), put.length];
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + 60_000);
  await endpoint.send('GET', `/-/?category=${encodeURIComponent(`${OS_TPL}new`)}`);
  clock.mockRestore();
  await endpoint.stop();
  expect(before).toBeGreaterThan(0);
  expect(put.length).toBe(before + 2);
  // As the condition of the role asks: no other attributes, and this one.
  for (const row of put) {
    expect(CATALOGUE_ATTRIBUTES).toEqual(expect.arrayContaining(Object.keys(row)));
    expect(row).toHaveProperty('mixins');
  }
});

test('discovery counts requests in partitions that it may write, where they are limited', async () => {
  const { table, put } = watched();
  const limits = { perTenant: { requestsPerMinute: 60 } };
  const endpoint = await startEndpoint({ table, settings: { limits } });
  await endpoint.send('GET', '/-/');
  await endpoint.stop();
  const adapter = { name: 'dummy', site: 'test' };
  const stack = { table: { arn: 'arn' }, settings: { adapter, limits }, parameters: {}, roles: [], secrets: {} };
  const keysOf = (given: object): readonly string[] =>
    rateOnly({ ...stack, ...given } as never).flatMap(
      ({ Condition }) => (Condition as Json)['ForAllValues:StringLike']['dynamodb:LeadingKeys'],
    );
  expect(keysOf({ settings: { adapter } })).toEqual([]);
  expect(keysOf({})).toEqual(['dummy/test/rate/*']);
  const others = put.filter((row) => !('mixins' in row)).map(({ pk }) => pk);
  expect(others).toEqual(['dummy/test/rate/anonymous']);
});

test('the keys that a role reaches are those of its site', () => {
  const adapter = { name: 'opennebula', site: 'here' };
  expect(ownKeys({ settings: { adapter } })).toEqual({
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${prefixOf('opennebula', 'here')}*`] },
  });
});

test('every function is said to write or not', () => {
  expect(WRITERS).toEqual({
    discovery: false,
    compute: true,
    storage: true,
    network: true,
    links: true,
    account: ['tokens', 'ledger', 'rate'],
    identity: ['tokens', 'rate'],
    paths: true,
  });
});
