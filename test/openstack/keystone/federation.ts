import { createHash } from 'node:crypto';
import type { Token } from '../people.ts';
import type { ServiceRequest } from '../service.ts';
import type { Site } from '../site.ts';
import { newToken } from './issue.ts';
import { forbidden, notFound, unauthorized } from './refusals.ts';

/** Says who a caller is whose assertion the web server has checked; creates the user at the first login. */
export function federatedLogin(site: Site, request: ServiceRequest, [idp, protocol]: readonly string[]): Token {
  const provider = site.people.identityProviders.get(idp!);
  if (!provider) throw notFound('Identity Provider', idp!);
  if (provider.protocol !== protocol) throw notFound('federated protocol for Identity Provider', protocol!);
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const known = bearer === undefined ? undefined : provider.accessTokens.get(bearer);
  const subject = known?.subject ?? request.headers['oidc-sub'];
  const issuer = known?.issuer ?? request.headers['oidc-iss'];
  if (subject === undefined || issuer === undefined) throw unauthorized(site);
  if (!provider.issuers.includes(issuer)) throw forbidden();
  const { people } = site;
  const userId = createHash('sha256').update(`${provider.domainId} ${subject}`).digest('hex');
  if (!people.users.has(userId)) {
    people.users.set(userId, {
      id: userId,
      name: subject,
      // Nobody logs in with a password that is empty: the schema of a login wants a user's own.
      password: '',
      domain: { id: provider.domainId, name: provider.domainId },
      enabled: true,
      federated: { identityProvider: provider.id, protocol: provider.protocol, groupId: provider.groupId },
    });
    if (provider.projectId !== undefined) people.grant(userId, provider.projectId, 'member');
  }
  return newToken(site, { userId, methods: [provider.protocol] });
}
