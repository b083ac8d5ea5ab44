import { PROJECTS } from '../seed.ts';
import type { Store } from './store.ts';

interface Seeded {
  readonly id: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly minRamMib: number;
  readonly minDiskGib: number;
}

/** The public images of the recorded site, from the oldest on. */
const IMAGES: readonly Seeded[] = [
  {
    id: '7ee45757-09e6-46e6-9bc8-847da7c611f0',
    name: 'cirros-tiny',
    properties: { os_distro: 'cirros' },
    minRamMib: 64,
    minDiskGib: 0,
  },
  {
    id: 'ec88847b-f8ea-45b6-9f43-649187aec155',
    name: 'debian-12',
    properties: { os_distro: 'debian', os_version: '12' },
    minRamMib: 0,
    minDiskGib: 1,
  },
  {
    id: 'f585a547-b694-49ff-bd7b-bd24535150ae',
    name: 'windows-x',
    properties: { os_type: 'windows' },
    minRamMib: 2048,
    minDiskGib: 20,
  },
];

const BYTES = 4096;

export function seed(store: Store): void {
  for (const [index, one] of IMAGES.entries()) {
    const created = store.site.now() - 1000 * (IMAGES.length - index);
    const image = store.add({
      ...one,
      ...{ created, updated: created },
      owner: PROJECTS.admin,
      visibility: 'public',
      diskFormat: 'raw',
      containerFormat: 'bare',
    });
    store.fill(image, Buffer.alloc(BYTES, one.name));
    image.updated = created;
  }
}
