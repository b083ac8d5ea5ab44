/** Answers of version 3. https://docs.openstack.org/api-ref/identity/v3/ */
import type { Grant } from '../auth/principal.ts';
import type { Token } from '../auth/token/token.ts';
import type { SchemeName } from '../config/auth/names.ts';
import { DOMAIN, FEDERATED } from './login.ts';
import { projectNamed, rolesOf, servicesAt, timeOf } from './names.ts';
import type { Session } from './session.ts';

export type TokenView = Omit<Session, 'text'>;

export const catalogAt = (origin: string, region: string) =>
  servicesAt(origin).map(({ id, type, name, url, endpointId }) => ({
    endpoints: [{ id: endpointId, interface: 'public', region_id: region, url, region }],
    id,
    type,
    name,
  }));

/** What Keystone calls the schemes; those with a provider are of users whom another system authenticates. */
const PROVED: Readonly<Partial<Record<SchemeName, { readonly method: string; readonly isFederated: boolean }>>> = {
  oidc: { method: 'openid', isFederated: true },
  x509: { method: 'mapped', isFederated: true },
};

const LOCAL = { method: 'password', isFederated: false };

const provedBy = ({ scheme }: Pick<Token, 'scheme'>) => PROVED[scheme] ?? LOCAL;

function userIn(token: Token) {
  const { name, scheme } = token;
  const { method, isFederated } = provedBy(token);
  if (!isFederated) return { domain: DOMAIN, id: name, name, password_expires_at: null };
  const federation = { groups: [], identity_provider: { id: scheme }, protocol: { id: method } };
  return { domain: FEDERATED, id: name, name, 'OS-FEDERATION': federation };
}

/** The body of a token, without its text, which is in the header X-Subject-Token. */
export function tokenBody(view: TokenView, origin: string, region: string, hasCatalog: boolean) {
  const { token, project } = view;
  return {
    token: {
      methods: [provedBy(token).method],
      user: userIn(token),
      audit_ids: [token.id],
      expires_at: timeOf(token.expires),
      issued_at: timeOf(token.created),
      ...(project && {
        project: projectNamed(project.tenant),
        is_domain: false,
        roles: rolesOf(project),
        ...(hasCatalog && { catalog: catalogAt(origin, region) }),
      }),
    },
  };
}

/** The projects of a user. There is no page for one of them: it has nothing more to say. */
export const projectsBody = (grants: readonly Grant[], origin: string, path: string) => ({
  projects: grants.map(({ tenant }) => ({
    id: tenant,
    name: tenant,
    domain_id: DOMAIN.id,
    description: '',
    enabled: true,
    parent_id: DOMAIN.id,
    is_domain: false,
    tags: [],
    options: {},
    links: { self: `${origin}/v3/projects/${encodeURIComponent(tenant)}` },
  })),
  links: { next: null, self: origin + path, previous: null },
});
