import { INFRASTRUCTURE } from '../schemes.ts';
import type { Kind } from '../types.ts';
import { resource } from './resource.ts';

/** The field's extension for packet filters (EXT-7). Rules stay whole both ways. */
export const securitygroup = {
  scheme: INFRASTRUCTURE,
  term: 'securitygroup',
  title: 'Security group',
  parent: 'http://schemas.ogf.org/occi/core#resource',
  location: '/securitygroup/',
  attributes: {
    ...resource.attributes,
    'occi.securitygroup.rules': {
      type: 'array',
      mutable: true,
      items: {
        type: { type: 'string', mutable: true, required: true, values: ['inbound', 'outbound'] },
        protocol: { type: 'string', mutable: true, maxLength: 32, format: 'line' },
        range: { type: 'string', mutable: true, format: 'cidr' },
        port: { type: 'string', mutable: true, maxLength: 64, format: 'line' },
      },
    },
    'occi.securitygroup.state': { type: 'string', mutable: false, values: ['active', 'waiting', 'inactive', 'error'] },
    'occi.securitygroup.state.message': { type: 'string', mutable: false },
  },
  life: {
    attribute: 'occi.securitygroup.state',
    initial: 'active',
    actions: { active: [], waiting: [], inactive: [], error: [] },
  },
} as const satisfies Kind;
