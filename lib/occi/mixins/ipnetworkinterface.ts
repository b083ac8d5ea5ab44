import type { Mixin } from '../types.ts';

/** GFD.224 §3.4.1 (INF-12). */
export const ipnetworkinterface = {
  scheme: 'http://schemas.ogf.org/occi/infrastructure/networkinterface#',
  term: 'ipnetworkinterface',
  title: 'IP network interface',
  applies: ['http://schemas.ogf.org/occi/infrastructure#networkinterface'],
  location: '/mixin/ipnetworkinterface/',
  attributes: {
    'occi.networkinterface.address': { type: 'string', mutable: true, format: 'ip' },
    'occi.networkinterface.gateway': { type: 'string', mutable: true, format: 'ip' },
    'occi.networkinterface.allocation': { type: 'string', mutable: true, values: ['dynamic', 'static'] },
  },
} as const satisfies Mixin;
