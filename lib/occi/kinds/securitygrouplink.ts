import { INFRASTRUCTURE } from '../schemes.ts';
import type { Kind } from '../types.ts';
import { link } from './link.ts';

/** The field's extension: a security group on a machine (EXT-8). */
export const securitygrouplink = {
  scheme: INFRASTRUCTURE,
  term: 'securitygrouplink',
  title: 'Security group link',
  parent: 'http://schemas.ogf.org/occi/core#link',
  location: '/securitygrouplink/',
  source: ['http://schemas.ogf.org/occi/infrastructure#compute'],
  target: ['http://schemas.ogf.org/occi/infrastructure#securitygroup'],
  attributes: {
    ...link.attributes,
    'occi.securitygrouplink.state': {
      type: 'string',
      mutable: false,
      values: ['active', 'waiting', 'inactive', 'error'],
    },
    'occi.securitygrouplink.state.message': { type: 'string', mutable: false },
  },
  life: {
    attribute: 'occi.securitygrouplink.state',
    initial: 'active',
    actions: { active: [], waiting: [], inactive: [], error: [] },
  },
} as const satisfies Kind;
