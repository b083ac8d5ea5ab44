import { INFRASTRUCTURE } from '../schemes.ts';
import type { Kind } from '../types.ts';
import { resource } from './resource.ts';

/** GFD.224 §3.2 (INF-6, INF-7). */
export const network = {
  scheme: INFRASTRUCTURE,
  term: 'network',
  title: 'Network',
  parent: 'http://schemas.ogf.org/occi/core#resource',
  location: '/network/',
  attributes: {
    ...resource.attributes,
    'occi.network.vlan': { type: 'integer', mutable: true, minimum: 0, maximum: 4095 },
    'occi.network.label': { type: 'string', mutable: true, maxLength: 255, format: 'line' },
    'occi.network.state': { type: 'string', mutable: false, values: ['active', 'waiting', 'inactive', 'error'] },
    'occi.network.state.message': { type: 'string', mutable: false },
  },
  actions: { up: { title: 'Up' }, down: { title: 'Down' } },
  life: {
    attribute: 'occi.network.state',
    initial: 'active',
    actions: { active: ['down'], waiting: [], inactive: ['up'], error: [] },
  },
} as const satisfies Kind;
