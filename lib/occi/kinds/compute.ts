import { INFRASTRUCTURE } from '../schemes.ts';
import type { Kind } from '../types.ts';
import { resource } from './resource.ts';

/**
 * GFD.224 §3.1 (INF-2 to INF-5). `speed` is OCCI 1.1's and still sent by clients; `waiting` is what the field
 * answers while a machine boots (ADR-13).
 */
export const compute = {
  scheme: INFRASTRUCTURE,
  term: 'compute',
  title: 'Compute',
  parent: 'http://schemas.ogf.org/occi/core#resource',
  location: '/compute/',
  attributes: {
    ...resource.attributes,
    'occi.compute.architecture': { type: 'string', mutable: true, values: ['x86', 'x64'] },
    'occi.compute.cores': { type: 'integer', mutable: true, minimum: 1, maximum: 4096 },
    'occi.compute.hostname': { type: 'string', mutable: true, maxLength: 253, format: 'line' },
    'occi.compute.share': { type: 'integer', mutable: true, minimum: 0, maximum: 1_000_000 },
    'occi.compute.memory': { type: 'number', mutable: true, minimum: 0.001, maximum: 1_000_000, description: 'GiB' },
    'occi.compute.speed': { type: 'number', mutable: true, minimum: 0, maximum: 1000, description: 'GHz' },
    'occi.compute.state': {
      type: 'string',
      mutable: false,
      values: ['active', 'waiting', 'inactive', 'suspended', 'error'],
    },
    'occi.compute.state.message': { type: 'string', mutable: false },
  },
  actions: {
    start: { title: 'Start' },
    stop: {
      title: 'Stop',
      attributes: { method: { type: 'string', mutable: true, values: ['graceful', 'acpioff', 'poweroff'] } },
    },
    restart: {
      title: 'Restart',
      attributes: { method: { type: 'string', mutable: true, values: ['graceful', 'warm', 'cold'] } },
    },
    suspend: {
      title: 'Suspend',
      attributes: { method: { type: 'string', mutable: true, values: ['hibernate', 'suspend'] } },
    },
    save: {
      title: 'Save as template',
      attributes: {
        method: { type: 'string', mutable: true, values: ['hot', 'deferred'] },
        name: { type: 'string', mutable: true, maxLength: 128, format: 'line' },
      },
    },
  },
  life: {
    attribute: 'occi.compute.state',
    initial: 'active',
    actions: {
      active: ['stop', 'restart', 'suspend', 'save'],
      waiting: [],
      inactive: ['start', 'save'],
      suspended: ['start'],
      error: [],
    },
  },
} as const satisfies Kind;
