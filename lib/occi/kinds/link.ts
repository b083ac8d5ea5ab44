import { CORE } from '../schemes.ts';
import type { Kind } from '../types.ts';
import { entity } from './entity.ts';

/** GFD.221 §5.4.3, with the wire names of TXT-18. Its collection has all links (GFD.226). */
export const link = {
  scheme: CORE,
  term: 'link',
  location: '/link/',
  title: 'Link',
  parent: `${CORE}entity`,
  attributes: {
    ...entity.attributes,
    'occi.core.source': { type: 'string', mutable: true, description: 'The resource that the link starts from' },
    'occi.core.source.kind': { type: 'string', mutable: false, settableAtCreation: true, format: 'uri' },
    'occi.core.target': { type: 'string', mutable: true, description: 'What the link points to' },
    'occi.core.target.kind': { type: 'string', mutable: false, settableAtCreation: true, format: 'uri' },
  },
} as const satisfies Kind;
