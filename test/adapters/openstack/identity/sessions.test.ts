/** A session is proved once for all who ask at the same time, and for a minute at most. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PROJECTS, USERS } from '../../../openstack/seed.ts';
import { basic, type People, startPeople, xAuth } from './people.ts';

let people: People;
beforeEach(async () => {
  people = await startPeople();
});
afterEach(() => people.cloud.close());

const ALICE = basic('alice/alpha:alice-secret');
const failure = (session: Promise<unknown>) =>
  session.then(
    () => 'a session',
    (error: Error & { failure?: string }) => error.failure ?? String(error),
  );

const addCredential = (): string => {
  const id = 'a'.repeat(32);
  people.cloud.site.people.applicationCredentials.set(id, {
    id,
    name: 'occi',
    secret: 'secret',
    userId: USERS.alice,
    projectId: PROJECTS.alpha,
    roles: ['member', 'reader'],
    description: null,
    expires: null,
    unrestricted: false,
  });
  return id;
};

test('requests at the same time share one proof, and later ones have it for a minute', async () => {
  const text = people.cloud.token('alice');
  await Promise.all(Array.from({ length: 20 }, () => people.caller(xAuth(text)).session()));
  people.wait(59_000);
  await people.caller(xAuth(text)).session();
  expect(people.cloud.calls()).toBe(1);
  people.wait(1001);
  await people.caller(xAuth(text)).session();
  expect(people.cloud.calls()).toBe(2);
});

test('another password is another proof', async () => {
  await people.caller(ALICE).session();
  expect(await failure(people.caller(basic('alice/alpha:alice-secre')).session())).toBe('unauthenticated');
  expect(await failure(people.caller(basic('alice/alph:aalice-secret')).session())).toBe('unauthenticated');
});

test('a refusal is not kept', async () => {
  const user = people.cloud.site.people.users.get(USERS.alice)!;
  user.enabled = false;
  expect(await failure(people.caller(ALICE).session())).toBe('unauthenticated');
  user.enabled = true;
  expect(await failure(people.caller(ALICE).session())).toBe('a session');
});

test('what Keystone has taken back is refused when the minute is over: a token, a credential, a project', async () => {
  const { site } = people.cloud;
  const token = xAuth(people.cloud.token('alice'));
  const id = addCredential();
  const credential = basic(`${id}:secret`);
  const credentialToken = xAuth((await people.caller(credential).session()).token);
  const ofBob = xAuth(people.cloud.token('bob'));
  const all = [token, credential, credentialToken, ofBob, ALICE, basic('bob:bob-secret')];
  for (const own of all) expect(await failure(people.caller(own).session())).toBe('a session');
  site.people.tokens.get(token.token!.text)!.revoked = true;
  site.people.applicationCredentials.delete(id);
  site.people.projects.get(PROJECTS.beta)!.enabled = false;
  people.wait(60_001);
  const now = await Promise.all(all.map((own) => failure(people.caller(own).session())));
  expect(now).toEqual([...Array.from({ length: 4 }, () => 'unauthenticated'), 'a session', 'unauthenticated']);
});

test('a session does not outlast its token', async () => {
  people.cloud.site.tokenLifetimeMs = 30_000;
  const own = xAuth(people.cloud.token('alice'));
  await people.caller(own).session();
  people.wait(31_000);
  people.cloud.site.passTime(31_000);
  expect(await failure(people.caller(own).session())).toBe('unauthenticated');
});

test('a request that is in a hurry is 504, and the others get the proof that it began', async () => {
  people.cloud.badDays.add({ kind: 'slow', milliseconds: 700 }, { times: 1 });
  const text = people.cloud.token('alice');
  const hasty = failure(people.caller(xAuth(text), { deadline: 100 }).session());
  const patient = failure(people.caller(xAuth(text)).session());
  expect([await hasty, await patient]).toEqual(['timedOut', 'a session']);
  expect(people.cloud.calls()).toBe(1);
});

test('a proof that was lost is begun again by whoever waited for it', async () => {
  people.cloud.badDays.add({ kind: 'html', status: 503 }, { times: 3 });
  const text = people.cloud.token('alice');
  const [first, second] = [people.caller(xAuth(text)), people.caller(xAuth(text))];
  expect(await Promise.all([failure(first.session()), failure(second.session())])).toEqual([
    'Refusal: identity: 503 ',
    'a session',
  ]);
});

test('a Keystone that does not answer is no refusal', async () => {
  people.cloud.badDays.add({ kind: 'malformed' });
  expect(await failure(people.caller(ALICE).session())).toBe('unavailable');
  people.cloud.badDays.end();
  people.cloud.badDays.add({ kind: 'html', status: 404 });
  expect(await failure(people.caller(ALICE).session())).toBe('Refusal: identity: 502 ');
  people.cloud.badDays.end();
  await people.cloud.stop('identity');
  expect(await failure(people.caller(ALICE).session())).toBe('unavailable');
});

test('a password gives another token, once, when a service has refused the first', async () => {
  const caller = people.caller(ALICE);
  const first = await caller.session();
  const seconds = await Promise.all([caller.renewed(first), caller.renewed(first)]);
  expect(seconds[0]).toBe(seconds[1]);
  expect(seconds[0]!.token).not.toBe(first.token);
  expect(await caller.session()).toBe(seconds[0]);
  expect(await failure(caller.renewed(seconds[0]!))).toBe('unauthenticated');
  // Other requests have the new one.
  expect((await people.caller(ALICE).session()).token).toBe(seconds[0]!.token);
});

test('a token that a service has refused ends, and is proved anew by the next request', async () => {
  const own = xAuth(people.cloud.token('alice'));
  const caller = people.caller(own);
  expect(await failure(caller.renewed(await caller.session()))).toBe('unauthenticated');
  people.cloud.site.people.tokens.get(own.token!.text)!.revoked = true;
  expect(await failure(people.caller(own).session())).toBe('unauthenticated');
});
