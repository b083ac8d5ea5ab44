import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Catalogue } from '../../../lib/adapter.ts';
import { OcciError } from '../../../lib/errors.ts';
import { logger } from '../../../lib/log.ts';
import { PREFIX } from '../../../lib/mapping/rows.ts';
import { TenantModels } from '../../../lib/mapping/tenant-model.ts';
import { startEndpoint } from '../../endpoint.ts';
import { disturbedTable } from './disturbed-table.ts';

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
    expect(await new TenantModels(table, 'u1').read(ask)).toEqual({ catalogue: CATALOGUE, user: [] });
    expect(warned.mock.calls).toEqual([['the catalogue was not kept', { tenant: 'u1', error }]]);
  });

  test('is asked for by the next reader, and kept once the table takes it', async () => {
    const { table, before } = denying(DENIED);
    const models = new TenantModels(table, 'u1');
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
    await expect(new TenantModels(table, 'u1').read(() => Promise.reject(error))).rejects.toBe(error);
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
