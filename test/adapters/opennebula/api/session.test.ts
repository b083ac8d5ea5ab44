import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connectSite, oneClient } from '../../../../adapters/opennebula/api/client.ts';
import {
  callerKey,
  forgetSession,
  keepSessions,
  proveSession,
  type Sessions,
  sessionOf,
  tenantOf,
} from '../../../../adapters/opennebula/api/session.ts';
import { settings } from '../../../../adapters/opennebula/config.ts';
import { withSecrets } from '../../../../lib/config/secret.ts';
import { type Oned, oned } from '../oned.ts';
import { recording } from '../recordings.ts';

const ALICE = 'alice:password';
const good = recording('one.user.info--self').response.body;
const bad = recording('one.user.info--expired-token').response.body;

let cloud: Oned;
let now = 1_800_000_000_000;
let sessions: Sessions;
let broken = false;

beforeEach(async () => {
  broken = false;
  cloud = await oned((number, _request, response) => {
    if (broken) response.destroy();
    else response.end(cloud.bodies[number]!.includes(`<string>${ALICE}<`) ? good : bad);
  });
  sessions = keepSessions(() => now);
});
afterEach(() => cloud.stop());

const prove = (session: string, time = 5000) => {
  const site = connectSite(settings.parse({ endpoint: cloud.endpoint }));
  return proveSession(sessions, oneClient(site, { session, deadline: Date.now() + time }), session);
};

describe('A session', () => {
  test('is proved by who it belongs to', async () => {
    expect(await prove(ALICE)).toEqual({ uid: 2, gid: 1, groups: [1], name: 'alice' });
  });

  test('is proved once a minute', async () => {
    await prove(ALICE);
    now += 59_000;
    await prove(ALICE);
    expect(cloud.bodies).toHaveLength(1);
    now += 2000;
    await prove(ALICE);
    expect(cloud.bodies).toHaveLength(2);
  });

  test('is proved once for all that ask at the same time', async () => {
    await Promise.all(Array.from({ length: 10 }, () => prove(ALICE)));
    expect(cloud.bodies).toHaveLength(1);
  });

  test('with a wrong password is unauthenticated, cold and warm', async () => {
    const wrong = { failure: 'unauthenticated', message: expect.not.stringContaining('wrong') };
    await expect(prove('alice:wrong')).rejects.toMatchObject(wrong);
    await prove(ALICE);
    await expect(prove('alice:wrong')).rejects.toMatchObject(wrong);
    await expect(prove('alice:wrong')).rejects.toMatchObject(wrong);
    expect(cloud.bodies).toHaveLength(4);
  });

  test('that could not be asked about is not kept, and others who waited ask for themselves', async () => {
    broken = true;
    const first = prove(ALICE, 900);
    const second = prove(ALICE);
    await expect(first).rejects.toMatchObject({ failure: 'unavailable' });
    await expect(second).rejects.toMatchObject({ failure: 'unavailable' });
    broken = false;
    expect(await prove(ALICE)).toMatchObject({ uid: 2 });
  });

  test('is forgotten when oned refuses it meanwhile', async () => {
    await prove(ALICE);
    forgetSession(sessions, ALICE);
    await prove(ALICE);
    expect(cloud.bodies).toHaveLength(2);
  });

  test('is not to be found in what is kept', async () => {
    await prove(ALICE);
    const kept = JSON.stringify(sessions.verdicts.entries());
    expect(kept).not.toContain('password');
    expect(callerKey(sessions, ALICE)).not.toBe(callerKey(keepSessions(), ALICE));
    expect(callerKey(sessions, ALICE)).not.toBe(callerKey(sessions, 'alice:wrong'));
  });

  test('is one of a thousand at most', async () => {
    for (let number = 0; number < 1001; number += 1) {
      sessions.verdicts.set(`${number}`, Promise.resolve({ uid: 1, gid: 1, groups: [], name: '' }));
    }
    await prove(ALICE);
    expect(sessions.verdicts.entries()).toHaveLength(1000);
  });
});

describe('The session string', () => {
  const own = settings.parse({ endpoint: 'http://127.0.0.1/RPC2' });
  const acting = withSecrets(
    settings.parse({ endpoint: 'http://127.0.0.1/RPC2', serverCipher: { user: 'serveradmin', password: 'p' } }),
    ({ text }) => text!,
  );

  test.each(['alice:password', 'alice:pass:with:colons', 'alice:čeština', 'serveradmin:alice:token='])(
    'may be %j',
    (credentials) => {
      expect(sessionOf(sessions, own, { name: 'alice', credentials })).toBe(credentials);
    },
  );

  test.each([undefined, '', 'alice', 'alice:', ':password', 'alice:😀', 'alice:\u0001', `alice:${'x'.repeat(3000)}`])(
    'cannot be %j',
    (credentials) => {
      const caller = credentials === undefined ? { name: 'alice' } : { name: 'alice', credentials };
      expect(() => sessionOf(sessions, own, caller)).toThrow(expect.objectContaining({ failure: 'unauthenticated' }));
    },
  );

  test('of a caller without credentials is the service account’s, where there is one, until it nears its end', () => {
    const first = sessionOf(sessions, acting, { name: 'alice' });
    expect(first).toMatch(/^serveradmin:alice:/);
    expect(sessionOf(sessions, acting, { name: 'alice' })).toBe(first);
    now += 1_600_000;
    expect(sessionOf(sessions, acting, { name: 'alice' })).not.toBe(first);
  });

  test('of a caller with credentials is never the service account’s, because they are not verified yet', () => {
    expect(sessionOf(sessions, acting, { name: 'oneadmin', credentials: 'oneadmin:guess' })).toBe('oneadmin:guess');
  });

  test.each(['', 'a:b', 'a b', 'alice ', 'alice\u00a0', 'oneadmin:1800000000', '😀', 'x'.repeat(300)])(
    'of the service account does not act for a caller named %j',
    (name) => {
      expect(() => sessionOf(sessions, acting, { name })).toThrow(
        expect.objectContaining({ failure: 'unauthenticated' }),
      );
    },
  );

  test('gives a tenant that is no name', () => {
    const verdict = { uid: 2, gid: 100, groups: [100], name: 'alice' };
    expect(tenantOf(own, verdict)).toBe('u2');
    expect(tenantOf({ ...own, tenant: 'gid' }, verdict)).toBe('g100');
  });
});
