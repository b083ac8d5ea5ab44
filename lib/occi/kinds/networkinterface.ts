import { INFRASTRUCTURE } from '../schemes.ts';
import type { Kind } from '../types.ts';
import { link } from './link.ts';

/**
 * GFD.224 §3.4.1 (INF-11). No actions: none is tabulated, and clients refuse `up` when two schemes own the term.
 * `interface` may be proposed at creation, never changed (D-25); `mac` is not marked required (SUITE-6).
 */
export const networkinterface = {
  scheme: INFRASTRUCTURE,
  term: 'networkinterface',
  title: 'Network interface',
  parent: 'http://schemas.ogf.org/occi/core#link',
  location: '/networkinterface/',
  source: ['http://schemas.ogf.org/occi/infrastructure#compute'],
  target: [
    'http://schemas.ogf.org/occi/infrastructure#network',
    'http://schemas.ogf.org/occi/infrastructure#ipreservation',
  ],
  attributes: {
    ...link.attributes,
    'occi.networkinterface.interface': {
      type: 'string',
      mutable: false,
      settableAtCreation: true,
      maxLength: 64,
      format: 'line',
    },
    'occi.networkinterface.mac': { type: 'string', mutable: true, format: 'mac' },
    'occi.networkinterface.state': {
      type: 'string',
      mutable: false,
      values: ['active', 'waiting', 'inactive', 'error'],
    },
    'occi.networkinterface.state.message': { type: 'string', mutable: false },
  },
  life: {
    attribute: 'occi.networkinterface.state',
    initial: 'active',
    actions: { active: [], waiting: [], inactive: [], error: [] },
  },
} as const satisfies Kind;
