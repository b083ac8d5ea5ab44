import { micros } from '../site.ts';
import type { Asked } from './context.ts';
import type { Backup, Snapshot, Volume } from './store.ts';

const SERVICE_ID = '7dd5ac46-3c9c-4209-977f-4d505b0a7615';
export const TYPE_ID = '5b426098-cc66-4251-8421-d6144b7da670';

/** Times are kept in seconds, except in the answer to a creation. */
const time = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : `${new Date(milliseconds).toISOString().slice(0, 19)}.000000`;

export const linksOf = ({ base, bookmark }: Asked, collection: string, id: string): object[] => [
  { rel: 'self', href: `${base}/${collection}/${id}` },
  { rel: 'bookmark', href: `${bookmark}/${collection}/${id}` },
];

/** Fields that microversions added. */
const ADDED: readonly (readonly [minor: number, field: string, value: (volume: Volume) => unknown])[] = [
  [13, 'group_id', () => null],
  [48, 'shared_targets', ({ status }) => status === 'creating'],
  [48, 'service_uuid', ({ status }) => (status === 'creating' ? null : SERVICE_ID)],
  [63, 'volume_type_id', () => TYPE_ID],
  [65, 'consumes_quota', () => true],
];

const attachmentsOf = ({ id, attachments }: Volume): object[] =>
  attachments.map((one) => ({
    id,
    attachment_id: one.id,
    volume_id: id,
    server_id: one.serverId,
    host_name: null,
    device: one.device,
    attached_at: time(one.at),
  }));

/** @param how whether it is the answer to a creation, and whether it names the project */
export function volumeView(
  asked: Asked,
  volume: Volume,
  how: { readonly isCreation?: boolean; readonly hasProject?: boolean } = {},
): object {
  const added = ADDED.filter(([minor]) => asked.minor >= minor).map(([, field, value]) => [field, value(volume)]);
  return {
    id: volume.id,
    status: volume.status,
    size: volume.sizeGib,
    availability_zone: volume.zone,
    created_at: how.isCreation ? micros(volume.created) : time(volume.created),
    updated_at: time(volume.updated),
    name: volume.name,
    description: volume.description,
    volume_type: '__DEFAULT__',
    snapshot_id: volume.snapshotId,
    source_volid: volume.sourceId,
    metadata: volume.metadata,
    links: linksOf(asked, 'volumes', volume.id),
    user_id: volume.userId,
    bootable: String(volume.isBootable),
    encrypted: false,
    replication_status: null,
    consistencygroup_id: null,
    multiattach: false,
    attachments: attachmentsOf(volume),
    ...Object.fromEntries(added),
    ...(volume.imageId !== null &&
      volume.status !== 'creating' &&
      volume.status !== 'error' && {
        volume_image_metadata: { image_id: volume.imageId },
      }),
    ...(how.hasProject && { 'os-vol-tenant-attr:tenant_id': volume.projectId }),
  };
}

export const shortVolume = (asked: Asked, { id, name }: Volume): object => ({
  id,
  name,
  links: linksOf(asked, 'volumes', id),
});

export function snapshotView(
  { minor }: Asked,
  snapshot: Snapshot,
  how: { readonly isCreation?: boolean; readonly hasProject?: boolean } = {},
): object {
  return {
    id: snapshot.id,
    created_at: how.isCreation ? micros(snapshot.created) : time(snapshot.created),
    updated_at: time(snapshot.updated),
    name: snapshot.name,
    description: snapshot.description,
    volume_id: snapshot.volume.id,
    status: snapshot.status,
    size: snapshot.sizeGib,
    metadata: snapshot.metadata,
    ...(minor >= 14 && { group_snapshot_id: null }),
    ...(minor >= 41 && { user_id: snapshot.userId }),
    ...(minor >= 65 && { consumes_quota: true }),
    ...(how.hasProject && {
      'os-extended-snapshot-attributes:project_id': snapshot.projectId,
      'os-extended-snapshot-attributes:progress': snapshot.status === 'creating' ? '0%' : '100%',
    }),
  };
}

export const backupView = (asked: Asked, backup: Backup): object => ({
  id: backup.id,
  status: backup.status,
  size: backup.sizeGib,
  object_count: 0,
  availability_zone: null,
  container: null,
  created_at: time(backup.created),
  updated_at: time(backup.updated),
  name: backup.name,
  description: backup.description,
  fail_reason: backup.failReason,
  volume_id: backup.volumeId,
  links: linksOf(asked, 'backups', backup.id),
  is_incremental: false,
  has_dependent_backups: false,
  snapshot_id: null,
  data_timestamp: time(backup.created),
});
