import type { Token, User } from '../people.ts';
import { micros, type Site } from '../site.ts';
import { catalogOf } from './catalog.ts';

const userBody = ({ id, name, domain, federated }: User): object => ({
  domain,
  id,
  name,
  ...(federated
    ? {
        'OS-FEDERATION': {
          groups: [{ id: federated.groupId }],
          identity_provider: { id: federated.identityProvider },
          protocol: { id: federated.protocol },
        },
      }
    : { password_expires_at: null }),
});

/** What an answer says of a token. */
export function tokenBody(site: Site, token: Token, withCatalog: boolean): object {
  const { people } = site;
  const project = token.projectId === undefined ? undefined : people.projects.get(token.projectId);
  const credential =
    token.applicationCredentialId === undefined
      ? undefined
      : people.applicationCredentials.get(token.applicationCredentialId);
  const user = people.users.get(token.userId)!;
  // Roles of a group come from another table, with all of its columns.
  const columns = user.federated && { domain_id: null, description: null, options: { immutable: true } };
  const scoped = project !== undefined || token.isSystem;
  const body = {
    methods: token.methods,
    user: userBody(user),
    audit_ids: token.auditIds,
    expires_at: `${micros(token.expires)}Z`,
    issued_at: `${micros(token.issued)}Z`,
    ...(project && {
      project: { domain: project.domain, id: project.id, name: project.name },
      is_domain: false,
    }),
    ...(scoped && { roles: token.roles.map((name) => ({ ...people.roles.get(name), ...columns })) }),
    ...(token.isSystem && { system: { all: true } }),
    ...(credential && {
      application_credential: {
        id: credential.id,
        name: credential.name,
        restricted: !credential.unrestricted,
        ...(credential.accessRules && { access_rules: credential.accessRules }),
      },
    }),
    ...(scoped && withCatalog && { catalog: catalogOf(site) }),
  };
  return { token: body };
}
