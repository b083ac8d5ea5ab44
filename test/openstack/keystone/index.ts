import type { Token } from '../people.ts';
import { matched, type Service, type ServiceAnswer, type ServiceRequest } from '../service.ts';
import type { Site } from '../site.ts';
import { applicationCredentials } from './application-credentials.ts';
import { callerOf, subjectOf } from './caller.ts';
import { catalogOf } from './catalog.ts';
import { federatedLogin } from './federation.ts';
import { logIn, loginOf } from './log-in.ts';
import { page, projectBody, userBody } from './records.ts';
import { forbidden, notFound, refused, unknownMethod, unknownPath } from './refusals.ts';
import { tokenBody } from './token-body.ts';
import { versions } from './versions.ts';

type Handler = (site: Site, request: ServiceRequest, ids: readonly string[]) => ServiceAnswer;
type Methods = Readonly<Record<string, Handler>>;

const issued = (site: Site, { query }: ServiceRequest, token: Token, status: number): ServiceAnswer => ({
  status,
  headers: { 'x-subject-token': token.text },
  body: tokenBody(site, token, !query.has('nocatalog')),
});

/** The token that `X-Subject-Token` names, if the caller may ask about it. */
function asked(site: Site, request: ServiceRequest, action: string): Token {
  const caller = callerOf(site, request);
  const text = request.headers['x-subject-token'];
  if (text === undefined) throw forbidden(action);
  const subject = subjectOf(site, text);
  if (subject.userId !== caller.userId && !caller.roles.includes('admin')) throw forbidden(action);
  return subject;
}

const validate: Handler = (site, request) => {
  const subject = asked(site, request, 'identity:validate_token');
  const credential = site.people.applicationCredentials.get(subject.applicationCredentialId ?? '');
  // Only to those who say that they know of access rules.
  if (credential?.accessRules && request.headers['openstack-identity-access-rules'] === undefined)
    throw refused(404, 'Failed to validate token');
  return issued(site, request, subject, 200);
};

const revoke: Handler = (site, request) => {
  asked(site, request, 'identity:revoke_token').revoked = true;
  return { status: 204 };
};

const ownProjects: Handler = (site, request) => {
  const { userId } = callerOf(site, request);
  // Disabled ones too: seen on the real Keystone.
  const own = site.people.projectsOf(userId).map((one) => ({ ...projectBody(site, one), id: one.id }));
  return { status: 200, body: page(site, request, 'projects', own) };
};

const domains: Handler = (site, request) => {
  callerOf(site, request);
  return { status: 200, body: page(site, request, 'domains', []) };
};

const catalog: Handler = (site, request) => {
  if (callerOf(site, request).projectId === undefined) throw refused(403, 'No project scope.');
  return { status: 200, body: { catalog: catalogOf(site), links: { self: `${request.origin}/v3/auth/catalog` } } };
};

const projects: Handler = (site, request) => {
  if (!callerOf(site, request).roles.includes('admin')) throw forbidden('identity:list_projects');
  const all = [...site.people.projects.values()].map((one) => ({ ...projectBody(site, one), id: one.id }));
  return { status: 200, body: page(site, request, 'projects', all) };
};

const project: Handler = (site, request, [id]) => {
  const caller = callerOf(site, request);
  const found = site.people.projects.get(id!);
  const isOwn = found && site.people.rolesIn(caller.userId, found.id).length > 0;
  if (!isOwn && !caller.roles.includes('admin')) throw forbidden('identity:get_project');
  if (!found) throw notFound('project', id!);
  return { status: 200, body: { project: projectBody(site, found) } };
};

const users: Handler = (site, request) => {
  if (!callerOf(site, request).roles.includes('admin')) throw forbidden('identity:list_users');
  const all = [...site.people.users.values()].map((one) => ({ ...userBody(site, one), id: one.id }));
  return { status: 200, body: page(site, request, 'users', all) };
};

const user: Handler = (site, request, [id]) => {
  const caller = callerOf(site, request);
  if (caller.userId !== id && !caller.roles.includes('admin')) throw forbidden('identity:get_user');
  const found = site.people.users.get(id!);
  if (!found) throw notFound('user', id!);
  return { status: 200, body: { user: userBody(site, found) } };
};

const credentials: Handler = (site, request, ids) =>
  applicationCredentials(site, callerOf(site, request), request, ids);

const federated: Handler = (site, request, ids) => issued(site, request, federatedLogin(site, request, ids), 201);

const PATHS: readonly (readonly [pattern: string, methods: Methods])[] = [
  [
    '/v3/auth/tokens',
    {
      POST: (site, request) => issued(site, request, logIn(site, loginOf(request)), 201),
      GET: validate,
      HEAD: validate,
      DELETE: revoke,
    },
  ],
  ['/v3/auth/projects', { GET: ownProjects, HEAD: ownProjects }],
  ['/v3/auth/domains', { GET: domains }],
  ['/v3/auth/catalog', { GET: catalog }],
  ['/v3/projects', { GET: projects }],
  ['/v3/projects/{}', { GET: project }],
  ['/v3/users', { GET: users }],
  ['/v3/users/{}', { GET: user }],
  ['/v3/users/{}/application_credentials', { GET: credentials, POST: credentials }],
  ['/v3/users/{}/application_credentials/{}', { GET: credentials, DELETE: credentials }],
  ['/v3/OS-FEDERATION/identity_providers/{}/protocols/{}/auth', { GET: federated, POST: federated }],
];

function answered(site: Site, request: ServiceRequest): ServiceAnswer {
  const found = versions(request);
  if (found) return found;
  for (const [pattern, methods] of PATHS) {
    const ids = matched(pattern, request.path);
    if (ids) return methods[request.method]?.(site, request, ids) ?? unknownMethod;
  }
  return unknownPath;
}

/** Keystone: proves tokens itself, so that every path is open. */
export function keystone(site: Site): Service {
  return {
    isOpen: () => true,
    answer: (request) => answered(site, request),
    always: () => ({ vary: 'X-Auth-Token' }),
  };
}
