import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { ApplicationCredential, Token } from '../people.ts';
import type { ServiceAnswer, ServiceRequest } from '../service.ts';
import { micros, type Site } from '../site.ts';
import { forbidden, malformed, notFound, refused } from './refusals.ts';

const wish = z.object({
  application_credential: z.object({
    name: z.string(),
    description: z.string().optional(),
    secret: z.string().optional(),
    expires_at: z.string().nullish(),
    unrestricted: z.boolean().optional(),
    roles: z.array(z.object({ id: z.string().optional(), name: z.string().optional() })).optional(),
    access_rules: z.array(z.record(z.string(), z.string())).optional(),
  }),
});

const body = (site: Site, one: ApplicationCredential): object => ({
  id: one.id,
  name: one.name,
  description: one.description,
  user_id: one.userId,
  project_id: one.projectId,
  system: null,
  expires_at: one.expires === null ? null : micros(one.expires),
  unrestricted: one.unrestricted || null,
  roles: one.roles.map((name) => ({
    ...site.people.roles.get(name),
    domain_id: null,
    description: null,
    options: { immutable: true },
  })),
  ...(one.accessRules && { access_rules: one.accessRules }),
  links: { self: `${site.origins.identity}/v3/application_credentials/${one.id}` },
});

function created(site: Site, caller: Token, request: ServiceRequest): ServiceAnswer {
  const { application_credential: asked } = wish.parse(JSON.parse(request.text));
  const { people } = site;
  const used = caller.applicationCredentialId;
  if (used !== undefined && !people.applicationCredentials.get(used)?.unrestricted)
    throw forbidden('identity:create_application_credential');
  const expires = asked.expires_at ? Date.parse(`${asked.expires_at.replace(/Z$/, '')}Z`) : null;
  if (expires !== null && expires < site.now()) throw malformed("The 'expires_at' must not be before now.");
  const roleNames = asked.roles?.map(
    ({ id, name }) => name ?? [...people.roles.values()].find((role) => role.id === id)?.name ?? '',
  );
  if (roleNames?.some((name) => !caller.roles.includes(name)))
    throw refused(400, 'Invalid application credential: Cannot create an application credential with unassigned role');
  const { name } = asked;
  if ([...people.applicationCredentials.values()].some((one) => one.userId === caller.userId && one.name === name))
    throw refused(
      409,
      `Conflict occurred attempting to store application_credential - Duplicate entry found with name ${name}.`,
    );
  const one: ApplicationCredential = {
    id: site.ids.hex(),
    name,
    secret: asked.secret ?? randomBytes(64).toString('base64url'),
    userId: caller.userId,
    projectId: caller.projectId!,
    roles: roleNames ?? caller.roles,
    description: asked.description ?? null,
    expires,
    unrestricted: asked.unrestricted ?? false,
    ...(asked.access_rules && { accessRules: asked.access_rules.map((rule) => ({ id: site.ids.hex(), ...rule })) }),
  };
  people.applicationCredentials.set(one.id, one);
  return { status: 201, body: { application_credential: { ...body(site, one), secret: one.secret } } };
}

/** `/v3/users/{user}/application_credentials` and one of them. */
export function applicationCredentials(
  site: Site,
  caller: Token,
  request: ServiceRequest,
  [userId, id]: readonly (string | undefined)[],
): ServiceAnswer {
  const all = site.people.applicationCredentials;
  const action = { GET: id ? 'get' : 'list', POST: 'create', DELETE: 'delete' }[request.method];
  const subject = id === undefined && request.method === 'GET' ? 'application_credentials' : 'application_credential';
  if (userId !== caller.userId) throw forbidden(`identity:${action}_${subject}`);
  if (request.method === 'POST') return created(site, caller, request);
  if (id === undefined) {
    const own = [...all.values()].filter((one) => one.userId === userId).reverse();
    const self = `${site.origins.identity}${request.path}`;
    const links = { next: null, self, previous: null };
    return { status: 200, body: { application_credentials: own.map((one) => body(site, one)), links } };
  }
  const found = all.get(id);
  if (!found || found.userId !== userId) throw notFound('Application Credential', id);
  if (request.method === 'GET') return { status: 200, body: { application_credential: body(site, found) } };
  all.delete(id);
  return { status: 204 };
}
