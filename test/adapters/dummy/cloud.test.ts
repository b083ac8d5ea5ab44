import { describe, expect, test } from '@jest/globals';
import { OcciError } from '../../../lib/errors.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import type { Row, Table } from '../../../lib/table/table.ts';
import { fails } from '../../contract/adapter.ts';
import { attach, end, kindOf, linkTo, make, startCloud } from './cloud.ts';

/** A table that fails from the put that the test chooses, and on every call after it. */
function dying(table: Table, at: (row: Row) => boolean): Table {
  let dead = false;
  const alive =
    <A extends unknown[], R>(method: (...call: A) => Promise<R>) =>
    async (...call: A) => {
      if (dead) throw new OcciError('unavailable', 'The process is dead.');
      return method(...call);
    };
  return {
    get: alive(table.get),
    getAll: alive(table.getAll),
    delete: alive(table.delete),
    query: alive(table.query),
    queryKeys: alive(table.queryKeys),
    put: alive(async (row, condition) => {
      if (!at(row)) return table.put(row, condition);
      dead = true;
      throw new OcciError('unavailable', 'The process died.');
    }),
  };
}

describe('the embedded cloud', () => {
  test('survives a restart of the process', async () => {
    const cloud = startCloud({ settings: { bootDelay: 60 } });
    const storage = await make(cloud.adapter(), 'storage');
    const { id } = await make(
      cloud.adapter(),
      'compute',
      { 'occi.core.title': 'kept' },
      { links: [linkTo(end(storage))] },
    );
    const before = await kindOf(cloud.adapter(), 'compute').get(id);
    const after = cloud.restarted().adapter();
    expect(await kindOf(after, 'compute').get(id)).toEqual(before);
    cloud.pass(60);
    expect((await kindOf(after, 'compute').get(id)).attributes['occi.compute.state']).toBe('active');
    await fails(kindOf(after, 'storage').remove!(storage.id), 'conflict');
  });

  test('is separate for each site', async () => {
    const table = memoryTable();
    await make(startCloud({ table, site: 'here' }).adapter(), 'compute');
    expect((await kindOf(startCloud({ table, site: 'there' }).adapter(), 'compute').ids({})).items).toEqual([]);
  });

  test('keeps callers apart, whatever their names contain', async () => {
    const cloud = startCloud();
    const names = ['a', 'a/dummy', 'a#', '@all', 'Ä', 'a b', '%40all'];
    for (const name of names) await make(cloud.adapter(name), 'compute');
    for (const name of names) expect((await kindOf(cloud.adapter(name), 'compute').ids({})).items).toHaveLength(1);
    expect(new Set(await Promise.all(names.map((name) => cloud.adapter(name).identify()))).size).toBe(names.length);
    await fails((async () => cloud.adapter('\ud800'))(), 'unauthenticated');
  });

  test('gives entities of two callers or two kinds different ids, even with the same token', async () => {
    const cloud = startCloud();
    const [anne, bob] = [cloud.adapter('anne'), cloud.adapter('bob')];
    const address = { 'occi.ipreservation.address': '203.0.113.7' };
    const held = await make(anne, 'ipreservation', address, {}, 'same');
    await fails(make(bob, 'ipreservation', address, {}, 'same'), 'conflict');
    const ids = [
      held.id,
      (await make(bob, 'ipreservation', {}, {}, 'same')).id,
      (await make(anne, 'compute', {}, {}, 'same')).id,
      (await make(anne, 'storage', {}, {}, 'same')).id,
    ].map((id) => id.slice(2));
    expect(new Set(ids).size).toBe(2);
    expect(new Set(ids.slice(0, 2)).size).toBe(2);
    expect((await kindOf(anne, 'compute').ids({})).items).toHaveLength(1);
  });

  test('makes one entity when a create is retried with its token after a crash', async () => {
    const table = memoryTable();
    const doomed = startCloud({ table: dying(table, (row) => row.sk.startsWith('c-')) });
    await fails(make(doomed.adapter(), 'compute', {}, {}, 'once'), 'unavailable');
    const computes = kindOf(startCloud({ table }).adapter(), 'compute');
    expect((await computes.ids({})).items).toEqual([]);
    expect(await computes.findByToken!('once')).toBeUndefined();
    const { id } = await make(startCloud({ table }).adapter(), 'compute', {}, {}, 'once');
    expect((await computes.findByToken!('once'))?.id).toBe(id);
    expect((await computes.ids({})).items).toEqual([id]);
  });

  test('eventually frees what a crash left taken', async () => {
    const table = memoryTable();
    const cloud = startCloud({
      table,
      settings: { networks: [{ term: 'one', title: 'one', address: '10.0.0.1/32' }] },
    });
    const adapter = cloud.adapter();
    const [storage, group] = [await make(adapter, 'storage'), await make(adapter, 'securitygroup')];
    const links = [linkTo(end(storage)), linkTo(end(group)), linkTo({ kind: 'network', id: 'n-one' })];
    const died = startCloud({
      table: dying(table, (row) => row.sk.startsWith('c-')),
      settings: { networks: [{ term: 'one', title: 'one', address: '10.0.0.1/32' }] },
    });
    await fails(make(died.adapter(), 'compute', {}, { links }), 'unavailable');
    for (const link of [links[0]!, links[2]!]) await fails(make(adapter, 'compute', {}, { links: [link] }), 'conflict');
    await fails(kindOf(adapter, 'storage').remove!(storage.id), 'conflict');
    await fails(kindOf(adapter, 'securitygroup').remove!(group.id), 'conflict');
    cloud.pass(61);
    const made = await make(adapter, 'compute', {}, { links });
    expect(made.links).toHaveLength(3);
    await kindOf(adapter, 'compute').remove!(made.id);
    await kindOf(adapter, 'storage').remove!(storage.id);
    await kindOf(adapter, 'securitygroup').remove!(group.id);
  });

  test('lets the retry of a crashed create use at once what the first attempt took', async () => {
    const table = memoryTable();
    const settings = { networks: [{ term: 'one', title: 'one', address: '10.0.0.1/32' }] };
    const adapter = startCloud({ table, settings }).adapter();
    const [storage, group] = [await make(adapter, 'storage'), await make(adapter, 'securitygroup')];
    const address = { attributes: { 'occi.networkinterface.address': '10.0.0.1' } };
    const links = [linkTo(end(storage)), linkTo(end(group)), linkTo({ kind: 'network', id: 'n-one' }, address)];
    const died = startCloud({ table: dying(table, (row) => row.sk.startsWith('c-')), settings });
    await fails(make(died.adapter(), 'compute', {}, { links }, 'again'), 'unavailable');
    expect(await kindOf(adapter, 'compute').findByToken!('again')).toBeUndefined();
    const made = await make(adapter, 'compute', {}, { links }, 'again');
    expect(made.links).toHaveLength(3);
    expect(await make(adapter, 'compute', {}, { links }, 'again')).toEqual(made);
    await kindOf(adapter, 'compute').remove!(made.id);
    await kindOf(adapter, 'storage').remove!(storage.id);
    await kindOf(adapter, 'securitygroup').remove!(group.id);
  });

  test('releases the target when the compute is removed during an attach', async () => {
    const adapter = startCloud().adapter();
    const storage = await make(adapter, 'storage');
    const compute = await make(adapter, 'compute');
    await kindOf(adapter, 'compute').remove!(compute.id);
    expect(await fails(attach(adapter, compute, end(storage)), 'invalid')).toContain('compute');
    await kindOf(adapter, 'storage').remove!(storage.id);
  });

  test('answers unavailable when a row stays contended', async () => {
    const table = memoryTable();
    const busy: Table = {
      ...table,
      put: async (row, condition) => (typeof condition === 'object' ? false : table.put(row, condition)),
    };
    const adapter = startCloud({ table: busy }).adapter();
    const { id } = await make(adapter, 'compute');
    expect(await fails(kindOf(adapter, 'compute').act!(id, 'stop' as never, {}), 'unavailable')).toContain('compute');
  }, 10_000);
});

describe('quotas', () => {
  test.each([
    ['compute', { compute: 1 }, 'compute', {}],
    ['cores', { cores: 3 }, 'compute', { 'occi.compute.cores': 2 }],
    ['memory', { memory: 1.5 }, 'compute', {}],
    ['storage', { storage: 1 }, 'storage', {}],
    ['size', { size: 15 }, 'storage', { 'occi.storage.size': 10 }],
    ['network', { network: 1 }, 'network', {}],
    ['ipreservation', { ipreservation: 1 }, 'ipreservation', {}],
  ] as const)('%s', async (name, quota, kind, attributes) => {
    const cloud = startCloud({ settings: { quota } });
    const { id } = await make(cloud.adapter(), kind, attributes);
    const sentence = await fails(make(cloud.adapter(), kind, attributes), 'conflict');
    expect(sentence).toContain(`quota ${name} is ${Object.values(quota)[0]}`);
    await make(cloud.adapter('bob'), kind, attributes);
    await kindOf(cloud.adapter(), kind).remove!(id);
    await make(cloud.adapter(), kind, attributes);
  });

  test('do not block the retry of a create that succeeded', async () => {
    const adapter = startCloud({ settings: { quota: { compute: 1 } } }).adapter();
    const { id } = await make(adapter, 'compute', {}, {}, 'same');
    expect((await make(adapter, 'compute', {}, {}, 'same')).id).toBe(id);
  });

  test('also apply when a resource grows', async () => {
    const adapter = startCloud({ settings: { quota: { cores: 3, size: 2 } } }).adapter();
    const [compute, storage] = [await make(adapter, 'compute'), await make(adapter, 'storage')];
    const change = { unset: [], addMixins: [], removeMixins: [] };
    await kindOf(adapter, 'compute').update!(compute.id, { ...change, set: { 'occi.compute.cores': 3 } });
    await fails(
      kindOf(adapter, 'compute').update!(compute.id, { ...change, set: { 'occi.compute.cores': 4 } }),
      'conflict',
    );
    await fails(kindOf(adapter, 'storage').act!(storage.id, 'resize' as never, { size: 3 }), 'conflict');
    await kindOf(adapter, 'storage').act!(storage.id, 'snapshot' as never, {});
    await fails(kindOf(adapter, 'storage').act!(storage.id, 'backup' as never, {}), 'conflict');
  });
});

describe('provoked failures', () => {
  test('occur when and as often as the settings say', async () => {
    const fail = { 'compute.create': { failure: 'unavailable', message: 'No host is free.', after: 1, times: 2 } };
    const cloud = startCloud({ settings: { fail } });
    const outcomes = [];
    for (let i = 0; i < 5; i++)
      outcomes.push(
        await make(cloud.adapter(), 'compute').then(
          () => 'made',
          (error: OcciError) => error.message,
        ),
      );
    expect(outcomes).toEqual(['made', 'No host is free.', 'No host is free.', 'made', 'made']);
    expect((await kindOf(cloud.adapter(), 'compute').ids({})).items).toHaveLength(3);
  });

  test('occur on every call by default', async () => {
    const adapter = startCloud({
      settings: { fail: { 'storagelink.list': { failure: 'unauthenticated' } } },
    }).adapter();
    expect(await fails(kindOf(adapter, 'storagelink').list({}), 'unauthenticated')).toContain('storagelink.list');
    await kindOf(adapter, 'storagelink').ids({});
  });

  test.each([
    [{ fail: { 'compute.get': { failure: 'conflict' } } }, 'fail.compute.get'],
    [{ boot: 'error' }, 'boot'],
  ])('are refused outside local runs: %j', async (settings, key) => {
    const sentence = await fails((async () => startCloud({ settings, local: false }))(), 'internal');
    expect(sentence).toContain(key);
    startCloud({ local: false });
  });
});
