/** `/v3/volumes`. */
import { isAdmin, type ServiceAnswer } from '../service.ts';
import { type Asked, holdMember } from './context.ts';
import { pageOf } from './listing.ts';
import {
  badRequest,
  invalidInput,
  invalidVolume,
  malformed,
  noPath,
  noSnapshot,
  noVolume,
  refused,
} from './refusals.ts';
import type { Store, Volume } from './store.ts';
import { enveloped, metadataOf, refuseOthers, type Said, sizeOf, textOf } from './values.ts';
import { shortVolume, TYPE_ID, volumeView } from './views.ts';

const TYPES = ['__DEFAULT__', TYPE_ID];

/** The volume of a request, if it belongs to the project; an administrator sees those of all. */
export function volumeOf({ store, owner }: Asked, id: string): Volume {
  const volume = store.volumes.get(id);
  if (volume && (volume.projectId === owner.projectId || isAdmin(owner))) return volume;
  throw noVolume(id);
}

interface Source {
  readonly sizeGib: number;
  readonly snapshotId: string | null;
  readonly sourceId: string | null;
  readonly imageId: string | null;
  readonly isBootable: boolean;
}

const NONE = { sizeGib: 0, snapshotId: null, sourceId: null, imageId: null, isBootable: false };

/** What a volume is made from, and the size that it has at least. */
function sourceIn(asked: Asked, said: Said): Source {
  const { store, owner } = asked;
  if (typeof said.snapshot_id === 'string') {
    const snapshot = store.snapshots.get(said.snapshot_id);
    if (snapshot?.projectId !== owner.projectId) throw noSnapshot(said.snapshot_id);
    const { volume, sizeGib } = snapshot;
    return { ...NONE, sizeGib, snapshotId: snapshot.id, isBootable: volume.isBootable };
  }
  if (typeof said.source_volid === 'string') {
    const { id, sizeGib, isBootable } = volumeOf(asked, said.source_volid);
    return { ...NONE, sizeGib, sourceId: id, isBootable };
  }
  if (typeof said.imageRef !== 'string') return NONE;
  const image = store.site.between.images.image(owner.projectId, said.imageRef);
  if (!image) throw badRequest('Invalid image identifier or unable to access requested image.');
  return { ...NONE, sizeGib: image.minDiskGib, imageId: image.id, isBootable: true };
}

const TOO_SMALL = [
  [
    'snapshotId',
    (wanted: number, least: number) =>
      `Volume size '${wanted}'GB cannot be smaller than the snapshot size ${least}GB. They must be >= original snapshot size.`,
  ],
  [
    'sourceId',
    (wanted: number, least: number) =>
      `Volume size '${wanted}'GB cannot be smaller than original volume size  ${least}GB. They must be >= original volume size.`,
  ],
  [
    'imageId',
    (wanted: number, least: number) =>
      `Volume size ${wanted}GB cannot be smaller than the image minDisk size ${least}GB.`,
  ],
] as const;

function sizeIn(said: Said, source: Source): number {
  const wanted = said.size === undefined || said.size === null ? undefined : sizeOf(said.size, 'size');
  const isCopy = source.snapshotId !== null || source.sourceId !== null;
  if (wanted === undefined && !isCopy) throw malformed();
  const size = wanted ?? source.sizeGib;
  const small = TOO_SMALL.find(([kind]) => source[kind] !== null && size < source.sizeGib);
  if (small) throw invalidInput(small[1](size, source.sizeGib));
  return size;
}

export interface NewVolume extends Omit<Source, 'sizeGib'> {
  readonly projectId: string;
  readonly userId: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly sizeGib: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** The first of the site, if nothing is said. */
  readonly zone?: string | undefined;
}

/** Makes a volume that is on its way. Throws `Refused` beyond the quota. */
export function makeVolume(store: Store, { projectId, userId, zone, ...wish }: NewVolume): Volume {
  store.hold(projectId, 'volumes', wish.sizeGib);
  const common = store.common('volume', { projectId, userId });
  const volume: Volume = Object.assign(common, {
    zone: zone ?? store.site.volumeZones[0]!,
    attachments: [],
    reservation: undefined,
    ...wish,
    isBootable: false,
  });
  store.volumes.set(volume.id, volume);
  store.walk(volume, [
    () => {
      if (store.site.fails('createVolume') !== undefined) return 'error';
      volume.isBootable = wish.isBootable;
      return 'available';
    },
  ]);
  return volume;
}

function created(asked: Asked): ServiceAnswer {
  const { store, owner, request } = asked;
  const said = enveloped(request.text, 'volume');
  if (said.size !== undefined && said.size !== null) sizeOf(said.size, 'size');
  const metadata = metadataOf(said.metadata);
  holdMember(asked, 'volume:create');
  const [name, description] = [textOf(said.name, 'name'), textOf(said.description, 'description')];
  if (typeof said.volume_type === 'string' && !TYPES.includes(said.volume_type))
    throw refused(404, `Volume type with name ${said.volume_type} could not be found.`);
  const source = sourceIn(asked, said);
  const sizeGib = sizeIn(said, source);
  const zone = typeof said.availability_zone === 'string' ? said.availability_zone : undefined;
  if (zone !== undefined && !store.site.volumeZones.includes(zone))
    throw badRequest(`Availability zone '${zone}' is invalid.`);
  const { projectId, userId } = owner;
  const wish = { ...source, projectId, userId, name, description, sizeGib, metadata, zone };
  const volume = makeVolume(store, wish);
  return { status: 202, body: { volume: volumeView(asked, volume, { isCreation: true }) } };
}

function updated(asked: Asked, volume: Volume): ServiceAnswer {
  const said = enveloped(asked.request.text, 'volume');
  refuseOthers(said, 'volume', ['name', 'description', 'display_name', 'display_description', 'metadata']);
  holdMember(asked, 'volume:update');
  if (said.name !== undefined) volume.name = textOf(said.name, 'name');
  if (said.description !== undefined) volume.description = textOf(said.description, 'description');
  if (said.metadata !== undefined) volume.metadata = metadataOf(said.metadata);
  volume.updated = asked.store.site.now();
  return { status: 200, body: { volume: volumeView(asked, volume) } };
}

const DELETABLE = ['available', 'error', 'error_restoring', 'error_extending', 'error_managing'];

export const removeVolume = (store: Store, volume: Volume): void => {
  volume.status = 'deleting';
  store.walk(volume, [
    () => {
      store.volumes.delete(volume.id);
      return undefined;
    },
  ]);
};

function removed(asked: Asked, volume: Volume): ServiceAnswer {
  const { store } = asked;
  holdMember(asked, 'volume:delete');
  const hasSnapshots = [...store.snapshots.values()].some((one) => one.volume === volume);
  if (!DELETABLE.includes(volume.status) || volume.attachments.length > 0 || hasSnapshots)
    throw invalidVolume(
      'Volume status must be available or error or error_restoring or error_extending or error_managing and must not be migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be disassociated from snapshots after volume transfer.',
    );
  removeVolume(store, volume);
  return { status: 202 };
}

function summary({ store, owner }: Asked): ServiceAnswer {
  const own = [...store.volumes.values()].filter(({ projectId }) => projectId === owner.projectId);
  const metadata: Record<string, string[]> = {};
  for (const volume of own)
    for (const [key, value] of Object.entries(volume.metadata))
      metadata[key] = [...new Set([...(metadata[key] ?? []), value])];
  const total_size = own.reduce((sum, { sizeGib }) => sum + sizeGib, 0);
  return { status: 200, body: { 'volume-summary': { total_count: own.length, total_size, metadata } } };
}

function listed(asked: Asked, isDetailed: boolean): ServiceAnswer {
  const { rows, beside } = pageOf(asked, asked.store.volumes.values(), { many: 'volumes', missing: noVolume });
  const volumes = rows.map((volume) =>
    isDetailed ? volumeView(asked, volume, { hasProject: true }) : shortVolume(asked, volume),
  );
  return { status: 200, body: { volumes, ...beside } };
}

function ofMetadata(asked: Asked, volume: Volume, key: string | undefined): ServiceAnswer {
  const { method, text } = asked.request;
  const missing = () => refused(404, `Volume ${volume.id} has no metadata with key ${key}.`);
  if (method === 'GET') {
    if (key === undefined) return { status: 200, body: { metadata: volume.metadata } };
    if (!Object.hasOwn(volume.metadata, key)) throw missing();
    return { status: 200, body: { meta: { [key]: volume.metadata[key] } } };
  }
  if (method === 'DELETE' && key !== undefined) {
    holdMember(asked, 'volume:delete_volume_metadata');
    if (!Object.hasOwn(volume.metadata, key)) throw missing();
    const { [key]: _, ...rest } = volume.metadata;
    volume.metadata = rest;
    return { status: 200 };
  }
  const said = metadataOf(enveloped(text, key === undefined ? 'metadata' : 'meta'));
  holdMember(asked, method === 'POST' ? 'volume:create_volume_metadata' : 'volume:update_volume_metadata');
  volume.metadata = method === 'PUT' && key === undefined ? said : { ...volume.metadata, ...said };
  return { status: 200, body: key === undefined ? { metadata: volume.metadata } : { meta: said } };
}

/** @param act what an action does, which its own file knows */
export function answerForVolumes(
  asked: Asked,
  [id, below, key]: readonly string[],
  act: (asked: Asked, volume: Volume) => ServiceAnswer,
): ServiceAnswer {
  const { method } = asked.request;
  if (id === undefined || (id === 'detail' && method === 'GET')) {
    if (method === 'GET') return listed(asked, id === 'detail');
    if (method === 'POST') return created(asked);
    throw noPath();
  }
  if (id === 'summary' && method === 'GET') return summary(asked);
  const whole = ['GET', 'PUT', 'DELETE'].includes(method);
  if (below === undefined && !whole) throw noPath();
  const volume = volumeOf(asked, id);
  if (below === 'metadata') return ofMetadata(asked, volume, key);
  if (below === 'action' && method === 'POST') return act(asked, volume);
  if (below !== undefined) throw noPath();
  if (method === 'PUT') return updated(asked, volume);
  if (method === 'DELETE') return removed(asked, volume);
  return { status: 200, body: { volume: volumeView(asked, volume, { hasProject: true }) } };
}
