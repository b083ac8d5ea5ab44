/** Networks and security groups that the provider publishes for all callers. Built from the settings, never stored. */
import type { Native } from '../../lib/adapter/contract.ts';
import type { ResourceTerm } from '../../lib/occi/kinds/index.ts';
import { MIXINS } from '../../lib/occi/mixins/index.ts';
import { typeId } from '../../lib/occi/types.ts';
import type { DummySettings } from './config.ts';
import { NEW_STATE } from './states.ts';

const network = (named: DummySettings['networks'][number]): Native<'network'> => ({
  kind: 'network',
  id: `n-${named.term}`,
  attributes: {
    'occi.core.title': named.title,
    'occi.network.state': NEW_STATE.network,
    'occi.network.label': named.term,
    ...(named.vlan !== undefined && { 'occi.network.vlan': named.vlan }),
    'occi.network.address': named.address,
    ...(named.gateway !== undefined && { 'occi.network.gateway': named.gateway }),
    'occi.network.allocation': 'dynamic',
  },
  mixins: [typeId(MIXINS.ipnetwork)],
  published: true,
});

const securityGroup = (named: DummySettings['securityGroups'][number]): Native<'securitygroup'> => ({
  kind: 'securitygroup',
  id: `g-${named.term}`,
  attributes: {
    'occi.core.title': named.title,
    'occi.securitygroup.state': NEW_STATE.securitygroup,
    'occi.securitygroup.rules': JSON.parse(JSON.stringify(named.rules)),
  },
  mixins: [],
  published: true,
});

/** The published entities by kind. Their ids are stable across restarts. */
export const publishedOf = (settings: DummySettings): Readonly<Record<ResourceTerm, readonly Native[]>> => ({
  compute: [],
  storage: [],
  network: settings.networks.map(network),
  securitygroup: settings.securityGroups.map(securityGroup),
  ipreservation: [],
});
