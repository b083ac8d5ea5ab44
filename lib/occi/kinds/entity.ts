import { CORE } from '../schemes.ts';
import type { Kind } from '../types.ts';

/** The location of `entity` by the setting `clients.jocci`: the one that jOCCI itself gives to an `entity` that is not shown. */
export const ENTITY_LOCATION = '/entity/';

/** GFD.221 §5.4.1. Never instantiated, so without a location (CORE-22, HTTP-4). */
export const entity = {
  scheme: CORE,
  term: 'entity',
  title: 'Entity',
  attributes: {
    'occi.core.id': { type: 'string', mutable: false, required: true, format: 'uri', description: 'Unique identifier' },
    'occi.core.title': { type: 'string', mutable: true, maxLength: 1024, description: 'Display name' },
  },
} as const satisfies Kind;
