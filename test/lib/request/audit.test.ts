import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { AuthScheme } from '../../../lib/auth/scheme.ts';
import { logger } from '../../../lib/log.ts';
import { badge, badges } from '../../badges.ts';
import { type Call, type Endpoint, type EndpointOptions, startEndpoint } from '../../endpoint.ts';
import { startOpenNebula } from '../../oned/index.ts';
import { usersOf } from '../keystone/served.ts';

const SCHEME = 'http://schemas.ogf.org/occi/infrastructure';
const COMPUTE = `Category: compute; scheme="${SCHEME}#"; class="kind"`;
const STOP = `Category: stop; scheme="${SCHEME}/compute/action#"; class="action"`;

type Line = Readonly<Record<string, unknown>>;

const level = logger.getLevelName();
let endpoint: Endpoint | undefined;
afterEach(async () => {
  logger.setLogLevel(level);
  jest.restoreAllMocks();
  await endpoint?.stop();
  endpoint = undefined;
});

/** Starts an endpoint that logs at a level. Returns its lines with `audit`, as they are written. */
async function start(at: 'INFO' | 'WARN' | 'SILENT', options: EndpointOptions = {}): Promise<Line[]> {
  logger.setLogLevel(at);
  endpoint = await startEndpoint({ schemes: [badges], ...options });
  const lines: Line[] = [];
  const keep = process.stdout.write.bind(process.stdout);
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk, ...more) => {
    const text = String(chunk);
    if (!text.startsWith('{')) return keep(chunk as string, ...(more as []));
    const line: Line = JSON.parse(text);
    if (line.message === 'audit') lines.push(line);
    return true;
  });
  return lines;
}

const send = (method: string, path: string, call: Call = {}) =>
  endpoint!.send(method, path, {
    ...call,
    headers: { ...badge('alice', 'physics'), 'content-type': 'text/plain', ...call.headers },
  });
const made = async (): Promise<string> => {
  const { status, headers } = await send('POST', '/compute/', { body: COMPUTE });
  expect(status).toBe(201);
  return new URL(headers.location!).pathname;
};

const ALICE = { who: 'alice', scheme: 'users', tenant: 'physics', role: 'member' };
const EVERY = {
  level: 'INFO',
  message: 'audit',
  service: expect.any(String),
  sampling_rate: 0,
  timestamp: expect.any(String),
  requestId: expect.any(String),
  from: expect.stringMatching(/127\.0\.0\.1$/),
};

describe('The audit has one line for each change', () => {
  test('a create, with the location of what was made', async () => {
    const lines = await start('INFO');
    const entity = await made();
    const what = { method: 'POST', operation: 'kindCollection.post', kind: 'compute', entity, status: 201 };
    expect(lines).toEqual([{ ...EVERY, ...ALICE, ...what }]);
  });

  test('a create of several, with each location', async () => {
    const lines = await start('INFO');
    const body = JSON.stringify({ resources: [{ kind: `${SCHEME}#compute` }, { kind: `${SCHEME}#network` }] });
    const { status } = await send('POST', '/', { headers: { 'content-type': 'application/occi+json' }, body });
    expect(status).toBe(201);
    const locations = [expect.stringMatching(/^\/compute\/./), expect.stringMatching(/^\/network\/./)];
    expect(lines).toEqual([expect.objectContaining({ made: locations, entity: (lines[0]!.made as string[])[0] })]);
  });

  test('a create at a path that the client chose', async () => {
    const lines = await start('INFO');
    expect((await send('PUT', '/compute/web', { body: COMPUTE })).status).toBe(201);
    expect(lines).toEqual([expect.objectContaining({ ...ALICE, operation: 'entity.put', entity: '/compute/web' })]);
  });

  test('an action, with its name', async () => {
    const lines = await start('INFO');
    const entity = await made();
    expect((await send('POST', `${entity}?action=stop`, { body: STOP })).status).toBe(200);
    const what = { method: 'POST', operation: 'entity.act', action: 'stop', kind: 'compute', entity, status: 200 };
    expect(lines[1]).toEqual({ ...EVERY, ...ALICE, ...what });
  });

  test('a delete, and a second one that finds nothing', async () => {
    const lines = await start('INFO');
    const entity = await made();
    await send('DELETE', entity);
    await send('DELETE', entity);
    const what = { method: 'DELETE', operation: 'entity.delete', kind: 'compute', entity };
    expect(lines.slice(1)).toEqual([
      { ...EVERY, ...ALICE, ...what, status: 200 },
      { ...EVERY, ...ALICE, ...what, status: 404 },
    ]);
  });

  test('one that the role of the caller forbids', async () => {
    const lines = await start('INFO');
    await send('POST', '/compute/', { headers: badge('eve', 'physics', 'reader'), body: COMPUTE });
    const who = { ...ALICE, who: 'eve', role: 'reader' };
    expect(lines).toEqual([{ ...EVERY, ...who, method: 'POST', entity: '/compute/', status: 403 }]);
  });

  test('one whose credentials were refused, without a name', async () => {
    const lines = await start('INFO');
    await send('DELETE', '/compute/', { headers: badge('stolen') });
    expect(lines).toEqual([{ ...EVERY, method: 'DELETE', entity: '/compute/', status: 401 }]);
  });

  test('one whose credentials the cloud refused, without the name: it may be a password in the wrong field', async () => {
    const one = await startOpenNebula();
    const adapter = { name: 'opennebula', site: 'test', settings: { endpoint: one.endpoint } };
    const { schemes } = await import('../../../functions/services.ts').then(async ({ makeService }) => {
      const { readSettings } = await import('../../../lib/config/index.ts');
      return makeService(
        readSettings(JSON.stringify({ adapter, table: { kind: 'memory' }, auth: ['basic'], local: true })),
      );
    });
    const lines = await start('INFO', { settings: { adapter, auth: ['basic'] }, schemes });
    const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
    await send('DELETE', '/compute/nothing', { headers: basic('hunter2:alice') });
    await send('DELETE', '/compute/nothing', { headers: basic('alice:password') });
    await one.close();
    expect(lines).toEqual([
      { ...EVERY, method: 'DELETE', entity: '/compute/nothing', status: 401 },
      expect.objectContaining({ who: 'alice', scheme: 'basic', tenant: 'u2', status: 404 }),
    ]);
  });

  test('one that is malformed, and one that another site sent', async () => {
    const lines = await start('INFO');
    await send('POST', '/compute/?page=%', { body: COMPUTE });
    await send('POST', '/compute/', { headers: { 'sec-fetch-site': 'cross-site' }, body: COMPUTE });
    const what = { method: 'POST', entity: '/compute/' };
    expect(lines).toEqual([
      { ...EVERY, ...what, status: 400 },
      { ...EVERY, ...what, status: 403 },
    ]);
  });

  test('but none for a request that only reads', async () => {
    const lines = await start('INFO');
    for (const method of ['GET', 'HEAD', 'OPTIONS']) await send(method, '/compute/');
    expect(lines).toEqual([]);
  });
});

describe('What a client writes', () => {
  test('is not in the line: neither query nor body nor header', async () => {
    const lines = await start('INFO');
    const entity = await made();
    await send('POST', `${entity}?action=s3cret&token=s3cret`, {
      headers: { 'x-auth': 's3cret', 'user-agent': 's3cret', cookie: 'a=s3cret' },
      body: `Category: s3cret; scheme="http://example.org/s3cret#"; class="action"`,
    });
    expect(lines).toHaveLength(2);
    expect(JSON.stringify(lines)).not.toContain('s3cret');
  });

  test('is the path only, up to the length that a path may have', async () => {
    const lines = await start('INFO');
    await send('DELETE', `/${'x'.repeat(3000)}`);
    expect(lines).toEqual([expect.objectContaining({ entity: `/${'x'.repeat(2047)}`, status: 400 })]);
  });

  test('is no address, unless a trusted proxy reports it', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.66, 203.0.113.9' };
    const direct = await start('INFO');
    await send('DELETE', '/x', { headers });
    expect(direct).toEqual([expect.objectContaining({ from: EVERY.from })]);
    await endpoint!.stop();
    jest.restoreAllMocks();
    const behind = await start('INFO', { settings: { trustProxy: true } });
    await send('DELETE', '/x', { headers });
    expect(behind).toEqual([expect.objectContaining({ from: '203.0.113.9', via: EVERY.from })]);
  });
});

describe('The audit is written', () => {
  const deployed = { settings: { local: false, auth: [{ gateway: { from: 'jwt' } }] } };

  test('by a deployment also when it logs failures only', async () => {
    const lines = await start('WARN', deployed);
    await made();
    expect(lines).toEqual([expect.objectContaining({ level: 'INFO', ...ALICE, status: 201 })]);
  });

  test('by a local run with the other lines only', async () => {
    const lines = await start('WARN');
    await made();
    expect(lines).toEqual([]);
  });

  test('not at the level SILENT', async () => {
    const lines = await start('SILENT', deployed);
    await made();
    expect(lines).toEqual([]);
  });

  test('for a request that fails with an internal error', async () => {
    const failing: AuthScheme = {
      name: 'users',
      authenticate: () => {
        throw new TypeError('broken');
      },
    };
    const lines = await start('WARN', { ...deployed, schemes: [failing] });
    jest.spyOn(logger, 'error').mockImplementation(() => {});
    await send('DELETE', '/x');
    expect(lines).toEqual([expect.objectContaining({ method: 'DELETE', entity: '/x', status: 500 })]);
  });
});

describe('The audit of logins and tokens', () => {
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

  test('has the login that clients send as GET', async () => {
    const auth = [{ users: await usersOf() }, { token: {} }, 'keystone'];
    const lines = await start('INFO', { schemes: undefined as never, settings: { auth } });
    const path = '/v3/OS-FEDERATION/identity_providers/egi.eu/protocols/openid/auth';
    for (const password of ['alice-secret', 'wrong']) {
      await endpoint!.send('GET', path, { headers: basic(`alice:${password}`) });
    }
    expect(lines).toEqual([
      expect.objectContaining({ who: 'alice', method: 'GET', entity: path, status: 201 }),
      expect.not.objectContaining({ who: expect.anything() }),
    ]);
  });

  test('names nobody whose password the cloud has not seen', async () => {
    const oned = await startOpenNebula();
    const adapter = { name: 'opennebula', site: 'test', settings: { endpoint: oned.endpoint } };
    try {
      const lines = await start('INFO', {
        schemes: undefined as never,
        settings: { adapter, auth: ['basic', { token: {} }] },
      });
      for (const path of ['/.well-known/tokens?x=1', '/.well-known/tokens']) {
        await endpoint!.send('POST', path, { headers: basic('oneadmin:guessed') });
      }
      expect(lines.map(({ status, who }) => [status, who])).toEqual([
        [400, undefined],
        [401, undefined],
      ]);
    } finally {
      await oned.close();
    }
  });

  test('has no token that somebody sent in place of its id', async () => {
    const auth = [{ users: await usersOf() }, { token: {} }];
    const lines = await start('INFO', { schemes: undefined as never, settings: { auth } });
    const headers = basic('alice:alice-secret');
    const token = (await endpoint!.send('POST', '/.well-known/tokens', { headers })).body.trim();
    const reply = await endpoint!.send('DELETE', `/.well-known/tokens/${token}`, { headers });
    expect(reply.status).toBe(404);
    expect(lines.at(-1)).toMatchObject({ entity: '/.well-known/tokens/occi_REMOVED' });
    expect(JSON.stringify(lines)).not.toContain(token.slice(-40));
  });
});
