import { INFRASTRUCTURE } from '../schemes.ts';
import type { Kind } from '../types.ts';
import { resource } from './resource.ts';

/**
 * The field's extension for addresses that are kept apart from machines (EXT-6). Its parent is the network kind,
 * so that a networkinterface may point to it. The actions `up` and `down` that one peer gave it are left out: they
 * would make the terms ambiguous for clients that go by term.
 */
export const ipreservation = {
  scheme: INFRASTRUCTURE,
  term: 'ipreservation',
  title: 'IP reservation',
  parent: 'http://schemas.ogf.org/occi/infrastructure#network',
  location: '/ipreservation/',
  attributes: {
    ...resource.attributes,
    'occi.ipreservation.address': { type: 'string', mutable: true, format: 'ip' },
    'occi.ipreservation.used': { type: 'boolean', mutable: false },
    'occi.ipreservation.state': { type: 'string', mutable: false, values: ['active', 'waiting', 'inactive', 'error'] },
    'occi.ipreservation.state.message': { type: 'string', mutable: false },
  },
  life: {
    attribute: 'occi.ipreservation.state',
    initial: 'active',
    actions: { active: [], waiting: [], inactive: [], error: [] },
  },
} as const satisfies Kind;
