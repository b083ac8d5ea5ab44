import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Catalogue } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { logger } from '../../../lib/log.ts';
import { PREFIX } from '../../../lib/mapping/rows.ts';
import { MappingStore } from '../../../lib/mapping/store.ts';
import { TenantModels } from '../../../lib/mapping/tenant-model.ts';
import { UserMixins } from '../../../lib/mapping/user-mixins.ts';
import type { Mixin } from '../../../lib/occi/types.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import { partitionsOf } from '../../../lib/table/partition-keys.ts';
import type { Row, Table } from '../../../lib/table/table.ts';
import { startEndpoint } from '../../endpoint.ts';
import { disturbedTable } from './disturbed-table.ts';

const { tenant, catalogue } = partitionsOf('dummy', 'test');
const modelsOf = (table: Table, audience?: string) =>
  new TenantModels(table, tenant('u1'), audience === undefined ? undefined : catalogue('u1', audience));

const CATALOGUE: Catalogue = { mixins: [] };
const DENIED = Object.assign(new Error('not authorized to perform dynamodb:PutItem'), {
  name: 'AccessDeniedException',
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** A table that does not take catalogues, and what is warned of. */
const denying = (error: Error) => {
  const warned = jest.spyOn(logger, 'warn').mockImplementation(() => {});
  const { table, before } = disturbedTable();
  before.put = ({ sk }) => {
    if (sk.startsWith(PREFIX.catalogue)) throw error;
  };
  return { table, before, warned };
};

describe('A catalogue that cannot be kept', () => {
  test.each([
    ['denied', DENIED],
    ['throttled', new OcciError('unavailable', 'The table is away.')],
    ['too large', new OcciError('tooLarge', 'The row is too large.')],
  ])('is answered all the same, and warned of: %s', async (_, error) => {
    const { table, warned } = denying(error);
    const ask = jest.fn(async () => CATALOGUE);
    expect(await new TenantModels(table, tenant('u1')).read(ask)).toEqual({
      catalogue: CATALOGUE,
      user: [],
      definitions: new Map(),
    });
    expect(warned.mock.calls).toEqual([['the catalogue was not kept', { partition: 'dummy/test/tenant/u1', error }]]);
  });

  test('is asked for by the next reader, and kept once the table takes it', async () => {
    const { table, before } = denying(DENIED);
    const models = new TenantModels(table, tenant('u1'));
    const ask = jest.fn(async () => CATALOGUE);
    await models.read(ask);
    before.put = () => {};
    await models.read(ask);
    await models.read(ask);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test('does not hide that the cloud gave none', async () => {
    const { table, warned } = denying(DENIED);
    const error = new OcciError('unavailable', 'The cloud is away.');
    await expect(new TenantModels(table, tenant('u1')).read(() => Promise.reject(error))).rejects.toBe(error);
    expect(warned).not.toHaveBeenCalled();
  });

  test('leaves the query interface working', async () => {
    const { table, warned } = denying(DENIED);
    const endpoint = await startEndpoint({ table });
    try {
      expect((await endpoint.send('GET', '/-/')).status).toBe(200);
      expect(warned).toHaveBeenCalledTimes(1);
    } finally {
      await endpoint.stop();
    }
  });
});

describe('A model whose rows are as they were', () => {
  const tag = { scheme: 'http://example.org/tags#', term: 'mine', location: '/tags/mine/' } as const satisfies Mixin;
  const read = (table: Table, audience?: string) => modelsOf(table, audience).read(async () => CATALOGUE);

  test('is the same object for every reader, so that discovery is written once', async () => {
    const table = memoryTable();
    await read(table);
    const model = await read(table);
    expect(await read(table)).toBe(model);
    expect(model).toEqual({ catalogue: CATALOGUE, user: [], definitions: new Map() });
  });

  test('is another one after a mixin came or went, and after the catalogue was asked for again', async () => {
    const table = memoryTable();
    const models = new TenantModels(table, tenant('u1'));
    await read(table);
    const first = await read(table);
    const mixins = new UserMixins(table, tenant('u1'));
    await mixins.define(tag);
    expect((await read(table)).user).toEqual([tag]);
    await mixins.define({ ...tag, title: 'Mine' });
    expect((await read(table)).user).toEqual([{ ...tag, title: 'Mine' }]);
    await mixins.remove(tag.scheme + tag.term, new MappingStore(table, tenant('u1')));
    expect(await read(table)).toEqual(first);
    await models.dropCatalogue();
    const ask = async () => ({ mixins: [tag] });
    await models.read(ask);
    expect((await models.read(ask)).catalogue).toEqual({ mixins: [tag] });
  });

  test('belongs to who may see its rows: another audience has its own catalogue', async () => {
    const table = memoryTable();
    await modelsOf(table, 'group-2').read(async () => ({ mixins: [tag] }));
    await read(table, 'group-1');
    expect((await read(table, 'group-1')).catalogue).toEqual(CATALOGUE);
    expect((await read(table, 'group-2')).catalogue).toEqual({ mixins: [tag] });
  });

  test('belongs to callers without an audience, where others of the tenant have one', async () => {
    const table = memoryTable();
    await modelsOf(table).read(async () => ({ mixins: [tag] }));
    expect((await read(table, 'administrators')).catalogue).toEqual(CATALOGUE);
    expect((await read(table)).catalogue).toEqual({ mixins: [tag] });
  });

  test('is its own in one table: two tenants never meet', async () => {
    const table = memoryTable();
    const readOf = (name: string) => new TenantModels(table, tenant(name)).read(async () => CATALOGUE);
    await new UserMixins(table, tenant('u2')).define(tag);
    for (const name of ['u1', 'u2', 'u1', 'u2']) await readOf(name);
    expect((await readOf('u1')).user).toEqual([]);
    expect((await readOf('u2')).user).toEqual([tag]);
  });

  test('is read again if rows have no stamp, like those of an earlier version', async () => {
    const table = memoryTable();
    const { before, table: watched } = disturbedTable();
    await read(table);
    const { items } = await table.query(tenant('u1'), PREFIX.catalogue);
    const { stamp: _stamp, ...row } = items[0]!;
    before.put = () => {};
    await watched.put(row as Row);
    const model = await read(watched);
    const again = await read(watched);
    expect(again).toEqual(model);
    expect(again).not.toBe(model);
    await new UserMixins(watched, tenant('u1')).define(tag);
    expect((await read(watched)).user).toEqual([tag]);
  });
});

describe('A catalogue after a save', () => {
  const SAVED = { scheme: 'http://example.org/os_tpl#', term: 'saved', location: '/os_tpl/saved/' } as const;
  const start = 1_800_000_000_000;
  /** What a cloud offers that shows a template once it is whole. */
  const cloud = () => {
    const offered: Mixin[] = [];
    return { offered, ask: jest.fn(async (): Promise<Catalogue> => ({ mixins: [...offered] })) };
  };

  test('is asked for again by every audience', async () => {
    const table = memoryTable();
    const { offered, ask } = cloud();
    const models = ['group-1', 'group-2', undefined].map((audience) => modelsOf(table, audience));
    for (const one of models) await one.read(ask);
    offered.push(SAVED);
    await models[0]!.dropCatalogue();
    for (const one of models) expect((await one.read(ask)).catalogue.mixins).toEqual([SAVED]);
  });

  test('has the template soon after it is whole, though it was asked for before', async () => {
    const now = jest.spyOn(Date, 'now').mockReturnValue(start);
    const { offered, ask } = cloud();
    const models = modelsOf(memoryTable());
    await models.dropCatalogue();
    expect((await models.read(ask)).catalogue.mixins).toEqual([]);
    offered.push(SAVED);
    now.mockReturnValue(start + 17_000);
    expect((await models.read(ask)).catalogue.mixins).toEqual([SAVED]);
  });

  test('is not kept by a reader who asked for it before the save', async () => {
    const table = memoryTable();
    const { offered, ask } = cloud();
    await modelsOf(table).read(async () => {
      const before = await ask();
      offered.push(SAVED);
      await modelsOf(table).dropCatalogue();
      return before;
    });
    expect((await modelsOf(table).read(ask)).catalogue.mixins).toEqual([SAVED]);
  });

  test('is kept for ten minutes again, ten minutes later', async () => {
    const now = jest.spyOn(Date, 'now').mockReturnValue(start);
    const { ask } = cloud();
    const models = modelsOf(memoryTable());
    await models.dropCatalogue();
    for (const [seconds, asked] of [
      [602, 1],
      [602 + 598, 1],
      [602 + 602, 2],
    ] as const) {
      now.mockReturnValue(start + seconds * 1000);
      await models.read(ask);
      expect(ask).toHaveBeenCalledTimes(asked);
    }
  });
});

describe('A catalogue of which a part could not be read', () => {
  test('is asked for again after 15 seconds, a whole one after 10 minutes', async () => {
    const now = jest.spyOn(Date, 'now');
    const start = 1_800_000_000_000;
    for (const [unread, seconds] of [
      [['http://example.org/os_tpl#'], 15],
      [undefined, 600],
    ] as const) {
      const ask = jest.fn(async () => ({ mixins: [], ...(unread && { unread }) }));
      const models = modelsOf(memoryTable());
      for (const at of [0, seconds - 2, seconds + 2]) {
        now.mockReturnValue(start + at * 1000);
        expect((await models.read(ask)).catalogue.unread).toEqual(unread);
        expect(ask).toHaveBeenCalledTimes(at > seconds ? 2 : 1);
      }
    }
  });
});
