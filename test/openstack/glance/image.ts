import { isAdmin, type TokenOwner } from '../service.ts';
import { seconds } from '../site.ts';

export type Visibility = 'public' | 'private' | 'shared' | 'community';
export type Status = 'queued' | 'saving' | 'active' | 'deactivated' | 'killed';

export interface Member {
  readonly project: string;
  status: string;
  readonly created: number;
  updated: number;
}

export interface Image {
  readonly id: string;
  readonly owner: string;
  name: string | null;
  diskFormat: string | null;
  containerFormat: string | null;
  visibility: Visibility;
  status: Status;
  isProtected: boolean;
  isHidden: boolean;
  minRamMib: number;
  minDiskGib: number;
  tags: readonly string[];
  /** What clients add to the fields of the schema. */
  properties: Readonly<Record<string, string>>;
  data: Buffer | undefined;
  /** Of the data; both are written for images that have some. */
  checksum: string | null;
  digest: string | null;
  sizeBytes: number | null;
  readonly members: Map<string, Member>;
  readonly created: number;
  updated: number;
  readonly steps: (() => void)[];
  due: number;
  /** `image:queued`, for steps. */
  readonly stateName: string;
}

/** Whether somebody may read it; the images of a listing are chosen more narrowly. */
export const isVisible = ({ visibility, owner, members }: Image, reader: TokenOwner): boolean =>
  isAdmin(reader) ||
  owner === reader.projectId ||
  visibility === 'public' ||
  visibility === 'community' ||
  (visibility === 'shared' && members.has(reader.projectId ?? ''));

export const viewOf = (image: Image): object => ({
  ...image.properties,
  name: image.name,
  disk_format: image.diskFormat,
  container_format: image.containerFormat,
  visibility: image.visibility,
  size: image.sizeBytes,
  virtual_size: image.sizeBytes,
  status: image.status,
  checksum: image.checksum,
  protected: image.isProtected,
  min_ram: image.minRamMib,
  min_disk: image.minDiskGib,
  owner: image.owner,
  os_hidden: image.isHidden,
  os_hash_algo: image.digest === null ? null : 'sha512',
  os_hash_value: image.digest,
  id: image.id,
  created_at: seconds(image.created),
  updated_at: seconds(image.updated),
  tags: image.tags,
  self: `/v2/images/${image.id}`,
  file: `/v2/images/${image.id}/file`,
  schema: '/v2/schemas/image',
  ...(image.status === 'active' && { stores: 'file' }),
});
