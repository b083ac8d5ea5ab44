import { randomBytes } from 'node:crypto';
import { type Token, tokenText } from '../people.ts';
import type { Site } from '../site.ts';

interface NewToken {
  readonly userId: string;
  readonly methods: readonly string[];
  readonly projectId?: string | undefined;
  readonly isSystem?: boolean;
  readonly roles?: readonly string[];
  readonly expires?: number;
  /** Of the token that this one was got with. */
  readonly parentAuditId?: string | undefined;
  readonly applicationCredentialId?: string;
}

/** A new token, which Keystone and all services know. */
export function newToken(site: Site, { parentAuditId, ...wish }: NewToken): Token {
  const { people } = site;
  const scope = wish.isSystem ? 'system' : wish.projectId;
  // Fernet tokens carry whole seconds.
  const issued = Math.floor(site.now() / 1000) * 1000;
  const auditId = randomBytes(16).toString('base64url');
  const token: Token = {
    text: tokenText(),
    isSystem: false,
    roles: scope === undefined ? [] : people.rolesIn(wish.userId, scope),
    issued,
    expires: issued + site.tokenLifetimeMs,
    auditIds: parentAuditId === undefined ? [auditId] : [auditId, parentAuditId],
    revoked: false,
    ...wish,
  };
  people.tokens.set(token.text, token);
  return token;
}

/** A token without a login. Throws if there is no such user, or the user has no such project. */
export function issue(site: Site, userName: string, projectName?: string): Token {
  const user = site.people.userNamed(userName);
  if (!user) throw new Error(`The site has no user ${userName}.`);
  const projects = site.people.projectsOf(user.id);
  const project = projectName === undefined ? projects[0] : projects.find(({ name }) => name === projectName);
  if (!project) throw new Error(`${userName} has no project ${projectName ?? ''}.`);
  return newToken(site, { userId: user.id, methods: ['password'], projectId: project.id });
}
