/** What a project may have: limits, quotas; and what there is: types and zones. */
import { isAdmin, type ServiceAnswer } from '../service.ts';
import type { Asked } from './context.ts';
import { denied, noPath, refused } from './refusals.ts';
import { QUOTAS, type QuotaName } from './store.ts';
import { enveloped } from './values.ts';
import { TYPE_ID } from './views.ts';

export function limits({ store, owner: { projectId } }: Asked): ServiceAnswer {
  const [quota, used] = [store.quotaOf(projectId), store.used(projectId)];
  const absolute = {
    maxTotalVolumes: quota.volumes,
    maxTotalSnapshots: quota.snapshots,
    maxTotalVolumeGigabytes: quota.gigabytes,
    maxTotalBackups: quota.backups,
    maxTotalBackupGigabytes: quota.backup_gigabytes,
    totalVolumesUsed: used.volumes,
    totalGigabytesUsed: used.gigabytes,
    totalSnapshotsUsed: used.snapshots,
    totalBackupsUsed: used.backups,
    totalBackupGigabytesUsed: used.backup_gigabytes,
  };
  return { status: 200, body: { limits: { rate: [], absolute } } };
}

export function answerForQuotas({ store, owner, request }: Asked, [project]: readonly string[]): ServiceAnswer {
  if (project === undefined) throw noPath();
  if (request.method === 'PUT') {
    if (!isAdmin(owner)) throw denied('volume_extension:quotas:update');
    store.setQuota(project, enveloped(request.text, 'quota_set') as Partial<Record<QuotaName, number>>);
    return { status: 200, body: { quota_set: store.quotaOf(project) } };
  }
  if (!isAdmin(owner) && project !== owner.projectId) throw denied('volume_extension:quotas:show');
  const [quota, used] = [store.quotaOf(project), store.used(project)];
  const names = Object.keys(QUOTAS) as QuotaName[];
  const isUsage = request.query.get('usage')?.toLowerCase() === 'true';
  const values = names.map((name) => [
    name,
    isUsage ? { limit: quota[name], in_use: used[name], reserved: 0 } : quota[name],
  ]);
  return { status: 200, body: { quota_set: { ...Object.fromEntries(values), id: project } } };
}

const TYPE = {
  id: TYPE_ID,
  name: '__DEFAULT__',
  is_public: true,
  description: 'Default Volume Type',
  extra_specs: {},
};

export function answerForTypes(_: Asked, [id]: readonly string[]): ServiceAnswer {
  if (id === undefined)
    return { status: 200, body: { volume_types: [{ ...TYPE, 'os-volume-type-access:is_public': true }] } };
  if (id === 'default') return { status: 200, body: { volume_type: TYPE } };
  if (id === TYPE_ID)
    return { status: 200, body: { volume_type: { ...TYPE, 'os-volume-type-access:is_public': true } } };
  throw refused(404, `Volume type ${id} could not be found.`);
}

export const zones = ({ store }: Asked): ServiceAnswer => {
  const all = store.site.volumeZones.map((zoneName) => ({ zoneName, zoneState: { available: true } }));
  return { status: 200, body: { availabilityZoneInfo: all } };
};
