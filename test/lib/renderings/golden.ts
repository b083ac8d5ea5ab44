/** The exchanges in `test/fixtures/occi`, and what each of them says. */
import { readFileSync } from 'node:fs';
import type { Parsed, Part } from '../../../lib/renderings/rendering.ts';

export const fixture = (path: string): string =>
  readFileSync(new URL(`../../fixtures/occi/${path}`, import.meta.url), 'utf8');

export const INFRASTRUCTURE = 'http://schemas.ogf.org/occi/infrastructure#';
export const COMPUTE_ACTIONS = 'http://schemas.ogf.org/occi/infrastructure/compute/action#';

export const parsed = (part: Partial<Part>): Parsed => ({
  parts: [{ categories: [], links: [], actions: [], attributes: {}, ...part }],
  locations: [],
});

/** `text-plain/compute.txt` and `text-occi/compute.txt`. */
export const COMPUTE: Parsed = parsed({
  categories: [
    { term: 'compute', scheme: INFRASTRUCTURE, class: 'kind', title: 'Compute' },
    {
      term: 'small',
      scheme: 'http://schemas.ogf.org/occi/infrastructure/compute/template/1.1#',
      class: 'mixin',
      title: 'small',
    },
  ],
  links: [
    {
      target: '/network/77aa',
      rel: [`${INFRASTRUCTURE}network`],
      self: '/networkinterface/31bd',
      category: [
        `${INFRASTRUCTURE}networkinterface`,
        'http://schemas.ogf.org/occi/infrastructure/networkinterface#ipnetworkinterface',
      ],
      attributes: {
        'occi.networkinterface.interface': 'eth0',
        'occi.networkinterface.mac': '02:00:00:00:00:01',
        'occi.networkinterface.state': 'active',
        'occi.networkinterface.address': '10.0.0.7',
        'occi.networkinterface.allocation': 'dynamic',
      },
    },
  ],
  actions: [{ uri: '/compute/8f0c?action=start', rel: `${COMPUTE_ACTIONS}start` }],
  attributes: {
    'occi.core.id': 'urn:uuid:0c1c4d2e-5d0e-4a57-9f0b-0d2f4f1f8f0c',
    'occi.core.title': 'a "quoted", title',
    'occi.compute.cores': 1,
    'occi.compute.memory': 1,
    'occi.compute.state': 'inactive',
  },
});

/** `…/action.*`. */
export const STOP: Parsed = parsed({
  categories: [{ term: 'stop', scheme: COMPUTE_ACTIONS, class: 'action' }],
  attributes: { method: 'graceful' },
});

/** `…/collection.txt`. */
export const LOCATIONS: Parsed = { parts: [], locations: ['http://host/compute/8f0c', 'http://host/compute/9a1d'] };
