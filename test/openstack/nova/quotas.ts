import type { ServiceAnswer, ServiceRequest, TokenOwner } from '../service.ts';
import { parsed } from './body.ts';
import type { Microversion } from './microversion.ts';
import { forbidden, refused } from './refusals.ts';
import type { NovaState, Quota } from './state.ts';

const COUNTED = ['cores', 'instances', 'ram'] as const;
type Counted = Readonly<Record<(typeof COUNTED)[number], number>>;

/** Throws 403 when a project would have more than its quota. */
export function checkQuota(state: NovaState, projectId: string, more: Counted): void {
  if (!state.site.hasQuotas) return;
  const [quota, used] = [state.quotaOf(projectId), state.usedBy(projectId)];
  const over = COUNTED.filter((name) => more[name] > 0 && quota[name] >= 0 && used[name] + more[name] > quota[name]);
  if (over.length === 0) return;
  const listed = (values: Counted): string => over.map((name) => values[name]).join(', ');
  const names = over.join(', ');
  throw refused(
    403,
    `Quota exceeded for ${names}: Requested ${listed(more)}, but already used ${listed(used)} of ${listed(quota)} ${names}`,
  );
}

export function limits(state: NovaState, version: Microversion, { projectId }: TokenOwner): ServiceAnswer {
  const [quota, used] = [state.quotaOf(projectId!), state.usedBy(projectId!)];
  const before = (until: string, fields: object): object | undefined => (version.has(until) ? undefined : fields);
  const absolute = {
    maxTotalCores: quota.cores,
    maxTotalInstances: quota.instances,
    maxTotalKeypairs: quota.key_pairs,
    maxServerMeta: quota.metadata_items,
    maxTotalRAMSize: quota.ram,
    maxServerGroups: 10,
    maxServerGroupMembers: 10,
    ...before('2.57', { maxPersonality: 5, maxPersonalitySize: 10_240 }),
    ...before('2.39', { maxImageMeta: quota.metadata_items }),
    ...before('2.36', { maxTotalFloatingIps: -1, maxSecurityGroups: -1, maxSecurityGroupRules: -1 }),
    totalRAMUsed: used.ram,
    totalCoresUsed: used.cores,
    totalInstancesUsed: used.instances,
    ...before('2.36', { totalFloatingIpsUsed: 0, totalSecurityGroupsUsed: 0 }),
    totalServerGroupsUsed: 0,
  };
  return { status: 200, body: { limits: { rate: [], absolute } } };
}

const UNCOUNTED = {
  fixed_ips: -1,
  floating_ips: -1,
  injected_file_content_bytes: 10_240,
  injected_file_path_bytes: 255,
  injected_files: 5,
  security_group_rules: -1,
  security_groups: -1,
  server_group_members: 10,
  server_groups: 10,
};

/** `/os-quota-sets/{project}` and its detail. */
export function quotaSets(
  state: NovaState,
  request: ServiceRequest,
  owner: TokenOwner,
  projectId: string,
): ServiceAnswer {
  const isAdmin = owner.roles.includes('admin');
  if (request.method === 'PUT') {
    if (!isAdmin) throw forbidden('os_compute_api:os-quota-sets:update');
    const { quota_set: wish } = parsed(request) as { quota_set: Partial<Quota> };
    const quota = state.quotaOf(projectId);
    for (const name of COUNTED) quota[name] = Number(wish[name] ?? quota[name]);
    return { status: 200, body: { quota_set: { ...UNCOUNTED, ...quota } } };
  }
  if (!isAdmin && projectId !== owner.projectId) throw forbidden('os_compute_api:os-quota-sets:show');
  const [quota, used] = [{ ...UNCOUNTED, ...state.quotaOf(projectId) }, state.usedBy(projectId)];
  if (!request.path.endsWith('/detail')) return { status: 200, body: { quota_set: { id: projectId, ...quota } } };
  const detail = Object.entries(quota).map(([name, limit]) => [
    name,
    { limit, in_use: (used as Readonly<Record<string, number>>)[name] ?? 0, reserved: 0 },
  ]);
  return { status: 200, body: { quota_set: { id: projectId, ...Object.fromEntries(detail) } } };
}
