import type { Token } from '../people.ts';
import type { ServiceRequest } from '../service.ts';
import type { Site } from '../site.ts';
import { notFound, refused, unauthorized } from './refusals.ts';

const known = (site: Site, text: string): Token | undefined => {
  const token = site.people.tokens.get(text);
  return token && token.expires > site.now() ? token : undefined;
};

/**
 * The token that a caller brings, as Keystone itself sees it: at once 401 when it was revoked, and 404 when its
 * application credential was deleted or its project is disabled.
 */
export function callerOf(site: Site, { headers, path }: ServiceRequest): Token {
  const { people } = site;
  const token = known(site, headers['x-auth-token'] ?? '');
  if (!token || token.revoked || !people.users.get(token.userId)?.enabled) throw unauthorized(site);
  const credentialId = token.applicationCredentialId;
  if (credentialId !== undefined) {
    const credential = people.applicationCredentials.get(credentialId);
    if (!credential) throw notFound('Application Credential', credentialId);
    // No access rule of a test is for Keystone. The middleware refuses, and its challenge has no version.
    if (credential.accessRules && path !== '/v3/auth/tokens') throw unauthorized(site, '');
  }
  assertProject(site, token);
  return token;
}

function assertProject(site: Site, { projectId }: Token): void {
  if (projectId === undefined) return;
  const project = site.people.projects.get(projectId);
  if (!project) throw notFound('project', projectId);
  if (!project.enabled) throw refused(404, `Unable to validate token because project ${projectId} is disabled`);
}

/** The token that a request is about. Throws 404 as Keystone does. */
export function subjectOf(site: Site, text: string): Token {
  const token = site.people.tokens.get(text);
  if (!token) throw refused(404, 'Could not recognize Fernet token');
  if (token.revoked || !known(site, text)) throw refused(404, 'Failed to validate token');
  const credential = token.applicationCredentialId;
  if (credential !== undefined && !site.people.applicationCredentials.has(credential))
    throw notFound('Application Credential', credential);
  assertProject(site, token);
  return token;
}
