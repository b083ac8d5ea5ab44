import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lib/log.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

describe('One log line per request (layout, Log)', () => {
  let logging: Endpoint;
  const level = logger.getLevelName();
  beforeAll(async () => {
    logger.setLogLevel('INFO');
    logging = await startEndpoint();
  });
  afterAll(async () => {
    logger.setLogLevel(level);
    await logging.stop();
  });

  const requests: readonly (readonly [string, number, object])[] = [
    ['/compute/', 200, { operation: 'kindCollection.get', kind: 'compute', tenant: 'anonymous' }],
    ['/-/', 200, { operation: 'queryInterface.get' }],
    ['/nothing', 404, { operation: 'entity.get' }],
    ['/compute/?page=x', 400, { operation: 'kindCollection.get' }],
    ['/compute/?page=%', 400, {}],
  ];
  test.each(requests)(
    'GET %s: with its status, %d, its milliseconds and its request id',
    async (path, status, more) => {
      const line = jest.spyOn(logger, 'info').mockImplementation(() => {});
      const { headers } = await logging.send('GET', path);
      const lines = line.mock.calls.filter(([message]) => message === 'request').map(([, fields]) => fields);
      const common = { requestId: headers['x-request-id'], method: 'GET', status, milliseconds: expect.any(Number) };
      expect(lines).toEqual([expect.objectContaining({ ...common, ...more })]);
    },
  );
});
