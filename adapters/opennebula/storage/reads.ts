/** Images as storage: which of them are, how they are read, and what OCCI sees of them. */

import type { Native, NativeId, Page, PageQuery } from '../../../lib/adapter/contract.ts';
import { unitsFor } from '../../../lib/adapter/sizes.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Attributes } from '../../../lib/occi/types.ts';
import { translateErrors } from '../api/errors.ts';
import { type PoolCall, readHighest, readPage, readPool } from '../api/pages.ts';
import type { Verdict } from '../api/verdict.ts';
import { type Cloud, isOwn, objectId } from '../cloud.ts';
import { POOL_FILTER } from '../config.ts';
import { datastorePool, type Image, image, imagePool } from '../native/index.ts';
import { storageState } from '../states.ts';
import { ourTexts } from '../template/descriptions.ts';
import { suffixOf } from '../template/naming.ts';

/**
 * TYPE of what a machine can have as a disk: OS, CDROM, DATABLOCK, FILESYSTEM (7.4). Kernels, files and backups are no
 * storage.
 */
const DISK_TYPES: readonly number[] = [0, 1, 2, 7];
/** STATE of an image whose deletion was accepted: gone for OCCI; if it fails, the image comes back as one in error. */
const DELETE = 7;
/** TYPE of a datastore that holds images. */
const IMAGE_DATASTORE = 0;
/** OpenNebula's MB are 2^20 bytes. */
const MB_PER_GIB = 1024;
/** Least size that OCCI can show, in GiB. */
const MIN_SIZE_GIB = 0.001;

const isStorage = ({ TYPE, STATE }: Image): boolean => DISK_TYPES.includes(TYPE) && STATE !== DELETE;

const noSuchStorage = (): OcciError => new OcciError('notFound', 'There is no such storage.');

/** OCCI's GiB as OpenNebula's MB, rounded up. */
export const megabytes = (gibibytes: number): number => unitsFor(gibibytes, MB_PER_GIB);

/** The attributes of size that an image has which was asked for with these. */
export const roundedSize = (attributes: Attributes): Attributes => ({
  'occi.storage.size': megabytes(Number(attributes['occi.storage.size'])) / MB_PER_GIB,
});

/** An image as OCCI sees it. */
export function toStorage(cloud: Cloud, verdict: Verdict, native: Image): Native<'storage'> {
  const { TEMPLATE } = native;
  const { state, message } = storageState(native);
  return {
    kind: 'storage',
    id: String(native.ID),
    attributes: {
      ...ourTexts(native.NAME, TEMPLATE),
      'occi.storage.size': Math.max(native.SIZE / MB_PER_GIB, MIN_SIZE_GIB),
      'occi.storage.state': state,
      ...(message !== undefined && { 'occi.storage.state.message': message }),
    },
    mixins: [],
    ...(!isOwn(cloud.settings, verdict, native) && { published: true }),
  };
}

/** An image: one call. Throws `notFound` if it does not exist, is no storage, or is not visible to the caller. */
export async function readImage({ client }: Cloud, id: NativeId): Promise<Image> {
  const number = objectId(id);
  if (number === undefined) throw noSuchStorage();
  const found = await translateErrors('storage', () =>
    client.call('one.image.info', [number], image, { repeatable: true }),
  );
  if (!isStorage(found)) throw noSuchStorage();
  return found;
}

/** An image that the caller may change. Throws `forbidden` if it is published, `conflict` if it is locked. */
export async function readOwnImage(cloud: Cloud, id: NativeId): Promise<Image> {
  const [found, verdict] = await Promise.all([readImage(cloud, id), cloud.verdict()]);
  if (!isOwn(cloud.settings, verdict, found)) {
    throw new OcciError('forbidden', 'The storage is published by the provider and cannot be changed.');
  }
  if (found.LOCK.LOCKED) throw new OcciError('conflict', 'The storage is locked against changes.');
  return found;
}

const pool = (filter: number): PoolCall<Image> => ({
  method: 'one.imagepool.info',
  before: [filter],
  shape: imagePool,
  idOf: ({ ID }) => ID,
});

/**
 * A page of what the caller may use, published images included: one call. A page may have fewer than it could: not all
 * are storage.
 */
export async function readImages(cloud: Cloud, query: PageQuery): Promise<Page<Image>> {
  const page = await translateErrors('storage', () => readPage(cloud, pool(POOL_FILTER.all), query));
  return { ...page, items: page.items.filter(isStorage) };
}

/** The highest id in a listing: one call. */
export const highestImage = (cloud: Cloud): Promise<number | undefined> =>
  translateErrors('storage', () => readHighest(cloud, pool(POOL_FILTER.all)));

/** The image that was made under this token: its name ends in what follows from it. */
export async function imageOfToken(cloud: Cloud, token: string): Promise<Image | undefined> {
  const own = await translateErrors('storage', () => readPool(cloud, pool(POOL_FILTER.own)));
  const ending = `-${suffixOf(token)}`;
  return own.find((one) => isStorage(one) && one.NAME.endsWith(ending));
}

/** How long the datastore of a caller counts, in milliseconds, and for how many callers it is kept. */
const DATASTORE_TTL_MS = 60_000;
const MAX_CALLERS = 1000;
const datastores = new Map<string, { readonly id: number; readonly until: number }>();

/**
 * Id of the datastore in which images are made: that of the settings, or the image datastore with the lowest id among
 * those that the caller sees, asked for once per process, caller and minute. Throws `notImplemented` if it sees none.
 */
export async function imageDatastore({ client, settings, caller }: Cloud): Promise<number> {
  if (settings.datastore !== undefined) return settings.datastore;
  const known = datastores.get(caller);
  if (known && known.until > Date.now()) return known.id;
  const id = await client.call('one.datastorepool.info', [], datastorePool, { repeatable: true }).then((all) => {
    const ids = all.filter(({ TYPE }) => TYPE === IMAGE_DATASTORE).map(({ ID }) => ID);
    if (ids.length === 0) {
      const message =
        'The provider lets you use no image datastore, so no storage can be made, and the setting datastore names none.';
      throw new OcciError('notImplemented', message);
    }
    return Math.min(...ids);
  });
  if (datastores.size >= MAX_CALLERS) datastores.clear();
  datastores.set(caller, { id, until: Date.now() + DATASTORE_TTL_MS });
  return id;
}
