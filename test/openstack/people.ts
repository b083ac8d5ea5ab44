/** Users, projects, roles and tokens of a site: what Keystone keeps, and what proves a token to the other services. */
import { randomBytes } from 'node:crypto';

export interface Domain {
  readonly id: string;
  readonly name: string;
}

export interface User {
  readonly id: string;
  readonly name: string;
  password: string;
  readonly domain: Domain;
  defaultProjectId?: string;
  enabled: boolean;
  /** What the mapping of a federated login said. */
  readonly federated?: { readonly identityProvider: string; readonly protocol: string; readonly groupId: string };
}

/** An identity provider with the mapping of the recorded site: each subject of its issuers is in one group. */
export interface IdentityProvider {
  readonly id: string;
  readonly protocol: string;
  readonly issuers: readonly string[];
  readonly domainId: string;
  readonly groupId: string;
  /** Project in which the group has the role `member`; none for a group without one. */
  readonly projectId?: string;
  /** Access tokens that the web server before Keystone (mod_auth_openidc) takes, with what it learns from them. */
  readonly accessTokens: Map<string, { readonly subject: string; readonly issuer: string }>;
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly domain: Domain;
  enabled: boolean;
}

export interface Role {
  readonly id: string;
  readonly name: string;
}

export interface ApplicationCredential {
  readonly id: string;
  readonly name: string;
  readonly secret: string;
  readonly userId: string;
  readonly projectId: string;
  readonly roles: readonly string[];
  readonly description: string | null;
  /** Milliseconds since the epoch; null for one that does not end. */
  readonly expires: number | null;
  readonly unrestricted: boolean;
  readonly accessRules?: readonly object[];
}

export interface Token {
  /** The text that clients send. */
  readonly text: string;
  readonly userId: string;
  readonly methods: readonly string[];
  readonly projectId?: string | undefined;
  readonly isSystem: boolean;
  readonly roles: readonly string[];
  readonly issued: number;
  readonly expires: number;
  readonly auditIds: readonly string[];
  readonly applicationCredentialId?: string | undefined;
  revoked: boolean;
}

/** A text like those of Fernet tokens. */
export const tokenText = (): string => `gAAAAAB${randomBytes(135).toString('base64url')}`;

/** The roles that a role implies. */
export const IMPLIED: Readonly<Record<string, readonly string[]>> = {
  admin: ['admin', 'manager', 'reader', 'member'],
  manager: ['manager', 'reader', 'member'],
  member: ['reader', 'member'],
  reader: ['reader'],
};

export const DEFAULT_DOMAIN: Domain = { id: 'default', name: 'Default' };

/** Role assignments, by user and project; `system` stands for the whole site. */
export class People {
  readonly users = new Map<string, User>();
  readonly projects = new Map<string, Project>();
  readonly roles = new Map<string, Role>();
  readonly identityProviders = new Map<string, IdentityProvider>();
  readonly tokens = new Map<string, Token>();
  readonly applicationCredentials = new Map<string, ApplicationCredential>();
  private readonly grants = new Map<string, Set<string>>();

  grant(userId: string, scope: string, role: string): void {
    const key = `${userId} ${scope}`;
    const held = this.grants.get(key) ?? new Set();
    for (const name of IMPLIED[role] ?? [role]) held.add(name);
    this.grants.set(key, held);
  }

  revokeGrants(userId: string, scope: string): void {
    this.grants.delete(`${userId} ${scope}`);
  }

  /** Names of the roles that a user has in a project, with those implied. */
  rolesIn(userId: string, scope: string): readonly string[] {
    return [...(this.grants.get(`${userId} ${scope}`) ?? [])];
  }

  /** Disabled ones too, as Keystone lists them. */
  projectsOf(userId: string): readonly Project[] {
    return [...this.projects.values()].filter(({ id }) => this.rolesIn(userId, id).length > 0);
  }

  userNamed(name: string): User | undefined {
    return [...this.users.values()].find((user) => user.name === name);
  }

  projectNamed(name: string): Project | undefined {
    return [...this.projects.values()].find((project) => project.name === name);
  }
}
