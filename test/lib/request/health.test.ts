import { afterAll, afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lib/log.ts';
import { health, type Probed } from '../../../lib/request/health.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';

const WELL = '{"status":"ok"}';
const ILL = '{"status":"unavailable"}';
const HEADERS = { 'Content-Type': 'application/json', 'Cache-Control': 'max-age=10' };

let now: number;
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['performance'] });
  now = Date.now();
  jest.spyOn(logger, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** A service whose cloud does this when it is asked. */
const service = (probe?: Probed['probe']) => {
  const probed: Probed = { probe: probe && jest.fn(probe) };
  return { probed, ask: async (method = 'GET') => health(method, serviceOf) };
  async function serviceOf(): Promise<Probed> {
    return probed;
  }
};

describe('The health of a service', () => {
  test('is good when its cloud has answered', async () => {
    const { ask, probed } = service(async () => {});
    expect(await ask()).toEqual({ statusCode: 200, headers: HEADERS, body: WELL, isBase64Encoded: false });
    expect(probed.probe).toHaveBeenCalledWith(now + 3000);
  });

  test('is bad if its cloud does not answer, without further detail', async () => {
    const { ask } = service(async () => {
      throw new Error('connect ECONNREFUSED one.example.org:2633');
    });
    expect(await ask()).toEqual({ statusCode: 503, headers: HEADERS, body: ILL, isBase64Encoded: false });
    expect(logger.warn).toHaveBeenCalledWith(
      'health',
      expect.objectContaining({ reason: expect.stringContaining('ECONNREFUSED') }),
    );
  });

  test('is bad when the service does not start', async () => {
    const { statusCode } = await health('GET', async () => {
      throw new Error('adapter.name: not set');
    });
    expect(statusCode).toBe(503);
  });

  test('is good for a cloud that cannot be asked', async () => {
    expect((await service().ask()).statusCode).toBe(200);
  });

  test('is bad after three seconds without an answer', async () => {
    const { ask } = service(() => new Promise(() => {}));
    const answer = ask();
    await jest.advanceTimersByTimeAsync(2999);
    let statusCode = 0;
    void answer.then((result) => {
      statusCode = result.statusCode;
    });
    await jest.advanceTimersByTimeAsync(0);
    expect(statusCode).toBe(0);
    await jest.advanceTimersByTimeAsync(1);
    expect((await answer).statusCode).toBe(503);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('is probed once in ten seconds, however many requests come', async () => {
    let well = true;
    const { ask, probed } = service(async () => {
      if (!well) throw new Error('down');
    });
    const codes = async () => (await Promise.all([ask(), ask(), ask('HEAD')])).map(({ statusCode }) => statusCode);
    expect(await codes()).toEqual([200, 200, 200]);
    well = false;
    jest.setSystemTime(now + 9999);
    expect(await codes()).toEqual([200, 200, 200]);
    expect(probed.probe).toHaveBeenCalledTimes(1);
    jest.setSystemTime(now + 10_000);
    expect(await codes()).toEqual([503, 503, 503]);
    expect(probed.probe).toHaveBeenCalledTimes(2);
    well = true;
    expect(await codes()).toEqual([503, 503, 503]);
    jest.setSystemTime(now + 20_000);
    expect(await codes()).toEqual([200, 200, 200]);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('is not for %s', async (method) => {
    const { ask, probed } = service(async () => {});
    expect(await ask(method)).toMatchObject({ statusCode: 405, headers: { Allow: 'GET, HEAD' }, body: '' });
    expect(probed.probe).not.toHaveBeenCalled();
  });
});

describe('GET /.well-known/health', () => {
  const endpoints: Endpoint[] = [];
  const start = async (down = false) => {
    jest.useRealTimers();
    const table = memoryTable();
    const get = table.get.bind(table);
    const endpoint = await startEndpoint({
      settings: { auth: [{ gateway: { from: 'jwt' } }] },
      table: { ...table, get: async (key) => (down ? Promise.reject(new Error('s3cret')) : get(key)) },
    });
    endpoints.push(endpoint);
    return endpoint;
  };
  afterAll(() => Promise.all(endpoints.map((endpoint) => endpoint.stop())));

  test.each([false, true])('needs no credentials and gives nothing away; the table is down: %s', async (down) => {
    const endpoint = await start(down);
    const reply = await endpoint.send('GET', '/.well-known/health');
    expect([reply.status, reply.body]).toEqual(down ? [503, ILL] : [200, WELL]);
    expect(
      Object.keys(reply.headers)
        .filter((name) => !/^(date|connection|keep-alive)$/.test(name))
        .sort(),
    ).toEqual(['cache-control', 'content-length', 'content-type']);
    const head = await endpoint.send('HEAD', '/.well-known/health');
    expect([head.status, head.body]).toEqual([reply.status, '']);
    expect((await endpoint.send('POST', '/.well-known/health')).status).toBe(405);
  });

  test('is that very path', async () => {
    const endpoint = await start();
    expect((await endpoint.send('GET', '/.well-known/health/')).status).toBe(401);
  });
});
