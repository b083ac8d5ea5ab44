/** `/v2.0/rbac-policies`, as far as it shares a security group with a project. */
import { isAdmin, isMember, type ServiceAnswer, type ServiceRequest, type TokenOwner } from '../service.ts';
import { plainBody } from './body.ts';
import type { Kind } from './kind.ts';
import { denied } from './refusals.ts';
import { seen } from './resources.ts';
import type { Group } from './rows.ts';
import type { State } from './state.ts';

interface Policy {
  readonly object_type: string;
  readonly object_id: string;
  readonly action: string;
  readonly target_tenant: string;
}

/** The answer to a new policy; undefined for what is none. */
export function answerForRbac(
  state: State,
  groups: Kind<Group>,
  { request, owner }: { readonly request: ServiceRequest; readonly owner: TokenOwner },
): ServiceAnswer | undefined {
  if (request.method !== 'POST' || request.path !== '/v2.0/rbac-policies') return undefined;
  const policy = plainBody(request.text).rbac_policy as Policy;
  if (policy.object_type !== 'security_group') return undefined;
  const group = seen(groups, policy.object_id, owner);
  const isOwner = isMember(owner) && group.projectId === owner.projectId;
  if (!isOwner && !isAdmin(owner)) throw denied('rule:create_rbac_policy');
  group.sharedWith.add(policy.target_tenant);
  const project = { project_id: owner.projectId, tenant_id: owner.projectId };
  return { status: 201, body: { rbac_policy: { id: state.site.ids.uuid(), ...project, ...policy } } };
}
