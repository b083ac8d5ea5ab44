import { CORE } from '../schemes.ts';
import type { Kind } from '../types.ts';
import { entity } from './entity.ts';

/** GFD.221 §5.4.2. Abstract here: its sub-types are what clients create. Its collection has all of them (GFD.226). */
export const resource = {
  scheme: CORE,
  term: 'resource',
  location: '/resource/',
  title: 'Resource',
  parent: `${CORE}entity`,
  attributes: {
    ...entity.attributes,
    'occi.core.summary': { type: 'string', mutable: true, maxLength: 4096, description: 'Summarising description' },
  },
} as const satisfies Kind;
