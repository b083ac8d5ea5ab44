/** Cinder as Nova sees it. */
import type { Volumes, VolumeView } from '../between.ts';
import { Refused } from '../service.ts';
import type { Store, Volume } from './store.ts';
import { makeVolume, removeVolume } from './volumes.ts';

const viewFor = ({ id, name, sizeGib, status, isBootable, attachments }: Volume): VolumeView => ({
  id,
  name: name ?? '',
  sizeGib,
  status,
  isBootable,
  attachedTo: attachments.map(({ serverId }) => serverId),
});

export function volumesForNova(store: Store): Volumes {
  const { site } = store;
  const change = (id: string, how: (volume: Volume) => void): void => {
    const volume = store.volumes.get(id);
    if (!volume) return;
    how(volume);
    volume.updated = site.now();
  };
  return {
    volume(projectId, id) {
      const volume = store.volumes.get(id);
      return volume?.projectId === projectId ? viewFor(volume) : undefined;
    },
    create(projectId, userId, { name, sizeGib, imageId, snapshotId }) {
      const from = { imageId: imageId ?? null, snapshotId: snapshotId ?? null, sourceId: null };
      const isBootable = imageId !== undefined || snapshotId !== undefined;
      try {
        const wish = { projectId, userId, name, description: '', sizeGib, metadata: {}, isBootable, ...from };
        const volume = makeVolume(store, wish);
        site.steps.stop(volume);
        Object.assign(volume, { status: 'available', isBootable });
        return viewFor(volume);
      } catch (cause) {
        if (cause instanceof Refused) return undefined;
        throw cause;
      }
    },
    reserve: (id, { serverId, attachmentId }) =>
      change(id, (volume) => {
        volume.status = 'reserved';
        volume.reservation = { id: attachmentId, serverId };
      }),
    attach: (id, { serverId, attachmentId, device }) =>
      change(id, (volume) => {
        volume.status = 'in-use';
        volume.reservation = undefined;
        volume.attachments = [...volume.attachments, { id: attachmentId, serverId, device, at: site.now() }];
      }),
    detach: (id, serverId) =>
      change(id, (volume) => {
        volume.reservation = undefined;
        volume.attachments = volume.attachments.filter((one) => one.serverId !== serverId);
        volume.status = volume.attachments.length > 0 ? 'in-use' : 'available';
      }),
    remove(id) {
      const volume = store.volumes.get(id);
      if (volume) removeVolume(store, volume);
    },
  };
}
