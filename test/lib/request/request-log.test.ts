import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lib/log.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { type OpenNebula, startOpenNebula } from '../../oned/index.ts';

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
    ['/compute/', 200, { operation: 'kindCollection.get', kind: 'compute', tenant: 'anonymous', adapter: 'dummy' }],
    ['/.well-known/health', 200, { operation: 'health' }],
    ['/-/', 200, { operation: 'queryInterface.get' }],
    ['/nothing', 404, { operation: 'entity.get' }],
    ['/compute/?page=x', 400, { operation: 'kindCollection.get' }],
    ['/compute/?page=%', 400, {}],
  ];
  test('the first line of a container has coldStart', async () => {
    const line = jest.spyOn(logger, 'info').mockImplementation(() => {});
    await logging.send('GET', '/compute/');
    await logging.send('GET', '/compute/');
    expect(line.mock.calls.map(([, fields]) => fields)).toEqual([
      expect.objectContaining({ coldStart: true }),
      expect.not.objectContaining({ coldStart: expect.anything() }),
    ]);
  });

  test.each(requests)(
    'GET %s: with its status, %d, its milliseconds and its request id',
    async (path, status, more) => {
      const line = jest.spyOn(logger, 'info').mockImplementation(() => {});
      const { headers } = await logging.send('GET', path);
      const lines = line.mock.calls.filter(([message]) => message === 'request').map(([, fields]) => fields);
      const requestId = headers['x-request-id'] ?? expect.any(String);
      const common = { requestId, method: 'GET', status, milliseconds: expect.any(Number) };
      expect(lines).toEqual([expect.objectContaining({ ...common, ...more })]);
    },
  );
});

/** The lines of requests and of native calls that are written while something is done. */
const linesOf = async (work: () => Promise<unknown>): Promise<readonly [string, Record<string, unknown>][]> => {
  const level = logger.getLevelName();
  logger.setLogLevel('INFO');
  const line = jest.spyOn(logger, 'info').mockImplementation(() => {});
  await work();
  const calls = [...line.mock.calls];
  line.mockRestore();
  logger.setLogLevel(level);
  return calls.map(([message, fields]) => [String(message), fields as unknown as Record<string, unknown>]);
};

describe('The line of a request in front of a real cloud', () => {
  let one: OpenNebula;
  let endpoint: Endpoint;
  const table = memoryTable();
  const headers = { authorization: `Basic ${Buffer.from('alice:password').toString('base64')}` };
  const start = async (on: typeof table) => {
    const level = logger.getLevelName();
    logger.setLogLevel('INFO');
    const adapter = { name: 'opennebula', site: 'test', settings: { endpoint: one.endpoint } };
    const started = await startEndpoint({ settings: { adapter, auth: ['basic'] }, table: on });
    logger.setLogLevel(level);
    return started;
  };
  beforeAll(async () => {
    one = await startOpenNebula();
    one.fill(1);
    endpoint = await start(table);
  });
  afterAll(async () => {
    await endpoint.stop();
    await one.close();
  });

  test('has its native calls and their time, each of which has a line of its own', async () => {
    const lines = await linesOf(() => endpoint.send('GET', '/compute/', { headers }));
    const calls = lines.filter(([message]) => message === 'native call').map(([, fields]) => fields);
    expect(calls.length).toBeGreaterThan(0);
    for (const call of calls) {
      expect(call).toEqual({
        requestId: expect.any(String),
        call: expect.stringMatching(/^(one|system)\./),
        milliseconds: expect.any(Number),
        outcome: 'ok',
      });
    }
    const [, record] = lines.find(([message]) => message === 'request')!;
    expect(record).toMatchObject({
      adapter: 'opennebula',
      tenant: expect.stringMatching(/^u\d+$/),
      nativeCalls: calls.length,
      nativeMilliseconds: expect.any(Number),
    });
    expect(record).not.toHaveProperty('nativeErrors');
  });

  test('counts entities of the cloud that get their first mapping', async () => {
    const { body } = await endpoint.send('GET', '/compute/', { headers: { ...headers, accept: 'text/uri-list' } });
    const path = new URL(body.trim()).pathname;
    const record = async () => {
      const lines = await linesOf(() => endpoint.send('GET', path, { headers }));
      return lines.find(([message]) => message === 'request')![1];
    };
    expect(await record()).toMatchObject({ status: 200, adoptions: 1 });
    expect(await record()).not.toHaveProperty('adoptions');
  });

  test('counts calls that the cloud did not answer', async () => {
    await one.close();
    jest.spyOn(logger, 'warn').mockImplementation(() => {});
    const lines = await linesOf(() => endpoint.send('GET', '/compute/', { headers }));
    const [, record] = lines.find(([message]) => message === 'request')!;
    expect(record).toMatchObject({ status: 503, adapter: 'opennebula', nativeErrors: record.nativeCalls });
  });
});
