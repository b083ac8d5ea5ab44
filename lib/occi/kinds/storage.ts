import { INFRASTRUCTURE } from '../schemes.ts';
import type { Kind } from '../types.ts';
import { resource } from './resource.ts';

/** GFD.224 §3.3 (INF-9, INF-10). `backup`, `snapshot` and `resize` are OCCI 1.1's and still used (D-21). */
export const storage = {
  scheme: INFRASTRUCTURE,
  term: 'storage',
  title: 'Storage',
  parent: 'http://schemas.ogf.org/occi/core#resource',
  location: '/storage/',
  attributes: {
    ...resource.attributes,
    'occi.storage.size': {
      type: 'number',
      mutable: true,
      required: true,
      minimum: 0.001,
      maximum: 1_000_000_000,
      description: 'GiB',
    },
    'occi.storage.state': { type: 'string', mutable: false, values: ['online', 'waiting', 'offline', 'error'] },
    'occi.storage.state.message': { type: 'string', mutable: false },
  },
  actions: {
    online: { title: 'Online' },
    offline: { title: 'Offline' },
    backup: { title: 'Backup' },
    snapshot: { title: 'Snapshot' },
    resize: {
      title: 'Resize',
      attributes: {
        size: {
          type: 'number',
          mutable: true,
          required: true,
          minimum: 0.001,
          maximum: 1_000_000_000,
          description: 'GiB',
        },
      },
    },
  },
  life: {
    attribute: 'occi.storage.state',
    initial: 'online',
    actions: {
      online: ['offline', 'backup', 'snapshot', 'resize'],
      waiting: [],
      offline: ['online', 'backup', 'snapshot', 'resize'],
      error: [],
    },
  },
} as const satisfies Kind;
