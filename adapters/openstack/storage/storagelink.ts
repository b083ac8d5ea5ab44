/** A storage link is an attachment of a volume to a server. Neither service holds its title and its mount point. */
import * as z from 'zod';
import type { KindAdapter, Native } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import { type Cloud, linkParts } from '../cloud.ts';
import { firstAttachments } from '../machine/attachments.ts';
import { linkListings } from '../machine/link-listings.ts';
import { readServer } from '../machine/machine.ts';
import { ATTACHING, attach, linkOfToken, readAttachment } from './attach.ts';
import { readVolume } from './reads.ts';
import { DEVICE, deviceOf, toStoragelink, toStoragelinks } from './volume-links.ts';

export { deviceOf, toStoragelinks } from './volume-links.ts';

type Link = Native<'storagelink'>;

const noSuchLink = (cause?: unknown): OcciError =>
  new OcciError('notFound', 'There is no such storagelink.', { cause });

/** How long Nova may go on listing a volume whose detach it has accepted, in seconds: the guest has to let go of it. */
const LINGER_SECONDS = 30;

/** A link: 3 calls at once. Throws `notFound`. */
async function readLink(cloud: Cloud, id: string): Promise<Link> {
  const [server = '', volume, ...others] = linkParts(id) ?? [];
  if (volume === undefined || others.length > 0) throw noSuchLink();
  try {
    const reading = readServer(cloud, server);
    const attachment = readAttachment(cloud, server, volume).catch(async (error) => {
      const first = firstAttachments(await reading).find(({ volumeId }) => volumeId === volume);
      if (!first) throw error;
      return first;
    });
    const [holder, present, { status }] = await Promise.all([reading, attachment, readVolume(cloud, volume)]);
    return toStoragelink(holder, { ...present, volumeStatus: status });
  } catch (error) {
    // Nova's refusal about an unknown volume is `invalid` where the volume is the end of a new link.
    if (isFailure(error, 'notFound') || isFailure(error, 'invalid')) throw noSuchLink(error);
    throw error;
  }
}

export const storagelink = (cloud: Cloud): KindAdapter<'storagelink'> => {
  const { tokens } = cloud;
  return {
    /** As listings of machines. */
    ...linkListings(cloud, 'volume', toStoragelinks),

    get: (id) => readLink(cloud, id),

    findByToken: (token) => linkOfToken(cloud, token),

    async create(draft, token) {
      const { projectId } = await cloud.session();
      let fresh: Link | undefined;
      const made = await tokens.createOnce(`storagelink ${projectId}`, token, async () => {
        fresh = await attach(cloud, draft, token);
        return fresh.id;
      });
      return fresh ?? (await readLink(cloud, made));
    },

    /** 3 calls. The store holds the other attributes of a link; its device stays what Nova chose. */
    async update(id, { set }) {
      const link = await readLink(cloud, id);
      const wanted = deviceOf(set[DEVICE]);
      if (wanted !== undefined && wanted !== link.attributes[DEVICE]) {
        throw new OcciError(
          'notImplemented',
          'The device of a storagelink cannot be changed in this cloud: delete the link and make another.',
        );
      }
      return link;
    },

    /** 4 calls. Accepted, not done: the link is there until the guest has let go of the disk. */
    async remove(id) {
      const { source, target } = await readLink(cloud, id);
      await translateErrors('storagelink', () =>
        cloud.client.call(
          'compute',
          'DELETE',
          path`servers/${source!.id}/os-volume_attachments/${target!.id}`,
          z.unknown(),
          { microversion: ATTACHING },
        ),
      );
      tokens.forget(id);
    },

    lingers: LINGER_SECONDS,
    /** Nova chooses the device; a wish is a hint to it. */
    givesAnyway: [DEVICE],
    cannotHold: ['occi.core.title', 'occi.core.summary', 'occi.storagelink.mountpoint'],
  };
};
