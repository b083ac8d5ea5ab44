import { DEFAULT_DOMAIN, type People } from './people.ts';
import type { Site } from './site.ts';

/** Ids of the recorded site. */
export const PROJECTS = {
  admin: '9ea9fb222a7e4e2eaf78e96286497900',
  alpha: 'c7b2d8def937457f9fc84a7a2f2529a0',
  beta: 'fc7ed759eb3a4bf0bbb64df858d2ca10',
} as const;

/** That of rita is made up: no recording names it. */
export const USERS = {
  admin: 'f0f3a7ac3ebe43e5910b12071bc46395',
  alice: 'caf414f3ffec42148885fe67e60eabab',
  bob: 'ff557f4c9d784e728b48a4f5398431db',
  rita: '5d1c3a90b7e84f6f9a2b6c1d0e4f8a73',
} as const;

export const ROLES = {
  admin: 'fd7fa45d13e645c8b91d491e55608475',
  manager: 'eb423c894d5045a2a1b2faa4c0ee598a',
  member: '8a21284e77984f35aae92d66ac527828',
  reader: '2cd80417f6684f1c89780e66e5ededfe',
} as const;

/** What each user is, and where. */
const GRANTS: readonly (readonly [user: keyof typeof USERS, scope: string, role: keyof typeof ROLES])[] = [
  ['admin', PROJECTS.admin, 'admin'],
  ['admin', 'system', 'admin'],
  ['alice', PROJECTS.alpha, 'member'],
  ['bob', PROJECTS.beta, 'member'],
  ['rita', PROJECTS.alpha, 'reader'],
];

/** Adds a project; without an id it gets a new one. */
export function addProject(site: Site, name: string, id: string = site.ids.hex()): string {
  site.people.projects.set(id, { id, name, domain: DEFAULT_DOMAIN, enabled: true });
  return id;
}

interface NewUser {
  readonly name: string;
  readonly password: string;
  readonly id?: string;
  /** Role in each project, by the project's id. */
  readonly roles?: Readonly<Record<string, keyof typeof ROLES>>;
}

/** Adds a user with roles in projects. */
export function addUser(site: Site, { name, password, id = site.ids.hex(), roles = {} }: NewUser): string {
  const { people } = site;
  people.users.set(id, { id, name, password, domain: DEFAULT_DOMAIN, enabled: true });
  for (const [project, role] of Object.entries(roles)) people.grant(id, project, role);
  return id;
}

const addRoles = (people: People): void => {
  for (const [name, id] of Object.entries(ROLES)) people.roles.set(name, { id, name });
};

/** Projects and people of the recorded site; passwords are `<name>-secret`. */
export function seedPeople(site: Site): void {
  addRoles(site.people);
  for (const [name, id] of Object.entries(PROJECTS)) addProject(site, name, id);
  for (const [name, id] of Object.entries(USERS)) addUser(site, { name, password: `${name}-secret`, id });
  for (const [user, scope, role] of GRANTS) site.people.grant(USERS[user], scope, role);
  site.people.identityProviders.set('egi', {
    id: 'egi',
    protocol: 'openid',
    issuers: ['https://aai.example.org/oidc'],
    domainId: '91ecf6085b18448e9f54fed709034924',
    groupId: 'ab1d3170d02246a197b08815f4dc4d53',
    projectId: PROJECTS.alpha,
    accessTokens: new Map([
      ['token-of-carol', { subject: 'sub-of-carol@example.org', issuer: 'https://aai.example.org/oidc' }],
    ]),
  });
}
