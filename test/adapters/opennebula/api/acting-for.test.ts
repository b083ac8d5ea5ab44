/** Callers that a service account acts for, although oned's database matches user names more loosely than we do. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeService } from '../../../../functions/services.ts';
import { readSettings } from '../../../../lib/config/index.ts';
import { occiHandler } from '../../../../lib/request/handler.ts';
import { type OpenNebula, startOpenNebula } from '../../../oned/index.ts';
import { addUser } from '../../../oned/methods/users.ts';

interface Result {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const EVENT = JSON.parse(readFileSync(new URL('../../../fixtures/events/lambda.json', import.meta.url), 'utf8'));

let one: OpenNebula;
let send: (user: string, rawPath?: string) => Promise<Result>;

/** An endpoint whose callers a Lambda authorizer names. */
async function start(serverCipher: object = {}): Promise<void> {
  const cipher = { user: 'serveradmin', password: 'password', ...serverCipher };
  const text = JSON.stringify({
    adapter: { name: 'opennebula', site: 'test', settings: { endpoint: one.endpoint, serverCipher: cipher } },
    auth: [{ gateway: { from: 'lambda', claim: 'user' } }],
    table: { kind: 'memory' },
    local: true,
  });
  const service = await makeService(readSettings(text));
  const handler = occiHandler(async () => service) as unknown as (event: object, context: object) => Promise<Result>;
  send = (user, rawPath = EVENT.rawPath) =>
    handler(
      { ...EVENT, rawPath, requestContext: { ...EVENT.requestContext, authorizer: { lambda: { user } } } },
      { getRemainingTimeInMillis: () => 10_000 },
    );
}

/** The answer without its request id, and the native calls that it took. */
async function answer(user: string) {
  const before = one.methods.length;
  const { statusCode, headers, body } = await send(user);
  const { 'X-Request-Id': id, ...rest } = headers;
  return { statusCode, headers: rest, body: body.replaceAll(id!, '…'), calls: one.methods.slice(before) };
}

const UNKNOWN = 'no-such-user';
const statusOf = async (user: string): Promise<number> => (await send(user)).statusCode;

beforeAll(async () => {
  one = await startOpenNebula({ step: 1 });
  one.site.database = 'mysql';
  addUser(one.site, { name: 'carol', password: 'password', gid: 0 });
  const dave = addUser(one.site, { name: 'dave', password: 'password', gid: 1 });
  dave.groups.add(0);
  addUser(one.site, { name: 'josé', password: 'password', gid: 1 });
});
afterAll(() => one.close());
beforeEach(() => start());

describe('A service account acts for a caller', () => {
  test.each(['alice', 'josé'])('whose name is that of an ordinary user: %s', async (name) => {
    expect(await statusOf(name)).toBe(200);
  });

  test.each(['Alice', 'ALICE', 'álice', 'jose', 'jose\u0301', 'JOSÉ', 'ａlice'])(
    'not if the database takes another name for it: %j',
    async (name) => {
      expect(await answer(name)).toEqual(await answer(UNKNOWN));
      expect(await statusOf(name)).toBe(401);
    },
  );

  test.each(['oneadmin', 'ONEADMIN', 'OneAdmin', 'önéadmin', 'serveradmin', 'SERVERADMIN', 'carol', 'Carol', 'dave'])(
    'not as an administrator, by primary or another group: %j, who gets the same answer as an unknown name',
    async (name) => {
      expect(await answer(name)).toEqual(await answer(UNKNOWN));
      // The same with a warm cache of callers.
      expect(await answer(name)).toEqual(await answer(UNKNOWN));
      expect(await statusOf(name)).toBe(401);
    },
  );

  test.each(['alice ', ' alice', 'alice\u00a0', 'alice:0', 'alice:1:x', 'oneadmin:', 'alice\u200b', 'alice\n'])(
    'not by a name that oned cannot have, and oned is not asked: %j',
    async (name) => {
      const { statusCode, calls } = await answer(name);
      expect([statusCode, calls]).toEqual([401, []]);
    },
  );

  test('who is an administrator if the settings name it, and only by that very name', async () => {
    await start({ administrators: ['oneadmin', 'dave'] });
    expect(await Promise.all(['oneadmin', 'dave'].map(statusOf))).toEqual([200, 200]);
    for (const name of ['ONEADMIN', 'Dave', 'carol', 'serveradmin']) {
      expect(await answer(name)).toEqual(await answer(UNKNOWN));
    }
  });
});
