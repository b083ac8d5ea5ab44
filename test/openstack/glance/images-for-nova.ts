/** Glance as Nova and Cinder see it. */
import type { Images, ImageView, SnapshotWish } from '../between.ts';
import { type Image, isVisible } from './image.ts';
import type { Store } from './store.ts';

const SNAPSHOT_BYTES = 1024;

const viewFor = ({ id, name, status, minRamMib, minDiskGib, properties }: Image): ImageView => ({
  id,
  name: name ?? '',
  status,
  minRamMib,
  minDiskGib,
  properties,
});

/** What Nova writes on the image of a server's disk. */
const propertiesOf = (store: Store, userId: string, projectId: string, wish: SnapshotWish): Record<string, string> => ({
  ...store.images.get(wish.baseImageId)?.properties,
  base_image_ref: wish.baseImageId,
  owner_user_name: store.site.people.users.get(userId)?.name ?? '',
  owner_project_name: store.site.people.projects.get(projectId)?.name ?? '',
  boot_roles: 'member,reader',
  instance_uuid: wish.serverId,
  user_id: userId,
  image_type: 'snapshot',
  ...wish.metadata,
});

export function imagesForNova(store: Store): Images {
  const { site } = store;
  const reader = (projectId: string) => ({ userId: '', userName: '', projectId, roles: ['member'] });
  return {
    image(projectId, id) {
      const image = store.images.get(id);
      return image && isVisible(image, reader(projectId)) ? viewFor(image) : undefined;
    },
    all: (projectId) => [...store.images.values()].filter((image) => isVisible(image, reader(projectId))).map(viewFor),
    snapshot(projectId, userId, wish) {
      const base = store.images.get(wish.baseImageId);
      const image = store.add({
        owner: projectId,
        name: wish.name,
        visibility: 'private',
        minRamMib: base?.minRamMib ?? 0,
        minDiskGib: base?.minDiskGib ?? 1,
        properties: propertiesOf(store, userId, projectId, wish),
      });
      site.steps.start(image, [
        () => {
          image.status = 'saving';
        },
        () => {
          Object.assign(image, { diskFormat: 'raw', containerFormat: 'bare' });
          if (site.fails('snapshot') !== undefined) image.status = 'killed';
          else store.fill(image, Buffer.alloc(SNAPSHOT_BYTES, image.id));
        },
      ]);
      return viewFor(image);
    },
  };
}
