import { INFRASTRUCTURE } from '../schemes.ts';
import type { Kind } from '../types.ts';
import { link } from './link.ts';

/** GFD.224 §3.4.2 (INF-13). */
export const storagelink = {
  scheme: INFRASTRUCTURE,
  term: 'storagelink',
  title: 'Storage link',
  parent: 'http://schemas.ogf.org/occi/core#link',
  location: '/storagelink/',
  source: ['http://schemas.ogf.org/occi/infrastructure#compute'],
  target: ['http://schemas.ogf.org/occi/infrastructure#storage'],
  attributes: {
    ...link.attributes,
    'occi.storagelink.deviceid': { type: 'string', mutable: true, maxLength: 255, format: 'line' },
    'occi.storagelink.mountpoint': { type: 'string', mutable: true, maxLength: 1024, format: 'line' },
    'occi.storagelink.state': { type: 'string', mutable: false, values: ['active', 'waiting', 'inactive', 'error'] },
    'occi.storagelink.state.message': { type: 'string', mutable: false },
  },
  life: {
    attribute: 'occi.storagelink.state',
    initial: 'active',
    actions: { active: [], waiting: [], inactive: [], error: [] },
  },
} as const satisfies Kind;
