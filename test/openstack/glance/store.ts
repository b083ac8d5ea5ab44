import { createHash } from 'node:crypto';
import type { Site } from '../site.ts';
import type { Image } from './image.ts';

export type NewImage = Partial<Omit<Image, 'members' | 'steps' | 'due' | 'stateName' | 'created' | 'updated'>> &
  Pick<Image, 'owner'>;

/** All images of a site. */
export class Store {
  readonly images = new Map<string, Image>();

  constructor(readonly site: Site) {}

  add({ id = this.site.ids.uuid(), owner, ...rest }: NewImage): Image {
    const now = this.site.now();
    const image: Image = {
      id,
      owner,
      name: null,
      diskFormat: null,
      containerFormat: null,
      visibility: 'shared',
      status: 'queued',
      isProtected: false,
      isHidden: false,
      minRamMib: 0,
      minDiskGib: 0,
      tags: [],
      properties: {},
      data: undefined,
      checksum: null,
      digest: null,
      sizeBytes: null,
      members: new Map(),
      created: now,
      updated: now,
      steps: [],
      due: 0,
      get stateName() {
        return `image:${this.status}`;
      },
      ...rest,
    };
    this.images.set(id, image);
    return image;
  }

  /** Gives an image its data, and with it its sums and its size. */
  fill(image: Image, data: Buffer): void {
    image.data = data;
    image.sizeBytes = data.length;
    image.checksum = createHash('md5').update(data).digest('hex');
    image.digest = createHash('sha512').update(data).digest('hex');
    image.status = 'active';
    image.updated = this.site.now();
  }
}
