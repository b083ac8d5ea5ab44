/** What callers bring is proved at Keystone, and becomes a session of one project. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addProject, addUser, PROJECTS, USERS } from '../../../openstack/seed.ts';
import { basic, bearer, FEDERATION, type People, startPeople, xAuth } from './people.ts';

let people: People;
let gamma: string;

const CREDENTIAL = '0123456789abcdef0123456789abcdef';

const shown = async (own: Parameters<People['caller']>[0], settings: object = {}) => {
  const { userName, projectId, roles } = await people.caller(own, { settings }).session();
  return { userName, projectId, roles: [...roles].sort() };
};

const refusal = (own: Parameters<People['caller']>[0], settings: object = {}) =>
  people
    .caller(own, { settings })
    .session()
    .then(
      () => 'a session',
      (error: Error & { failure?: string }) => `${error.failure}: ${error.message}`,
    );

const NOT_VALID = 'unauthenticated: The credentials are not valid.';

beforeAll(async () => {
  people = await startPeople();
  const { site } = people.cloud;
  gamma = addProject(site, 'gamma');
  addUser(site, { name: 'sam', password: 'sam:secret', roles: { [PROJECTS.alpha]: 'member', [gamma]: 'reader' } });
  addUser(site, { name: 'ann@example.org', password: 'ann-secret', roles: { [gamma]: 'member' } });
  addUser(site, { name: 'nobody', password: 'nobody-secret' });
  const domain = { id: 'domain-of-eve', name: 'example.org' };
  site.people.users.set('eve', { id: 'eve', name: 'eve', password: 'eve-secret', domain, enabled: true });
  site.people.grant('eve', gamma, 'member');
  site.people.applicationCredentials.set(CREDENTIAL, {
    id: CREDENTIAL,
    name: 'occi',
    secret: 'credential-secret',
    userId: USERS.alice,
    projectId: PROJECTS.alpha,
    roles: ['reader'],
    description: null,
    expires: null,
    unrestricted: false,
  });
});
afterAll(() => people.cloud.close());

describe('HTTP Basic', () => {
  const alice = { userName: 'alice', projectId: PROJECTS.alpha, roles: ['member', 'reader'] };

  test.each([
    ['the default domain', 'alice:alice-secret'],
    ['a domain', 'alice@Default:alice-secret'],
    ['a project', 'alice/alpha:alice-secret'],
    ['a project by its id', `alice/${PROJECTS.alpha}:alice-secret`],
    ['a domain and a project', 'alice@Default/alpha:alice-secret'],
  ])('names a user with %s', async (_, text) => {
    expect(await shown(basic(text))).toEqual(alice);
  });

  test('names a user of another domain', async () => {
    expect(await refusal(basic('eve:eve-secret'))).toBe(NOT_VALID);
    expect((await shown(basic('eve@example.org:eve-secret'))).userName).toBe('eve');
    expect((await shown(basic('eve:eve-secret'), { userDomain: 'example.org' })).userName).toBe('eve');
  });

  test('names a user whose name is an address', async () => {
    for (const name of ['ann@example.org', 'ann@example.org@Default'])
      expect((await shown(basic(`${name}:ann-secret`))).userName).toBe('ann@example.org');
  });

  test('has an application credential, which has less rights than its user', async () => {
    expect(await shown(basic(`${CREDENTIAL}:credential-secret`))).toEqual({ ...alice, roles: ['reader'] });
  });

  test('chooses one of several projects', async () => {
    expect(await shown(basic('sam/gamma:sam:secret'))).toEqual({
      userName: 'sam',
      projectId: gamma,
      roles: ['reader'],
    });
  });

  test('without a choice among several is 401 that names them', async () => {
    const says = await refusal(basic('sam:sam:secret'));
    expect(says).toMatch(/^unauthenticated: /);
    for (const part of [`alpha (${PROJECTS.alpha})`, `gamma (${gamma})`, 'user@domain/project'])
      expect(says).toContain(part);
    expect(await refusal(basic('sam/beta:sam:secret'))).toContain(`gamma (${gamma})`);
  });

  test('of a user without a project says so', async () => {
    expect(await refusal(basic('nobody:nobody-secret'))).toBe('unauthenticated: The user has no role in any project.');
  });

  test.each([
    ['a wrong password', 'alice:wrong'],
    ['an unknown user', 'nemo:alice-secret'],
    ['an unknown domain', 'alice@nowhere:alice-secret'],
    ['a wrong password beside a project', 'sam/beta:wrong'],
    ['no password', 'alice:'],
    ['an empty project', 'alice/:alice-secret'],
    ['no user before a project', '/alpha:alice-secret'],
    ['a wrong secret', `${CREDENTIAL}:wrong`],
    ['an application credential that never was', `${'f'.repeat(32)}:secret`],
    ['a name that is too long', `${'x'.repeat(2000)}:secret`],
  ])('with %s is refused in the same words', async (_, text) => {
    expect(await refusal(basic(text))).toBe(NOT_VALID);
  });
});

describe('X-Auth-Token', () => {
  const unscoped = async (name: string, password: string): Promise<string> => {
    const body = {
      auth: {
        identity: { methods: ['password'], password: { user: { name, domain: { id: 'default' }, password } } },
        scope: 'unscoped',
      },
    };
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${people.cloud.endpoint}/auth/tokens`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return answer.headers.get('x-subject-token')!;
  };

  test('of a project is the token that is used', async () => {
    const text = people.cloud.token('bob');
    const session = await people.caller(xAuth(text)).session();
    expect([session.token, session.projectId, session.userName]).toEqual([text, PROJECTS.beta, 'bob']);
  });

  test('without a project is exchanged for one of the only project', async () => {
    const text = await unscoped('alice', 'alice-secret');
    const session = await people.caller(xAuth(text)).session();
    expect(session.projectId).toBe(PROJECTS.alpha);
    expect(session.token).not.toBe(text);
  });

  test('without a project, of a user with several, is 401 that names them', async () => {
    const says = await refusal(xAuth(await unscoped('sam', 'sam:secret')));
    expect(says).toMatch(/^unauthenticated: .*alpha.*gamma/);
  });

  test('that never was, or was revoked, is refused in the same words', async () => {
    const text = people.cloud.token('alice');
    people.cloud.site.people.tokens.get(text)!.revoked = true;
    for (const one of ['gAAAAABnothing', text, 'x'.repeat(9000)]) expect(await refusal(xAuth(one))).toBe(NOT_VALID);
  });
});

describe('A bearer token', () => {
  test('is exchanged at the path of the identity provider, and then for a token of the project', async () => {
    const { userName, projectId } = await people.caller(bearer('token-of-carol'), { settings: FEDERATION }).session();
    expect([userName, projectId]).toEqual(['sub-of-carol@example.org', PROJECTS.alpha]);
  });

  test('that the provider does not know is refused in the same words, as all are without a provider', async () => {
    expect(await refusal(bearer('token-of-mallory'), FEDERATION)).toBe(NOT_VALID);
    expect(await refusal(bearer('token-of-carol'))).toBe(NOT_VALID);
  });

  test('before an identity provider that Keystone lacks is not the fault of its user', async () => {
    expect(await refusal(bearer('token-of-dave'), { federation: { identityProvider: 'nope' } })).toMatch(/^internal: /);
  });
});

describe('Keystone that has no roles of a user for a moment', () => {
  const HOW = { settings: FEDERATION };
  const empty = { status: 200, body: { projects: [], links: { next: null, self: '', previous: null } } };

  test.each([
    ['lists no project', 'GET', '/auth/projects', { kind: 'answer', answer: empty }],
    ['refuses the project that it has listed', 'POST', /\/v3\/auth\/tokens$/, { kind: 'expired' }],
  ] as const)('is asked again: it %s', async (_, method, path, day) => {
    // Earlier tests have proved her.
    people.wait(60_001);
    people.cloud.badDays.add(day, { service: 'identity', method, path, times: 2 });
    const { projectId } = await people.caller(bearer('token-of-carol'), HOW).session();
    expect(projectId).toBe(PROJECTS.alpha);
    people.cloud.badDays.end();
  });
});

describe('A token beside other credentials', () => {
  test.each([
    ['a password', 'alice', basic('alice:alice-secret')],
    ['an application credential', 'alice', basic(`${CREDENTIAL}:credential-secret`)],
  ])('decides where %s proves the same user', async (_, user, beside) => {
    const text = people.cloud.token(user);
    expect((await people.caller({ ...xAuth(text), beside }).session()).token).toBe(text);
  });

  test('decides beside the bearer token that its user logged in with', async () => {
    const { token: text } = await people.caller(bearer('token-of-carol'), { settings: FEDERATION }).session();
    const both = { ...xAuth(text), beside: bearer('token-of-carol') };
    expect((await shown(both, FEDERATION)).userName).toBe('sub-of-carol@example.org');
    expect(
      await refusal({ ...xAuth(people.cloud.token('alice')), beside: bearer('token-of-carol') }, FEDERATION),
    ).toMatch(/^invalid: .*different callers/);
  });

  test('is refused where they are of another user, or not valid', async () => {
    const own = xAuth(people.cloud.token('alice'));
    expect(await refusal({ ...own, beside: basic('bob:bob-secret') })).toMatch(/^invalid: .*different callers/);
    expect(await refusal({ ...own, beside: basic('alice:wrong') })).toBe(NOT_VALID);
    expect(await refusal({ ...own, beside: bearer('token-of-carol') })).toBe(NOT_VALID);
  });
});
