/** One compute with a link, as operations hand it to the renderings. */

import { applicableActions } from '../../../lib/occi/applicable-actions.ts';
import type { LinkEntity, ResourceEntity } from '../../../lib/occi/entity.ts';
import { KINDS } from '../../../lib/occi/kinds/index.ts';
import { CRTP_TEMPLATES, MIXINS } from '../../../lib/occi/mixins/index.ts';
import type { RenderContext } from '../../../lib/renderings/rendering.ts';

export const interfaceLink: LinkEntity = {
  is: 'link',
  kind: KINDS.networkinterface,
  mixins: [MIXINS.ipnetworkinterface],
  id: 'urn:uuid:31bd',
  location: '/networkinterface/31bd',
  title: 'first',
  attributes: { 'occi.networkinterface.interface': 'eth0', 'occi.networkinterface.state': 'active' },
  actions: [],
  source: { location: '/compute/8f0c', kind: 'http://schemas.ogf.org/occi/infrastructure#compute' },
  target: { location: '/network/77aa', kind: 'http://schemas.ogf.org/occi/infrastructure#network' },
};

export const compute: ResourceEntity = {
  is: 'resource',
  kind: KINDS.compute,
  mixins: [CRTP_TEMPLATES[0]],
  id: 'urn:uuid:8f0c',
  location: '/compute/8f0c',
  title: 'a "quoted", title',
  summary: 'one; two',
  attributes: { 'occi.compute.cores': 2, 'occi.compute.memory': 2, 'com.example.flag': false },
  actions: applicableActions('compute', 'suspended'),
  links: [interfaceLink],
};

export const contextOf = (mediaType: string): RenderContext => ({
  origin: 'http://host:3300',
  mediaType,
  requestId: 'request-1',
});
