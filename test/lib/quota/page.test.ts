/** What tenants see of their limits, and what operators see of refusals. */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { hashOf } from '../../../lib/auth/password.ts';
import { principal } from '../../../lib/auth/principal.ts';
import type { AuthScheme } from '../../../lib/auth/scheme.ts';
import { phcOf } from '../../../lib/config/auth/password-hash.ts';
import { OcciError } from '../../../lib/errors.ts';
import { logger } from '../../../lib/log.ts';
import { requestMetrics } from '../../../lib/request/metrics.ts';
import { trailOf } from '../../../lib/request/request-log.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import type { Table } from '../../../lib/table/table.ts';
import type { Endpoint } from '../../endpoint.ts';
import { startOpenNebula } from '../../oned/index.ts';
import { serve } from '../operations/served.ts';
import { another, compute, cores, type Limits, made, make, send, shown, usage, withLimits } from './containers.ts';

const MIDDLE = Date.UTC(2026, 10, 30, 12, 30, 30);
const PAGE = '/.well-known/quota';

let endpoint: Endpoint;
afterEach(async () => {
  jest.restoreAllMocks();
  await endpoint.stop();
});

describe('/.well-known/quota', () => {
  const everything = {
    requestsPerMinute: 600,
    createsPerHour: 20,
    compute: 5,
    cores: 8,
    memory: 16,
    storage: 100,
    addresses: 2,
  };

  test('says its methods', async () => {
    endpoint = await withLimits(everything);
    const { status, headers } = await send(endpoint, 'OPTIONS', PAGE);
    expect([status, headers.allow]).toEqual([200, 'GET, HEAD, OPTIONS']);
  });

  test('says of each limit what is used and left, and when it is all there again', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(MIDDLE);
    endpoint = await withLimits(everything);
    await made(endpoint, cores(3));
    expect(await usage(endpoint)).toEqual({
      tenant: 'anonymous',
      requestsPerMinute: { limit: 600, used: 2, left: 598, reset: '2026-11-30T12:31:00Z' },
      createsPerHour: { limit: 20, used: 1, left: 19, reset: '2026-11-30T13:00:00Z' },
      compute: { limit: 5, used: 1, left: 4 },
      cores: { limit: 8, used: 3, left: 5 },
      memory: { limit: 16, used: 1, left: 15 },
      storage: { limit: 100, used: 0, left: 100 },
      addresses: { limit: 2, used: 0, left: 2 },
    });
  });

  test('is text for curl, and for clients that do not prefer JSON', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(MIDDLE);
    endpoint = await withLimits({ ...everything, memory: undefined });
    const text = [
      'tenant: anonymous',
      'requestsPerMinute: 599 of 600 left until 2026-11-30T12:31:00Z',
      'createsPerHour: 20 of 20 left until 2026-11-30T13:00:00Z',
      'compute: 5 of 5 left',
      'cores: 8 of 8 left',
      'memory: no limit',
      'storage: 100 of 100 GiB left',
      'addresses: 2 of 2 left',
      '',
    ].join('\n');
    const reply = await endpoint.send('GET', PAGE, { headers: { Accept: '*/*' } });
    expect(reply).toMatchObject({ status: 200, body: text, headers: { 'content-type': 'text/plain; charset=utf-8' } });
    const types = async (accept?: string) =>
      (await endpoint.send('GET', PAGE, { headers: accept === undefined ? {} : { Accept: accept } })).headers[
        'content-type'
      ];
    expect(await types()).toMatch(/^text/);
    expect(await types('text/html, application/json;q=0.1')).toBe('application/json');
    expect(await types('application/json;q=0.5, text/plain')).toMatch(/^text/);
    expect(await types('application/json, */*')).toBe('application/json');
    expect(await types('application/json;q=0, */*')).toMatch(/^text/);
  });

  test('answers HEAD as GET, and no other method', async () => {
    endpoint = await withLimits(everything);
    const head = await endpoint.send('HEAD', PAGE);
    expect([head.status, head.body, head.headers['cache-control']]).toEqual([200, '', 'no-store']);
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect(await endpoint.send(method, PAGE)).toMatchObject({
        status: 405,
        headers: { allow: 'GET, HEAD, OPTIONS' },
      });
    }
  });

  test('is not there where nothing is limited', async () => {
    endpoint = await withLimits({});
    expect((await endpoint.send('GET', PAGE)).status).toBe(404);
  });
});

/** Callers stand in a header, with their role. */
const byHeader: AuthScheme = {
  name: 'users',
  authenticate({ headers }) {
    const [name, role] = (headers['x-caller']?.[0] ?? '').split(' ');
    if (!name) throw new OcciError('unauthenticated', 'Who are you?');
    return principal('users', name, { role: (role as 'member' | undefined) ?? 'member' });
  },
};

const among = async (limits: Limits) => {
  // Settings that make somebody an admin; the callers of these tests stand in a header.
  const auth = [{ users: { root: { password: phcOf(await hashOf('p', { ln: 14, r: 8, p: 1 })), role: 'admin' } } }];
  endpoint = await serve((service) => ({ ...service, schemes: [byHeader] }), { settings: { auth, limits } });
};

describe('Tenants', () => {
  test('have limits each of their own, and see no others', async () => {
    await among({ perTenant: { compute: 1, requestsPerMinute: 100 }, tenants: { bob: { compute: 2 } } });
    const as = (name: string) => ({ 'X-Caller': name });
    for (const name of ['alice', 'bob']) expect((await make(endpoint, compute(), as(name))).status).toBe(201);
    expect((await make(endpoint, compute(), as('alice'))).status).toBe(403);
    expect((await make(endpoint, compute(), as('bob'))).status).toBe(201);
    expect(await usage(endpoint, as('alice'))).toMatchObject({ tenant: 'alice', compute: { limit: 1, used: 1 } });
    expect(await usage(endpoint, as('bob'))).toMatchObject({ tenant: 'bob', compute: { limit: 2, used: 2 } });
    expect(await usage(endpoint, as('carol'))).toMatchObject({ tenant: 'carol', compute: { limit: 1, used: 0 } });
    expect((await endpoint.send('GET', PAGE)).status).toBe(401);
  });

  test('who only read have no limits but that of requests', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(MIDDLE);
    await among({ perTenant: { compute: 0, requestsPerMinute: 5, createsPerHour: 0 } });
    for (const name of ['root admin', 'guest reader']) {
      const headers = { 'X-Caller': name };
      for (let times = 0; times < 5; times++) {
        expect((await endpoint.send('GET', '/compute/', { headers })).status).toBe(200);
      }
      expect((await endpoint.send('GET', '/compute/', { headers })).status).toBe(429);
    }
  });

  test('lose no requests to clients that only name them: the cloud refuses those first', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(MIDDLE);
    const one = await startOpenNebula();
    const adapter = { name: 'opennebula', site: 'test', settings: { endpoint: one.endpoint } };
    const settings = { adapter, auth: ['basic'], limits: { perTenant: { requestsPerMinute: 2 } } };
    endpoint = await serve((service) => service, { settings });
    const statusAs = async (pair: string) => {
      const Authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
      return (await endpoint.send('GET', '/compute/', { headers: { Authorization } })).status;
    };
    for (let times = 0; times < 3; times++) expect(await statusAs('alice:wrong')).toBe(401);
    for (const status of [200, 200, 429]) expect(await statusAs('alice:password')).toBe(status);
    await one.close();
  });
});

describe('A refusal by a limit', () => {
  test('is named in the log line of its request', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(MIDDLE);
    const level = logger.getLevelName();
    logger.setLogLevel('INFO');
    endpoint = await withLimits({ cores: 0, createsPerHour: 0, requestsPerMinute: 2 });
    logger.setLogLevel(level);
    const log = jest.spyOn(logger, 'info').mockImplementation(() => {});
    await make(endpoint, compute());
    await make(endpoint, compute());
    await make(endpoint, compute());
    const lines = log.mock.calls.filter(([message]) => message === 'request').map(([, fields]) => fields);
    expect(lines).toMatchObject([
      { status: 429, limit: 'createsPerHour', tenant: 'anonymous' },
      { status: 429, limit: 'createsPerHour' },
      { status: 429, limit: 'requestsPerMinute' },
    ]);
  });

  test('is a metric', () => {
    const { POWERTOOLS_METRICS_DISABLED } = process.env;
    process.env.POWERTOOLS_METRICS_DISABLED = 'false';
    const event = {};
    trailOf(event).record.limit = 'cores';
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    requestMetrics()[0]!.after!({ event, response: { statusCode: 403 } } as never);
    const [[line]] = write.mock.calls as [[string]];
    write.mockRestore();
    process.env.POWERTOOLS_METRICS_DISABLED = POWERTOOLS_METRICS_DISABLED;
    expect(JSON.parse(line)).toMatchObject({ requests: 1, clientErrors: 1, limitRefusals: 1 });
  });

  test('of creates is exact, says until when, and is not used up by what the cloud refuses', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(MIDDLE);
    endpoint = await withLimits(
      { createsPerHour: 2 },
      { cloud: { fail: { 'compute.create': { failure: 'conflict', times: 3 } } } },
    );
    for (let times = 0; times < 3; times++) expect((await make(endpoint, compute())).status).toBe(409);
    const path = await made(endpoint, compute());
    await send(endpoint, 'DELETE', path);
    await made(endpoint, compute());
    const reply = await make(endpoint, compute());
    expect(shown(reply)).toEqual([
      429,
      'Your tenant may create 2 entities an hour: it has created 2 and the request has 1: try again in 1770 seconds.',
    ]);
    expect(reply.headers['retry-after']).toBe('1770');
    jest.spyOn(Date, 'now').mockReturnValue(MIDDLE + 1_770_000);
    await made(endpoint, compute());
  });
});

test('Without its table nothing is admitted uncounted: 503, and no machine', async () => {
  const inner = memoryTable();
  let isDown = false;
  const table: Table = {
    ...another(inner),
    put: async (row, condition) => {
      if (isDown && /\/(rate|ledger)\//.test(row.pk)) throw new OcciError('unavailable', 'The table is down.');
      return inner.put(row, condition);
    },
  };
  endpoint = await withLimits({ compute: 5 }, { table });
  await made(endpoint, compute());
  isDown = true;
  expect((await make(endpoint, compute())).status).toBe(503);
  // A delete goes on: it only makes room, which the next count finds.
  isDown = false;
  expect((await usage(endpoint)).compute.used).toBe(1);
});
