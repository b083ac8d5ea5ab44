/** `/.well-known/tokens` in front of OpenNebula: the tokens are those that oned keeps for its user. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Call, type Endpoint, startEndpoint } from '../../endpoint.ts';
import { type OpenNebula, startOpenNebula } from '../../oned/index.ts';

const PATH = '/.well-known/tokens';
const JSON_TYPES = { 'content-type': 'application/json', accept: 'application/json' };
const basic = (session: string) => ({ authorization: `Basic ${Buffer.from(session).toString('base64')}` });
const ALICE = basic('alice:password');

let one: OpenNebula;
let endpoint: Endpoint;
beforeAll(async () => {
  one = await startOpenNebula({ step: 1 });
  endpoint = await startEndpoint({
    settings: {
      adapter: { name: 'opennebula', site: 'test', settings: { endpoint: one.endpoint, defaultOsTemplate: 0 } },
      auth: ['basic', { token: { maxDays: 5 } }],
    },
  });
});
beforeEach(() => {
  for (const user of one.site.users.ascending()) user.tokens = [];
});
afterAll(async () => {
  await endpoint.stop();
  await one.close();
});

const send = (method: string, path: string, headers: Call['headers'], body?: string) =>
  endpoint.send(method, path, { headers, ...(body !== undefined && { body }) });
const made = async (asked: unknown = {}, headers: Record<string, string> = ALICE) => {
  const { status, body } = await send('POST', PATH, { ...headers, ...JSON_TYPES }, JSON.stringify(asked));
  expect([status, body]).toEqual([201, expect.any(String)]);
  return JSON.parse(body) as { token: string; id: string; expires: string; group?: string };
};
const listed = async () =>
  (JSON.parse((await send('GET', PATH, { ...ALICE, accept: 'application/json' })).body) as { tokens: unknown[] })
    .tokens;
const alice = () => one.site.users.must(2);

test('A token is one of oned, and opens the endpoint in either header', async () => {
  const { token, id, expires } = await made({ days: 2 });
  const [kept] = alice().tokens;
  expect(kept).toMatchObject({ egid: -1 });
  expect(Math.abs(kept!.expires - Date.parse(expires) / 1000)).toBeLessThanOrEqual(1);
  expect(Math.abs(kept!.expires - Date.now() / 1000 - 2 * 86_400)).toBeLessThanOrEqual(2);
  for (const headers of [{ 'x-auth-token': token }, { authorization: `Bearer ${token}` }] as Record<string, string>[]) {
    expect((await send('GET', '/compute/', headers)).status).toBe(200);
  }
  expect(await listed()).toEqual([{ id, expires }]);
  expect(id).not.toContain(kept!.token.slice(0, 8));
});

test('Nothing of it is in the table', async () => {
  endpoint.reset();
  const { id } = await made();
  await send('DELETE', `${PATH}/${id}`, ALICE);
  expect(endpoint.calls).toEqual({});
});

test('Clients of rOCCI-server 2 send user and token in base64, and are let in', async () => {
  await made();
  const session = `alice:${alice().tokens[0]!.token}`;
  const token = Buffer.from(session).toString('base64');
  expect((await send('GET', '/compute/', { 'x-auth-token': token })).status).toBe(200);
  const wrong = Buffer.from(`${session}0`).toString('base64');
  expect((await send('GET', '/compute/', { 'x-auth-token': wrong })).status).toBe(401);
});

test('It may be for one group, by name or number', async () => {
  expect(await made({ group: 'users' })).toMatchObject({ group: 'users' });
  expect(await made({ group: '1' })).toMatchObject({ group: 'users' });
  expect(alice().tokens.map(({ egid }) => egid)).toEqual([1, 1]);
  expect(await listed()).toEqual([
    expect.objectContaining({ group: 'users' }),
    expect.objectContaining({ group: 'users' }),
  ]);
  const other = await send('POST', PATH, { ...ALICE, ...JSON_TYPES }, '{"group":"oneadmin"}');
  expect([other.status, other.body]).toEqual([400, expect.stringContaining('not in this group')]);
});

test.each(['{"readOnly":true}', '{"kinds":["compute"]}', '{"label":"laptop"}', '{"tenant":"alice"}'])(
  'It has no scope, label or tenant, so that %s is refused and nothing made',
  async (asked) => {
    const reply = await send('POST', PATH, { ...ALICE, ...JSON_TYPES }, asked);
    expect([reply.status, reply.body]).toEqual([400, expect.stringContaining('Your tokens are those of the cloud')]);
    expect(alice().tokens).toEqual([]);
  },
);

test('There are ten at most, as oned says', async () => {
  for (let n = 0; n < 10; n++) await made();
  const reply = await send('POST', PATH, ALICE);
  expect([reply.status, reply.body]).toEqual([409, expect.stringContaining('revoke one first')]);
  expect((await send('DELETE', `${PATH}?all=true`, ALICE)).status).toBe(204);
  expect(alice().tokens).toEqual([]);
});

test('It is invalid as soon as it is revoked, also where this process has just accepted it', async () => {
  const [first, second] = [await made(), await made()];
  expect((await send('GET', '/-/', { 'x-auth-token': first.token })).status).toBe(200);
  expect((await send('DELETE', `${PATH}/${first.id}`, ALICE)).status).toBe(204);
  expect((await send('GET', '/-/', { 'x-auth-token': first.token })).status).toBe(401);
  expect((await send('GET', '/-/', { 'x-auth-token': second.token })).status).toBe(200);
  for (const id of [first.id, 'A'.repeat(22), ' ']) {
    expect((await send('DELETE', `${PATH}/${encodeURIComponent(id)}`, ALICE)).status).toBe(404);
  }
  expect((await send('DELETE', `${PATH}/${second.id}`, basic('bob:password'))).status).toBe(404);
});

test('It makes no other, and sees and revokes those of its user', async () => {
  const { token, id } = await made();
  expect((await send('POST', PATH, { 'x-auth-token': token })).status).toBe(403);
  expect((await send('GET', PATH, { 'x-auth-token': token })).body).toContain(id);
  expect((await send('DELETE', `${PATH}/${id}`, { 'x-auth-token': token })).status).toBe(204);
  expect(alice().tokens).toEqual([]);
});

test('A wrong password makes none, and sees none', async () => {
  for (const [method, path] of [
    ['GET', PATH],
    ['POST', PATH],
    ['DELETE', `${PATH}?all=true`],
  ] as const) {
    expect((await send(method, path, basic('alice:sesame'))).status).toBe(401);
  }
});
