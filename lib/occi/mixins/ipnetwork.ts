import type { Mixin } from '../types.ts';

/** GFD.224 §3.2.1 (INF-8). No `depends`, hence no `rel` in text. */
export const ipnetwork = {
  scheme: 'http://schemas.ogf.org/occi/infrastructure/network#',
  term: 'ipnetwork',
  title: 'IP network',
  applies: ['http://schemas.ogf.org/occi/infrastructure#network'],
  location: '/mixin/ipnetwork/',
  attributes: {
    'occi.network.address': { type: 'string', mutable: true, format: 'cidr' },
    'occi.network.gateway': { type: 'string', mutable: true, format: 'ip' },
    'occi.network.allocation': { type: 'string', mutable: true, values: ['dynamic', 'static'] },
  },
} as const satisfies Mixin;
