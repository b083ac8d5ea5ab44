/** Answers of version 2.0, in the form of the last Keystone that had it. */
import type { Grant } from '../auth/principal.ts';
import { rolesOf, servicesAt, timeOf } from './names.ts';
import type { Session } from './session.ts';

const tenantIn = ({ tenant }: Grant) => ({ description: '', enabled: true, id: tenant, name: tenant });

const catalogAt = (origin: string, region: string) =>
  servicesAt(origin).map(({ type, name, url, endpointId }) => ({
    endpoints: [{ id: endpointId, region, publicURL: url, internalURL: url, adminURL: url }],
    endpoints_links: [],
    type,
    name,
  }));

/** A token with its text. VMDIRAC reads `tenant` and `issued_at` of every token. CLIENT-34 */
export function accessBody({ text, token, project }: Session, origin: string, region: string) {
  const roles = project ? rolesOf(project) : [];
  return {
    access: {
      token: {
        issued_at: timeOf(token.created),
        expires: timeOf(token.expires),
        id: text,
        audit_ids: [token.id],
        ...(project && { tenant: tenantIn(project) }),
      },
      serviceCatalog: project ? catalogAt(origin, region) : [],
      user: {
        username: token.name,
        roles_links: [],
        id: token.name,
        roles: roles.map(({ name }) => ({ name })),
        name: token.name,
      },
      metadata: { is_admin: 0, roles: roles.map(({ id }) => id) },
    },
  };
}

/** The tenants of a user. */
export const tenantsBody = (grants: readonly Grant[]) => ({ tenants_links: [], tenants: grants.map(tenantIn) });
