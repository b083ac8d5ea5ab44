import * as z from 'zod';
import type { ApplicationCredential, Project, Token, User } from '../people.ts';
import type { ServiceRequest } from '../service.ts';
import type { Site } from '../site.ts';
import { subjectOf } from './caller.ts';
import { newToken } from './issue.ts';
import { malformed, notFound, refused, unauthorized } from './refusals.ts';

const domain = z.object({ id: z.string().optional(), name: z.string().optional() });
const user = z.object({
  id: z.string().optional(),
  name: z.string().optional(),
  domain: domain.optional(),
  password: z.string().optional(),
});
const project = z.object({ id: z.string().optional(), name: z.string().optional(), domain: domain.optional() });

const login = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.array(z.string()),
      password: z.object({ user }).optional(),
      token: z.object({ id: z.string() }).optional(),
      application_credential: z
        .object({ id: z.string().optional(), name: z.string().optional(), user: user.optional(), secret: z.string() })
        .optional(),
    }),
    scope: z
      .union([
        z.literal('unscoped'),
        z.object({
          project: project.optional(),
          domain: domain.optional(),
          system: z.object({ all: z.boolean() }).optional(),
          unscoped: z.object({}).optional(),
        }),
      ])
      .optional(),
  }),
});
type Login = z.infer<typeof login>['auth'];

/** Who logs in, and how. */
interface Proved {
  readonly userId: string;
  readonly methods: readonly string[];
  readonly parent?: Token;
  readonly credential?: ApplicationCredential;
}

/** The body of a login. Throws 400 as Keystone does; of its schema only the first line. */
export function loginOf({ text, headers }: ServiceRequest): Login {
  if (!headers['content-type']?.includes('json'))
    throw malformed('Expecting to find application/json in Content-Type header.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('Expecting to find valid JSON in request body.');
  }
  const { data, error } = login.safeParse(value);
  if (data) return data.auth;
  const at = error.issues[0]!.path.at(-1);
  throw refused(400, `'${String(at)}' is a required property\n\nFailed validating 'required' in schema:\n    {…}`);
}

type Named = z.infer<typeof user>;

function userOf(site: Site, { id, name, domain: of }: Named): User | undefined {
  if (id !== undefined) return site.people.users.get(id);
  if (!of) throw malformed('Expecting to find domain in user.');
  const found = site.people.userNamed(name ?? '');
  return found && [found.domain.id, found.domain.name].includes(of.id ?? of.name ?? '') ? found : undefined;
}

function byPassword(site: Site, named: Named): Proved {
  const found = userOf(site, named);
  if (!found?.enabled || found.password !== named.password) throw unauthorized(site);
  return { userId: found.id, methods: ['password'] };
}

function byToken(site: Site, id: string): Proved {
  const parent = subjectOf(site, id);
  if (!site.people.users.get(parent.userId)?.enabled) throw refused(404, 'Failed to validate token');
  if (parent.applicationCredentialId !== undefined)
    throw refused(
      403,
      'You are not authorized to perform the requested action: Using a delegated token to create another token is not allowed..',
    );
  return { userId: parent.userId, methods: [...new Set([...parent.methods, 'token'])], parent };
}

function byCredential(site: Site, wish: NonNullable<Login['identity']['application_credential']>): Proved {
  const all = site.people.applicationCredentials;
  const owner = wish.user && userOf(site, wish.user);
  const found =
    wish.id === undefined
      ? [...all.values()].find(({ name, userId }) => name === wish.name && userId === owner?.id)
      : all.get(wish.id);
  if (!found && wish.id !== undefined) throw notFound('Application Credential', wish.id);
  const isGood = found && found.secret === wish.secret && (found.expires === null || found.expires > site.now());
  if (!isGood || !site.people.users.get(found.userId)?.enabled) throw unauthorized(site);
  return { userId: found.userId, methods: ['application_credential'], credential: found };
}

function proved(site: Site, { methods, ...given }: Login['identity']): Proved {
  for (const method of methods) {
    if (method === 'password' && given.password) return byPassword(site, given.password.user);
    if (method === 'token' && given.token) return byToken(site, given.token.id);
    if (method === 'application_credential' && given.application_credential)
      return byCredential(site, given.application_credential);
    throw malformed(`Expecting to find ${method} in identity.`);
  }
  throw malformed('Expecting to find methods in identity.');
}

function projectOf(site: Site, { id, name, domain: of }: z.infer<typeof project>): Project | undefined {
  if (id !== undefined) return site.people.projects.get(id);
  const found = site.people.projectNamed(name ?? '');
  return found && of && [found.domain.id, found.domain.name].includes(of.id ?? of.name ?? '') ? found : undefined;
}

/** The token of a login, or the refusal. */
export function logIn(site: Site, { identity, scope }: Login): Token {
  const { userId, methods, parent, credential } = proved(site, identity);
  const { people } = site;
  const made = {
    userId,
    methods,
    ...(parent && { expires: parent.expires, parentAuditId: parent.auditIds.at(-1) }),
  };
  if (credential) {
    if (scope !== undefined)
      throw refused(401, 'Application credentials cannot request a scope.', {
        'www-authenticate': `Keystone uri="${site.origins.identity}/v3"`,
      });
    const { projectId, roles, id, expires } = credential;
    if (!people.projects.get(projectId)?.enabled) throw unauthorized(site);
    const end = Math.floor((site.now() + site.tokenLifetimeMs) / 1000) * 1000;
    const ends = expires === null ? {} : { expires: Math.min(expires, end) };
    return newToken(site, { ...made, projectId, roles, applicationCredentialId: id, ...ends });
  }
  const asked = typeof scope === 'object' ? scope : {};
  if (asked.system) {
    if (people.rolesIn(userId, 'system').length === 0) throw unauthorized(site);
    return newToken(site, { ...made, isSystem: true });
  }
  if (asked.domain) throw unauthorized(site);
  const isDefault = scope === undefined && !parent;
  const wished = asked.project ? projectOf(site, asked.project) : undefined;
  const chosen = isDefault ? people.projects.get(people.users.get(userId)!.defaultProjectId ?? '') : wished;
  if (asked.project && !chosen) throw unauthorized(site);
  if (chosen && !(chosen.enabled && people.rolesIn(userId, chosen.id).length > 0)) {
    if (asked.project) throw unauthorized(site);
    return newToken(site, made);
  }
  return newToken(site, { ...made, projectId: chosen?.id });
}
