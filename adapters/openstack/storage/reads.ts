/** Volumes as storage: how they are read, and what OCCI sees of them. */
import type * as z from 'zod';
import type { Native, NativeId, Page, PageQuery } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { readPage } from '../api/pages.ts';
import { path } from '../api/path.ts';
import { type Cloud, isUuid } from '../cloud.ts';
import { markOf } from '../mark.ts';
import { regionMixinId, zoneMixinId } from '../mixins.ts';
import { type Volume, volumeAnswer, volumeIdsAnswer, volumesAnswer } from '../native/volume.ts';
import { storageState } from '../volume-states.ts';

/** Metadata of a volume: the mark of the create that made it, that of the one that attached it last, and to what. */
export const TOKEN = 'occi_token';
export const LINK_TOKEN = 'occi_link_token';
export const LINK_SERVER = 'occi_link_server';

export const noSuchStorage = (): OcciError => new OcciError('notFound', 'There is no such storage.');

/** Cinder goes on showing a volume while it is being deleted; if that fails, it comes back as one in error. */
const isDeleting = ({ status }: Volume): boolean => status === 'deleting';

/** A volume as OCCI sees it, in the region of its cloud. */
export function toStorage(volume: Volume, region: string | undefined): Native<'storage'> {
  const { state, message } = storageState(volume.status);
  const { name, description, availability_zone: zone } = volume;
  return {
    kind: 'storage',
    id: volume.id,
    attributes: {
      ...(name && { 'occi.core.title': name }),
      ...(description && { 'occi.core.summary': description }),
      'occi.storage.size': volume.size,
      'occi.storage.state': state,
      ...(message !== undefined && { 'occi.storage.state.message': message }),
    },
    mixins: [...(zone ? [zoneMixinId(zone)] : []), ...(region === undefined ? [] : [regionMixinId(region)])],
    links: [],
  };
}

/** A volume: 1 call. Throws `notFound`, also for one that is being deleted and for another project's. */
export async function readVolume(cloud: Cloud, id: NativeId): Promise<Volume> {
  if (!isUuid(id)) throw noSuchStorage();
  const { projectId } = await cloud.session();
  const { volume } = await translateErrors('storage', () =>
    cloud.client.read('volume', path`volumes/${id}`, volumeAnswer),
  );
  // Administrators can read those of all projects.
  const owner = volume['os-vol-tenant-attr:tenant_id'] ?? projectId;
  if (isDeleting(volume) || owner !== projectId) throw noSuchStorage();
  return volume;
}

const volumes = {
  service: 'volume',
  path: path`volumes/detail`,
  shape: volumesAnswer,
  itemsOf: (answer: z.infer<typeof volumesAnswer>) => answer.volumes,
  linksOf: ({ volumes_links }: z.infer<typeof volumesAnswer>) => volumes_links,
} as const;
/** The short listing, which has no states. */
const volumeIds = {
  service: 'volume',
  path: path`volumes`,
  shape: volumeIdsAnswer,
  itemsOf: (answer: z.infer<typeof volumeIdsAnswer>) => answer.volumes,
  linksOf: ({ volumes_links }: z.infer<typeof volumeIdsAnswer>) => volumes_links,
} as const;

/** A page of volumes: 1 call. */
export async function readVolumes(cloud: Cloud, query: PageQuery): Promise<Page<Volume>> {
  const page = await translateErrors('storage', () => readPage(cloud, volumes, query));
  return { ...page, items: page.items.filter((volume) => !isDeleting(volume)) };
}

/** A page of ids, those of volumes that are being deleted among them: 1 call. */
export async function readVolumeIds(cloud: Cloud, query: PageQuery): Promise<Page<NativeId>> {
  const page = await translateErrors('storage', () => readPage(cloud, volumeIds, query));
  return { ...page, items: page.items.map(({ id }) => id) };
}

/**
 * The volume with this mark in its metadata: 1 call where Cinder filters by metadata. Where its `resource_filters.json`
 * does not let members do that, it ignores the filter without a word, and this takes a call per page.
 */
export async function volumeOfToken(cloud: Cloud, key: string, token: string): Promise<Volume | undefined> {
  const mark = markOf(token);
  const listing = { ...volumes, query: { metadata: `{'${key}': '${mark}'}` } };
  let cursor: string | undefined;
  do {
    const page = await translateErrors('storage', () =>
      readPage(cloud, listing, cursor === undefined ? {} : { cursor }),
    );
    const found = page.items.find((volume) => volume.metadata[key] === mark && !isDeleting(volume));
    if (found) return found;
    cursor = page.next;
  } while (cursor !== undefined);
  return undefined;
}
