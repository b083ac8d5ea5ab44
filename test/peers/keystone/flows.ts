/** Requests to both: logins, what is done with their tokens, and mistakes. */
import { PASSWORDS, type World } from './worlds.ts';

/** Tokens that earlier steps have got, by the name of the step. */
export type Got = Readonly<Record<string, string>>;

export interface Step {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or a text as it is. */
  readonly body?: unknown;
}

type StepIn = (world: World, got: Got) => Step | Promise<Step>;

const TOKENS = '/v3/auth/tokens';
const FEDERATED = '/v3/OS-FEDERATION/identity_providers/egi.eu/protocols/openid/auth';

const by = (user: object, scope?: unknown) => ({
  method: 'POST',
  path: TOKENS,
  body: {
    auth: { identity: { methods: ['password'], password: { user } }, ...(scope !== undefined && { scope }) },
  },
});
const DOMAIN = { id: 'default' };
const ALICE = { name: 'alice', domain: DOMAIN, password: PASSWORDS.alice };
const identity = (one: unknown, scope?: unknown) => ({
  method: 'POST',
  path: TOKENS,
  body: { auth: { identity: one, ...(scope !== undefined && { scope }) } },
});
const byToken = (id: string, scope?: unknown) => identity({ methods: ['token'], token: { id } }, scope);
const about = (caller = '', subject = '', method = 'GET', path = TOKENS): Step => ({
  method,
  path,
  headers: { ...(caller && { 'X-Auth-Token': caller }), ...(subject && { 'X-Subject-Token': subject }) },
});
const get = (path: string, token = ''): Step => about(token, '', 'GET', path);

/** In the order in which they are sent. */
export const FLOWS: Readonly<Record<string, StepIn>> = {
  versions: () => ({ method: 'GET', path: '/', headers: { Accept: 'application/json' } }),
  'version 3': () => get('/v3'),
  'version 3 with a slash': () => get('/v3/'),

  'password and project id': ({ ids }) => by(ALICE, { project: { id: ids.physics } }),
  'password and project name': () => by(ALICE, { project: { name: 'physics', domain: DOMAIN } }),
  'domain by its name': () => by({ ...ALICE, domain: { name: 'Default' } }),
  'default project': () => by(ALICE),
  unscoped: () => by(ALICE, 'unscoped'),
  'user id': ({ ids }) => by({ id: ids.alice, password: PASSWORDS.alice }),
  'other letters': () => by({ name: 'bob', domain: DOMAIN, password: PASSWORDS.bob }),
  'no catalogue': () => ({ ...by(ALICE), path: `${TOKENS}?nocatalog` }),
  'members that nobody knows': ({ ids }) => ({
    ...by({}),
    body: {
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { id: ids.alice, password: PASSWORDS.alice, mood: 1 } },
          mood: 1,
        },
        mood: 1,
      },
      mood: 1,
    },
  }),
  'one method twice': () => identity({ methods: ['password', 'password'], password: { user: ALICE } }),
  'two methods': (_, got) =>
    identity({ methods: ['password', 'token'], password: { user: ALICE }, token: { id: got.unscoped } }),

  'token for a project': ({ ids }, got) => byToken(got.unscoped!, { project: { id: ids.physics } }),
  'token without a scope': (_, got) => byToken(got.unscoped!),
  'token for a foreign project': ({ ids }, got) => byToken(got.unscoped!, { project: { id: ids.biology } }),
  'token that is none': () => byToken('none'),

  'a token shows itself': (_, got) => about(got.unscoped, got.unscoped),
  'a token shows another': (_, got) => about(got.unscoped, got['token for a project']),
  'a token shows another, no catalogue': (_, got) => ({
    ...about(got.unscoped, got['token for a project']),
    path: `${TOKENS}?nocatalog`,
  }),
  'a token is there': (_, got) => about(got.unscoped, got.unscoped, 'HEAD'),
  'a foreign token': (_, got) => about(got.unscoped, got['other letters']),
  'a token that is none': (_, got) => about(got.unscoped, 'none'),
  'no token to show': (_, got) => about(got.unscoped),
  'a token shown without a caller': (_, got) => about('', got.unscoped),
  'a token shown by a bad caller': (_, got) => about('none', got.unscoped),

  projects: (_, got) => get('/v3/auth/projects', got.unscoped),
  'projects with a scoped token': (_, got) => get('/v3/auth/projects', got['password and project id']),
  'projects, HEAD': (_, got) => about(got.unscoped, '', 'HEAD', '/v3/auth/projects'),
  'projects of the federation': (_, got) => get('/v3/OS-FEDERATION/projects', got.unscoped),
  'projects of oneself': ({ ids }, got) => get(`/v3/users/${ids.alice}/projects`, got.unscoped),
  'projects of another': ({ ids }, got) => get(`/v3/users/${ids.bob}/projects`, got.unscoped),
  'projects of nobody': (_, got) => get('/v3/users/nobody/projects', got.unscoped),
  'projects without a token': () => get('/v3/auth/projects'),
  'projects with a bad token': () => get('/v3/auth/projects', 'none'),
  catalogue: (_, got) => get('/v3/auth/catalog', got['password and project id']),

  'bearer token': async (world) => ({
    method: 'POST',
    path: FEDERATED,
    headers: { Authorization: `Bearer ${await world.bearer()}` },
  }),
  'bearer token, GET': async (world) => ({
    method: 'GET',
    path: FEDERATED,
    headers: { Authorization: `Bearer ${await world.bearer()}`, 'Content-Type': 'application/json' },
  }),
  'projects with a bearer token beside': async (world, got) => ({
    ...get('/v3/auth/projects', got['bearer token']),
    headers: { 'X-Auth-Token': got['bearer token']!, Authorization: `Bearer ${await world.bearer()}` },
  }),
  'federated token for a project': ({ ids }, got) => byToken(got['bearer token']!, { project: { id: ids.physics } }),
  'federation without a proof': () => ({ method: 'POST', path: FEDERATED }),

  'token is revoked': (_, got) => about(got.unscoped, got['token for a project'], 'DELETE'),
  'revoked token is shown': (_, got) => about(got.unscoped, got['token for a project']),
  'revoked token is a caller': (_, got) => get('/v3/auth/projects', got['token for a project']),
  'foreign token is revoked': (_, got) => about(got.unscoped, got['other letters'], 'DELETE'),

  'wrong password': () => by({ ...ALICE, password: 'wrong' }),
  'unknown user': () => by({ ...ALICE, name: 'nobody' }),
  'unknown project': () => by(ALICE, { project: { id: 'none' } }),
  'foreign project': ({ ids }) => by(ALICE, { project: { id: ids.biology } }),
  'foreign domain': () => by({ ...ALICE, domain: { id: 'none' } }),
  'project in a foreign domain': () => by(ALICE, { project: { name: 'physics', domain: { id: 'none' } } }),
  'scope of a domain': () => by(ALICE, { domain: DOMAIN }),
  'scope of the system': () => by(ALICE, { system: { all: true } }),
  'no methods': () => identity({ methods: [] }),
  'unknown method': () => identity({ methods: ['none'], none: {} }),
  'method without its part': () => identity({ methods: ['password'] }),
  'user without domain': () => by({ name: 'alice', password: PASSWORDS.alice }),
  'user without name': () => by({ password: PASSWORDS.alice }),
  'project without domain': () => by(ALICE, { project: { name: 'physics' } }),
  'empty scope': () => by(ALICE, {}),
  'two scopes': ({ ids }) => by(ALICE, { project: { id: ids.physics }, domain: DOMAIN }),
  'scope that is a word': () => by(ALICE, 'everything'),
  'password that is a number': () => by({ ...ALICE, password: 5 }),
  'empty body': () => ({ ...by({}), body: {} }),
  'no auth': () => ({ ...by({}), body: { auth: {} } }),
  list: () => ({ ...by({}), body: [] }),
  'no JSON': () => ({ ...by({}), body: '{"auth"' }),
  'text as a type': () => ({ ...by(ALICE), headers: { 'Content-Type': 'text/plain' } }),
  'large body': () => by({ ...ALICE, password: 'x'.repeat(120_000) }),
  'unknown path': (_, got) => get('/v3/none', got.unscoped),
  'unknown path without a token': () => get('/v3/none'),
  'unknown method of a path': (_, got) => about(got.unscoped, '', 'PUT', '/v3/auth/projects'),
  'methods of a path': () => ({ method: 'OPTIONS', path: TOKENS }),
};
