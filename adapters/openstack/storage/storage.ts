/** Storage is volumes of Cinder. */
import { requireNoOther } from '../../../lib/adapter/changes.ts';
import type { Draft, KindAdapter } from '../../../lib/adapter/contract.ts';
import { unitsFor } from '../../../lib/adapter/sizes.ts';
import type { AttributeValue } from '../../../lib/occi/types.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { markOf } from '../mark.ts';
import { zoneAmong } from '../mixins.ts';
import { type Volume, volumeAnswer } from '../native/volume.ts';
import { actOnStorage, CANNOT_ACT } from './actions.ts';
import { readVolume, readVolumeIds, readVolumes, TOKEN, toStorage, volumeOfToken } from './reads.ts';
import { removeVolume } from './remove.ts';
import { resize } from './resize.ts';

const TITLE = 'occi.core.title';
const SUMMARY = 'occi.core.summary';
const SIZE = 'occi.storage.size';

const MAX_TEXT_CHARS = 255;

/**
 * False for a name or description that Cinder keeps otherwise or not at all: it strips blanks at the ends, and fails with
 * 500 at characters of four bytes in UTF-8 where its database is MySQL's `utf8`.
 */
const isHeld = (text: AttributeValue): boolean =>
  typeof text === 'string' &&
  text !== '' &&
  text.length <= MAX_TEXT_CHARS &&
  text.trim() === text &&
  !/[\u{10000}-\u{10ffff}]/u.test(text);

/** The volume that a draft asks for. Cinder ignores properties that it does not know, so nothing else is sent. */
const fromOcci = ({ attributes, mixins }: Draft<'storage'>, token: string) => {
  const zone = zoneAmong(mixins);
  return {
    size: unitsFor(Number(attributes[SIZE])),
    ...(attributes[TITLE] !== undefined && { name: attributes[TITLE] }),
    ...(attributes[SUMMARY] !== undefined && { description: attributes[SUMMARY] }),
    ...(zone !== undefined && { availability_zone: zone }),
    metadata: { [TOKEN]: markOf(token) },
  };
};

/** How long Cinder may go on listing a volume whose delete it has accepted, in seconds. */
const LINGER_SECONDS = 30;

export const storage = (cloud: Cloud): KindAdapter<'storage'> => {
  const { client, tokens } = cloud;
  const shown = async (volume: Volume) => toStorage(volume, (await cloud.session()).region);

  return {
    /** 1 call per page. */
    ids: (query) => readVolumeIds(cloud, query),

    async list(query) {
      const [page, { region }] = await Promise.all([readVolumes(cloud, query), cloud.session()]);
      return { ...page, items: page.items.map((volume) => toStorage(volume, region)) };
    },

    get: async (id) => shown(await readVolume(cloud, id)),
    finding: { by: 'uuid' },

    async findByToken(token) {
      const volume = await volumeOfToken(cloud, TOKEN, token);
      return volume && shown(volume);
    },

    /** 2 calls, the first of which looks for what this token has made in another process. */
    async create(draft, token) {
      const { projectId } = await cloud.session();
      let fresh: Volume | undefined;
      const made = await tokens.createOnce(`storage ${projectId}`, token, async () => {
        fresh = await volumeOfToken(cloud, TOKEN, token);
        if (!fresh) {
          const body = { volume: fromOcci(draft, token) };
          const { value } = await translateErrors('storage', () =>
            client.call('volume', 'POST', path`volumes`, volumeAnswer, { body }),
          );
          fresh = value.volume;
        }
        return fresh.id;
      });
      return shown(fresh ?? (await readVolume(cloud, made)));
    },

    sizeOfNew: async ({ attributes }) => ({ [SIZE]: unitsFor(Number(attributes[SIZE])) }),

    /** 1 call, 1 more for its texts, 2 more to make it larger. Its zone cannot change. */
    async update(id, change) {
      const before = await readVolume(cloud, id);
      requireNoOther(await shown(before), change, [TITLE, SUMMARY, SIZE]);
      const size = change.set[SIZE];
      const isGrowing = size !== undefined && (await resize(cloud, before, size));
      const wanted = (name: typeof TITLE | typeof SUMMARY) =>
        change.set[name] ?? (change.unset.includes(name) ? null : undefined);
      const texts = { name: wanted(TITLE), description: wanted(SUMMARY) };
      if (texts.name === undefined && texts.description === undefined) {
        return shown(isGrowing ? await readVolume(cloud, id) : before);
      }
      const { value } = await translateErrors('storage', () =>
        client.call('volume', 'PUT', path`volumes/${id}`, volumeAnswer, { body: { volume: texts }, repeatable: true }),
      );
      return shown(value.volume);
    },

    async remove(id) {
      await removeVolume(cloud, id);
      tokens.forget(id);
    },

    async act(id, action, attributes) {
      await actOnStorage(cloud, id, action, attributes);
      return {};
    },

    lingers: LINGER_SECONDS,
    cannotAct: CANNOT_ACT,
    cannotHoldValue: (name, value) => (name === TITLE || name === SUMMARY) && !isHeld(value),
  };
};
